import type { Algorithm, MeasuredPeer } from './algorithm.ts'
import { faded } from './ewma.ts'
import { lowestOf } from './lowest.ts'

/** Who takes more than so many times as long as the quickest is slow, and its requests count so often. */
const SLOW = 3

/** The clock's step: a difference below it is none. */
const STEP = 1

/**
 * Kong: gives a request to the peer with the fewest in flight for its weight, this one counted. Here
 * those of a slow peer count more than once: by numbers alone it is kept as full as the others, and
 * where one of ten is slow its answers are then more than one of a hundred.
 */
export const leastConnections: Algorithm = () => (ready) => (info) => {
  const limit = SLOW * (quickest(ready) + STEP)
  return lowestOf(ready, info, (peer, now) => {
    const load = (peer.inFlight + 1) / peer.effectiveWeight
    return isSlow(peer, now, limit) ? load * SLOW : load
  })
}

/** By the averages as they are: that one faded tells of its own rest, and nothing of the others. */
function quickest(ready: readonly MeasuredPeer[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const { ewma } of ready) if (ewma !== undefined && ewma < least) least = ewma
  return least
}

/** Kong lets an average fade, so that a slow peer is asked again; of a silent one it is known what it takes. */
function isSlow(peer: MeasuredPeer, now: number, limit: number): boolean {
  const { ewma = 0, waiting, waitingSince } = peer
  if (waiting > 0) return ewma > limit || now - waitingSince > limit
  return ewma > limit && faded(peer, now) > limit
}
