import { fromByteString } from '../../lib/byte-string.ts'
import { changeLogRecord } from '../../pdk/log-values.ts'
import { LuaFault, type LuaModule, type LuaValue, several } from '../../pdk/lua-engine.ts'
import { isObject } from '../../schema/field.ts'
import { BEFORE_LOG, WITH_CERTIFICATE } from './phases.ts'
import type { LuaScope } from './scope.ts'

/** `kong.client.tls`. */
export function kongTls(scope: LuaScope): LuaModule {
  return {
    members: {
      request_client_certificate: () => {
        scope.run('certificate').handshake?.requestCertificate()
        return true
      },
      disable_session_reuse: () => {
        scope.run('certificate')
        return several(undefined, 'sessions of one connection cannot be disabled here')
      },
      get_full_client_certificate_chain: () => {
        const { tls } = scope.run(...WITH_CERTIFICATE).exchange.client
        return tls === undefined ? several(undefined, UNENCRYPTED) : tls.certificate?.chain
      },
      set_client_verify: (value) => {
        const { exchange } = scope.run(...BEFORE_LOG)
        const client_verify = verifyIn(value)
        changeLogRecord(exchange, (record) => {
          const { request } = record
          if (!isObject(request) || !isObject(request.tls)) return record
          return { ...record, request: { ...request, tls: { ...request.tls, client_verify } } }
        })
        return undefined
      },
    },
  }
}

const UNENCRYPTED = 'connection is not TLS or TLS support for Nginx not enabled'

/** What Kong takes for the result of a verification. */
function verifyIn(value: LuaValue): string {
  if (typeof value !== 'string') throw new LuaFault('assertion failed!')
  if (value !== 'SUCCESS' && value !== 'NONE' && !value.startsWith('FAILED:')) {
    const accepted = '"SUCCESS", "NONE" or "FAILED:<reason>"'
    throw new LuaFault(`unknown client verify value: ${value} accepted values are: ${accepted}`)
  }
  return fromByteString(value)
}

/** `ngx.ssl`, as far as a handshake has it. */
export function ngxSsl(scope: LuaScope): LuaModule {
  return { members: { server_name: () => scope.run('certificate').handshake?.serverName } }
}
