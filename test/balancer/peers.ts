import type { Algorithm, MeasuredPeer, Picker, PickInfo } from '../../src/balancer/algorithm.ts'

/** A peer whose figures a test may set. */
export type SettablePeer = { -readonly [K in keyof MeasuredPeer]: MeasuredPeer[K] }

/** Peers `a:80`, `b:80`, … of these weights, of which nothing was measured. */
export function peersOf(weights: readonly number[]): SettablePeer[] {
  return weights.map((weight, i) => {
    const host = String.fromCharCode(97 + (i % 26)) + (i < 26 ? '' : i)
    return {
      id: `${host}:80`,
      host,
      port: 80,
      weight,
      address: host,
      targetId: host,
      effectiveWeight: weight,
      inFlight: 0,
      waiting: 0,
      waitingSince: 0,
      ewma: undefined,
      sampledAt: 0,
    }
  })
}

/** What a pick is asked, with nothing special about it. */
export function asking(given: Partial<PickInfo> = {}): PickInfo {
  return { turn: 0, tried: new Set(), key: undefined, now: 0, ...given }
}

/** The algorithm's picker for these members, of which all or some are available. */
export function arranged(
  algorithm: Algorithm,
  weighted: readonly MeasuredPeer[],
  { ready = weighted, slots = 10_000, targetCount = weighted.length } = {},
): Picker {
  return algorithm({ weighted, slots, targetCount })(ready)
}
