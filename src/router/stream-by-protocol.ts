import type { RouterFlavor } from '../lib/router-flavor.ts'
import { given } from './conditions.ts'
import type { RouteRule } from './router.ts'
import { type Connection, matchStream, type StreamRouter } from './stream.ts'

/**
 * Which routes a connection may take. Kong asks no protocol of classic fields, so there a route of
 * `tls` by its SNI would also take every datagram; TLS that is ended here may go on as plain TCP.
 */
const TAKEN: Readonly<Record<Connection['protocol'], (route: RouteRule) => boolean>> = {
  // Kong: plain TCP takes routes of `tls`, too; of ours those that ask for no name it does not say.
  tcp: (route) => isOf(route, 'tcp') || (isOf(route, 'tls') && !asksForName(route)),
  tls: (route) => isOf(route, 'tls', 'tls_passthrough', 'tcp'),
  udp: (route) => isOf(route, 'udp'),
}

/** Compiles the stream routes among `routes`, for each protocol those that are of it. */
export function createStreamRouter<R extends RouteRule>(
  routes: readonly R[],
  flavor: RouterFlavor,
): StreamRouter<R> {
  const routerOf = (protocol: Connection['protocol']) =>
    matchStream(routes.filter(TAKEN[protocol]), flavor)
  const byProtocol = { tcp: routerOf('tcp'), tls: routerOf('tls'), udp: routerOf('udp') }
  return (connection) => byProtocol[connection.protocol](connection)
}

function isOf({ protocols }: RouteRule, ...wanted: readonly string[]): boolean {
  return protocols.some((protocol) => wanted.includes(protocol))
}

/** An expression that does is false where there is none. */
function asksForName({ snis }: RouteRule): boolean {
  return given(snis) !== undefined
}
