import type { Socket } from 'node:net'
import type { Failure, Incoming, Outgoing } from '../../src/ports/transport.ts'
import { poolKey } from './transport-connect.ts'
import { Connection, type ConnectionShare } from './transport-connection.ts'
import { authorityOf, openTunnel, type Proxied, proofFor } from './transport-proxy.ts'
import { refusal, refusalOf } from './transport-refusal.ts'
import { encodeRequestHead } from './transport-request.ts'

/** Sends a request by its proxy: https in a tunnel, http for the proxy to send on. */
export function sendByProxy(
  share: ConnectionShare,
  proxied: Proxied,
  resolve: (result: Incoming | Failure) => void,
): void {
  const { outgoing } = proxied
  const secure = outgoing.scheme === 'https'
  const sent = secure ? outgoing : sentOn(proxied)
  const head = outgoing.http2 === true ? undefined : encodeRequestHead(sent)
  if (head === undefined) {
    resolve(refusal('BAD_REQUEST'))
    return
  }
  // Of the place it goes to in the end: what stands for one is no other's.
  const key = poolKey(outgoing)
  const open = (tunnel?: Socket): void => {
    try {
      new Connection(share, { key, outgoing: sent, tunnel }).run(sent, head, resolve)
    } catch (error) {
      tunnel?.destroy()
      resolve(refusalOf(error, outgoing))
    }
  }
  const pooled = outgoing.fresh ? undefined : share.pool.take(key)
  if (pooled !== undefined) pooled.run(sent, head, resolve)
  else if (secure) openTunnel(share.wheel, proxied, { opened: open, failed: resolve })
  else open()
}

/** RFC 9112 §3.2.2: a proxy is told the whole URL. */
function sentOn({ outgoing, proxy }: Proxied): Outgoing {
  const { host, port } = proxy
  const target = `http://${authorityOf(outgoing, 80)}${outgoing.target}`
  return { ...outgoing, host, port, target, headers: [...outgoing.headers, ...proofFor(proxy)] }
}
