import { type LuaModule, several } from '../../pdk/lua-engine.ts'
import type { LuaScope } from './scope.ts'

/** `kong.client.tls`, where no client ever shows a certificate: nobody asks for one. */
export function kongTls(scope: LuaScope): LuaModule {
  return {
    members: {
      request_client_certificate: () => {
        scope.run('certificate')
        return several(undefined, 'no client is asked for a certificate here')
      },
      disable_session_reuse: () => {
        scope.run('certificate')
        return several(undefined, 'sessions of one connection cannot be disabled here')
      },
      get_full_client_certificate_chain: () => {
        scope.run('rewrite', 'access', 'header_filter', 'body_filter', 'log')
        return undefined
      },
    },
  }
}

/** `ngx.ssl`, as far as a handshake has it. */
export function ngxSsl(scope: LuaScope): LuaModule {
  return { members: { server_name: () => scope.run('certificate').handshake?.serverName } }
}
