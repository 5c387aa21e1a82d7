import type { Peer } from '../balancer/algorithm.ts'
import type { Balancer } from '../balancer/picking.ts'

/** A configuration change between two tries makes new peers of old addresses: those count as tried. */
export function pickUntried(
  balancer: Balancer,
  tried: ReadonlySet<Peer>,
  key: string | undefined,
): Peer | undefined {
  const ids = new Set(Array.from(tried, (peer) => peer.id))
  const excluded = new Set(tried)
  for (;;) {
    const peer = balancer.pick(excluded, { key })
    if (peer === undefined || !ids.has(peer.id)) return peer
    if (excluded.has(peer)) return undefined
    excluded.add(peer)
  }
}
