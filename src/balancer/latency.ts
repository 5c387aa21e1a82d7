import type { Algorithm, MeasuredPeer } from './algorithm.ts'
import { faded } from './ewma.ts'
import { lowestOf } from './lowest.ts'

/** Half the clock's step: of two that take no time to speak of, what is in flight decides. */
const LEAST = 0.5

/**
 * Gives a request to the peer that is expected to answer first: Kong's average of the time to an
 * answer, here times what is in flight there, so that the fastest is not buried.
 */
export const latency: Algorithm = () => (ready) => (info) => {
  const { now } = info
  const unknown = ready.some(({ ewma }) => ewma === undefined) ? averageOf(ready, now) : 0
  return lowestOf(ready, info, (peer) => {
    const took = expected(peer, now, unknown)
    return ((took + LEAST) * (peer.inFlight + 1)) / peer.effectiveWeight
  })
}

/**
 * How long a peer will take. Only the average of one that nobody waits for fades; of one that is
 * silent it is known that it takes as long as that, so a hanging peer is left before it times out.
 */
function expected(peer: MeasuredPeer, now: number, unknown: number): number {
  if (peer.waiting === 0) return faded(peer, now)
  return Math.max(peer.ewma ?? unknown, now - peer.waitingSince)
}

/**
 * Kong: a peer not measured yet is taken for an average one; here once a first request is out to
 * measure it.
 */
function averageOf(ready: readonly MeasuredPeer[], now: number): number {
  let sum = 0
  let count = 0
  for (const peer of ready) {
    if (peer.ewma === undefined) continue
    sum += expected(peer, now, 0)
    count++
  }
  return count === 0 ? 1 : sum / count
}
