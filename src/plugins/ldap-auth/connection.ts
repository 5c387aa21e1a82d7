import {
  BIND_RESPONSE,
  bindRequest,
  EXTENDED_RESPONSE,
  LDAP_CODE,
  type LdapResult,
  startTlsRequest,
} from '../../lib/ldap-message.ts'
import { type ByteSocket, SocketError } from '../../ports/sockets.ts'
import type { UpstreamTls } from '../../ports/transport.ts'
import { conversationOver, type Patience } from './conversation.ts'

/** A connection to a directory. */
export interface LdapConnection {
  readonly open: boolean
  bind(name: string, password: Uint8Array): Promise<LdapResult>
  /** The same connection, in TLS. */
  startTls(tls: UpstreamTls): Promise<LdapConnection>
  hold(holds: boolean): void
  close(): void
}

/** Speaks LDAP over a socket. */
export function connectionOver(socket: ByteSocket, patience: Patience): LdapConnection {
  const { ask, isClean } = conversationOver(socket, patience)
  return {
    get open() {
      return socket.open && isClean()
    },
    bind: (name, password) => ask(BIND_RESPONSE, (id) => bindRequest(id, name, password)),
    async startTls(tls) {
      const { code } = await ask(EXTENDED_RESPONSE, startTlsRequest)
      // What came along with the answer was not said in TLS: nobody may take it for that.
      if (code !== LDAP_CODE.success || !isClean() || socket.startTls === undefined)
        throw new SocketError('EPROTO', `The directory does not begin TLS: ${code}`)
      socket.onClose(() => {})
      return connectionOver(await socket.startTls(tls, patience.timeout), patience)
    },
    hold: (holds) => socket.hold?.(holds),
    close: () => socket.close(),
  }
}
