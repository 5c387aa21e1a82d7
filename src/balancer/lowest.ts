import type { MeasuredPeer, PickInfo } from './algorithm.ts'

/** What a peer's next request costs; the lowest gets it. */
export type Score = (peer: MeasuredPeer, now: number) => number

/** The peer of the lowest score that was not tried; equals take turns. */
export function lowestOf(
  ready: readonly MeasuredPeer[],
  { turn, tried, now }: PickInfo,
  score: Score,
): MeasuredPeer | undefined {
  let lowest = Number.POSITIVE_INFINITY
  let found: MeasuredPeer | undefined
  let equals = 0
  for (const peer of ready) {
    if (tried.size > 0 && tried.has(peer)) continue
    const own = score(peer, now)
    if (own < lowest || found === undefined) {
      lowest = own
      found = peer
      equals = 1
    } else if (own === lowest) equals++
  }
  if (equals < 2) return found

  let skip = turn % equals
  for (const peer of ready) {
    if (tried.has(peer) || score(peer, now) !== lowest) continue
    if (skip-- === 0) return peer
  }
  return found
}
