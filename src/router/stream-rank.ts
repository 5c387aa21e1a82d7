import { given } from './conditions.ts'
import type { Endpoint, RouteRule } from './router.ts'

// What an end of a connection asks for, weighed: an address, a port, a range of addresses.
const IP = 8
const PORT = 4
const RANGE = 1

/**
 * Kong's priority of a stream route but in `traditional`: an SNI, or both ends, come first; then what
 * is asked of the source, then of the destination.
 */
export function streamPriority({ snis, sources, destinations }: RouteRule): number {
  const hasBothEnds = isGiven(sources) && isGiven(destinations)
  const top = isGiven(snis) || hasBothEnds ? 256 : 0
  return top + endWeight(sources) * 16 + endWeight(destinations)
}

function endWeight(endpoints: readonly Endpoint[] | null | undefined): number {
  let weight = 0
  for (const { ip, port } of endpoints ?? []) {
    if (ip !== undefined && ip !== null) weight |= ip.includes('/') ? RANGE : IP
    if (port !== undefined && port !== null) weight |= PORT
  }
  return weight
}

/**
 * In `traditional`: how many kinds of things a route asks for, then which (SNI, source, destination),
 * then whether an end is asked for by address and port.
 */
export function traditionalStreamRank({ snis, sources, destinations }: RouteRule): number {
  const kinds = [isGiven(snis), isGiven(sources), isGiven(destinations)]
  const count = kinds.filter((kind) => kind).length
  const bits = kinds.reduce((sum, kind) => sum * 2 + (kind ? 1 : 0), 0)
  return (count * 8 + bits) * 4 + (isWhole(sources) ? 2 : 0) + (isWhole(destinations) ? 1 : 0)
}

function isWhole(endpoints: readonly Endpoint[] | null | undefined): boolean {
  return (endpoints ?? []).some(
    ({ ip, port }) => typeof ip === 'string' && typeof port === 'number',
  )
}

function isGiven(list: readonly unknown[] | null | undefined): boolean {
  return given(list ?? null) !== undefined
}
