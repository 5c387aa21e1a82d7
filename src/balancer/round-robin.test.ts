import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arranged, asking, peersOf } from '../../test/balancer/peers.ts'
import type { Peer } from './algorithm.ts'
import { roundRobin } from './round-robin.ts'

function turnsOf(weights: readonly number[], count: number, start = 0): (Peer | undefined)[] {
  const pick = arranged(roundRobin, peersOf(weights))
  return Array.from({ length: count }, (_, i) => pick(asking({ turn: start + i })))
}

function wheelSize(weights: readonly number[]): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  return weights.reduce((sum, w) => sum + w, 0) / weights.reduce(gcd)
}

it.each([
  { weights: [100, 100], turns: 'abab' },
  { weights: [7, 7, 7], turns: 'abcabc' },
  { weights: [300, 100], turns: 'aabaaaba' },
  { weights: [1, 2], turns: 'babbab' },
  { weights: [100], turns: 'aaa' },
])('goes $turns for weights $weights', ({ weights, turns }) => {
  const picked = turnsOf(weights, turns.length)
  expect(picked.map((peer) => peer?.host).join('')).toBe(turns)
})

const smallWeights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 })
const largeWeights = fc.array(fc.integer({ min: 30_000, max: 65_535 }), {
  minLength: 3,
  maxLength: 12,
})

describe('over a whole turn', () => {
  it('gives each peer exactly its weight, from any start', () => {
    fc.assert(
      fc.property(smallWeights, fc.nat(1e9), (weights, start) => {
        const size = wheelSize(weights)
        const counts = countOf(turnsOf(weights, size, start), weights.length)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        expect(counts).toEqual(weights.map((weight) => (weight * size) / total))
      }),
    )
  })

  it('does so when the wheel is too large to build', () => {
    const weights = [65_535, 65_521, 65_519, 3]
    expect(countOf(turnsOf(weights, wheelSize(weights)), 4)).toEqual(weights)
  })
})

it('is less than one request off at every moment (G11)', () => {
  fc.assert(
    fc.property(smallWeights, (weights) => {
      expect(worstDeviation(weights, wheelSize(weights))).toBeLessThan(1)
    }),
  )
})

it('is less than two requests off from any start, the wheel too large to build or not (G11)', () => {
  fc.assert(
    fc.property(largeWeights, fc.nat(1e9), (weights, start) => {
      expect(worstDeviation(weights, 3000, start)).toBeLessThan(2)
    }),
    { numRuns: 30 },
  )
})

it('goes on in the same order after a request that was tried before looked ahead', () => {
  const weights = [65_535, 65_521, 3]
  const peers = peersOf(weights)
  const pick = arranged(roundRobin, peers)
  const tried = new Set<Peer>(peers.slice(0, 2))
  const picked = Array.from({ length: 3000 }, (_, turn) => {
    if (turn % 100 === 0) expect(pick(asking({ turn, tried }))).toBe(peers[2])
    return pick(asking({ turn }))
  })
  expect(picked.map((peer) => peer?.host)).toEqual(turnsOf(weights, 3000).map((peer) => peer?.host))
})

it('never picks a tried peer, and finds the last that is not', () => {
  const weights = fc.oneof(smallWeights, largeWeights)
  fc.assert(
    fc.property(weights, fc.nat(1e6), fc.nat(), (list, turn, seed) => {
      const peers = peersOf(list)
      const pick = arranged(roundRobin, peers)
      const left = peers[seed % peers.length]
      const tried = new Set(peers.filter((peer) => peer !== left))
      expect(pick(asking({ turn, tried }))).toBe(left)
      expect(pick(asking({ turn, tried: new Set(peers) }))).toBeUndefined()
    }),
  )
})

it('has nobody to pick among none', () => {
  expect(arranged(roundRobin, [])(asking())).toBeUndefined()
})

function countOf(picked: readonly (Peer | undefined)[], size: number): number[] {
  const hosts = peersOf(new Array<number>(size).fill(1)).map((peer) => peer.host)
  const counts = new Map<string | undefined, number>()
  for (const peer of picked) counts.set(peer?.host, (counts.get(peer?.host) ?? 0) + 1)
  return hosts.map((host) => counts.get(host) ?? 0)
}

function worstDeviation(weights: readonly number[], steps: number, start = 0): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const given = new Map(peersOf(weights).map((peer) => [peer.host, 0]))
  let worst = 0
  for (const [i, peer] of turnsOf(weights, steps, start).entries()) {
    if (peer !== undefined) given.set(peer.host, (given.get(peer.host) ?? 0) + 1)
    let at = 0
    for (const count of given.values()) {
      const ideal = ((i + 1) * (weights[at++] ?? 0)) / total
      worst = Math.max(worst, Math.abs(count - ideal))
    }
  }
  return worst
}
