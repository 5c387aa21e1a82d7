import type { RouterFlavor } from '../lib/router-flavor.ts'
import type { RouteRule } from './router.ts'
import { type Connection, matchStream, type StreamRouter } from './stream.ts'

/**
 * Which routes a connection may take. Kong asks no protocol of classic fields, so there a route of
 * `tls` by its SNI would also take every datagram; TLS that is ended here may go on as plain TCP.
 */
const TAKEN: Readonly<Record<Connection['protocol'], readonly string[]>> = {
  tcp: ['tcp'],
  tls: ['tls', 'tls_passthrough', 'tcp'],
  udp: ['udp'],
}

/** Compiles the stream routes among `routes`, for each protocol those that are of it. */
export function createStreamRouter<R extends RouteRule>(
  routes: readonly R[],
  flavor: RouterFlavor,
): StreamRouter<R> {
  const routerOf = (taken: readonly string[]): StreamRouter<R> => {
    const own = routes.filter(({ protocols }) => protocols.some((name) => taken.includes(name)))
    return matchStream(own, flavor)
  }
  const tcp = routerOf(TAKEN.tcp)
  const tls = routerOf(TAKEN.tls)
  const udp = routerOf(TAKEN.udp)
  const byProtocol = { tcp, tls, udp }
  return (connection) => byProtocol[connection.protocol](connection)
}
