import type { Algorithm, MeasuredPeer, Peer, Picker } from './algorithm.ts'
import { buildRing, NOBODY, pointOf, type Ring } from './ring.ts'

/**
 * Gives equal keys to the same peer. The ring is made of all peers with weight and stays while only
 * health changes: a peer that is away leaves its keys to its neighbours below, and finds them again.
 */
export const consistentHashing: Algorithm = ({ weighted, slots, targetCount }) => {
  let ring: Ring | undefined
  return (ready) => {
    ring ??= buildRing(weighted, { slots, targetCount })
    return picker(ring, ready)
  }
}

function picker({ points, peers }: Ring, ready: readonly MeasuredPeer[]): Picker {
  const known = new Map<Peer, MeasuredPeer>(ready.map((peer) => [peer, peer]))
  const available = peers.map((peer) => known.get(peer))
  const owners = ownersOf(points, available)
  const size = points.length

  return ({ key = '', tried }) => {
    const point = pointOf(key, size)
    const owner = available[owners[point] ?? NOBODY]
    if (owner === undefined || tried.size === 0 || !tried.has(owner)) return owner

    for (let step = 1; step < size; step++) {
      const peer = available[points[(point - step + size) % size] ?? NOBODY]
      if (peer !== undefined && !tried.has(peer)) return peer
    }
    return ready.find((peer) => !tried.has(peer))
  }
}

/** Kong looks downwards from a key's point for the next live peer: here that is done beforehand. */
function ownersOf(
  points: Uint16Array,
  available: readonly (MeasuredPeer | undefined)[],
): Uint16Array {
  const owners = new Uint16Array(points.length)
  const live = (place: number) => available[place] !== undefined
  let owner = points.findLast(live) ?? NOBODY
  for (let point = 0; point < points.length; point++) {
    const place = points[point] ?? NOBODY
    if (live(place)) owner = place
    owners[point] = owner
  }
  return owners
}
