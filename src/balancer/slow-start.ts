import type { TrackedPeer } from './tracked-peer.ts'

const STEPS = 10

/**
 * Gives each peer the weight it can bear now: one that came back less than `period` ms ago begins
 * with a tenth of its own. Weights are counted in tenths, so that they stay whole. Gives the moment
 * of the next change.
 */
export function warmUp(peers: readonly TrackedPeer[], period: number, now: number): number {
  let changeAt = Number.POSITIVE_INFINITY
  for (const peer of peers) {
    const { recoveredAt, weight } = peer
    const since = recoveredAt === undefined ? period : Math.max(0, now - recoveredAt)
    const step = Math.floor((since * STEPS) / period)
    const tenths = Math.min(STEPS, 1 + step)
    peer.effectiveWeight = weight * tenths
    if (tenths === STEPS) peer.recoveredAt = undefined
    else changeAt = Math.min(changeAt, now - since + ((step + 1) * period) / STEPS)
  }
  return changeAt
}
