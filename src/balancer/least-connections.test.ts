import fc from 'fast-check'
import { expect, it } from 'vitest'
import { arranged, asking, peersOf, type SettablePeer } from '../../test/balancer/peers.ts'
import type { Peer } from './algorithm.ts'
import { leastConnections } from './least-connections.ts'

const MEASURED = { ewma: 10, sampledAt: 10_000 }

const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 10 })

it.each([
  { weights: [1, 1, 1], inFlight: [2, 1, 2], picked: 'b' },
  { weights: [100, 300], inFlight: [0, 1], picked: 'b' },
  { weights: [100, 300], inFlight: [0, 3], picked: 'a' },
  { weights: [5], inFlight: [1000], picked: 'a' },
])('picks $picked for weights $weights with $inFlight in flight', (row) => {
  const peers = peersOf(row.weights)
  for (const [i, peer] of peers.entries()) peer.inFlight = row.inFlight[i] ?? 0
  expect(arranged(leastConnections, peers)(asking())?.host).toBe(row.picked)
})

it('lets equals take turns', () => {
  const peers = peersOf([1, 1, 1, 1])
  const busy = peers[2]
  if (busy !== undefined) busy.inFlight = 1
  const pick = arranged(leastConnections, peers)
  const hosts = Array.from({ length: 6 }, (_, turn) => pick(asking({ turn }))?.host)
  expect(hosts.join('')).toBe('abdabd')
})

it.each<{ why: string; a: Partial<SettablePeer>; b: Partial<SettablePeer>; picked: string }>([
  { why: 'by numbers, not speed', a: { ewma: 30, inFlight: 1 }, b: { inFlight: 2 }, picked: 'a' },
  { why: 'the quick of equals', a: { ewma: 100 }, b: {}, picked: 'b' },
  { why: 'the quick for one more', a: { ewma: 100, inFlight: 1 }, b: { inFlight: 4 }, picked: 'b' },
  { why: 'the slow when it is idle', a: { ewma: 100 }, b: { inFlight: 3 }, picked: 'a' },
  { why: 'by weight', a: { ewma: 100, effectiveWeight: 400 }, b: {}, picked: 'a' },
  {
    why: 'the slow after a rest',
    a: { ewma: 100, sampledAt: -20_000 },
    b: { inFlight: 1 },
    picked: 'a',
  },
  {
    why: 'not the one that rested and is still waited for',
    a: { ewma: 100, sampledAt: -20_000, inFlight: 1, waiting: 1, waitingSince: 9999 },
    b: { inFlight: 2 },
    picked: 'b',
  },
  {
    why: 'not the silent',
    a: { inFlight: 1, waiting: 1, waitingSince: 9900 },
    b: { inFlight: 2 },
    picked: 'b',
  },
  {
    why: 'one nobody has measured',
    a: { inFlight: 1 },
    b: { ewma: undefined },
    picked: 'b',
  },
  {
    why: 'by numbers where the quickest has rested',
    a: { ewma: 12, inFlight: 1 },
    b: { sampledAt: -1e9, inFlight: 2 },
    picked: 'a',
  },
])('picks $why', ({ a, b, picked }) => {
  const peers = peersOf([100, 100]).map((peer, i) => ({
    ...peer,
    ...MEASURED,
    ...(i === 0 ? a : b),
  }))
  const pick = arranged(leastConnections, peers)
  const hosts = [0, 1].map((turn) => pick(asking({ now: 10_000, turn }))?.host)
  expect(hosts).toEqual([picked, picked])
})

it('is Kong’s choice wherever none is slow', () => {
  const figures = fc.record({
    ewma: fc.double({ min: 10, max: 30, noNaN: true }),
    inFlight: fc.nat(9),
  })
  fc.assert(
    fc.property(fc.array(figures, { minLength: 1, maxLength: 8 }), fc.nat(), (list, seed) => {
      const given = list.map((_, i) => 1 + ((seed >> i) % 5))
      const peers = peersOf(given).map((peer, i) => ({ ...peer, ...list[i] }))
      const loads = peers.map(({ inFlight, weight }) => (inFlight + 1) / weight)
      const picked = arranged(leastConnections, peers)(asking())
      expect(((picked?.inFlight ?? 0) + 1) / (picked?.weight ?? 0)).toBe(Math.min(...loads))
    }),
  )
})

it('holds requests in proportion to weights', () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 20 }), (list, rounds) => {
      const peers = peersOf(list)
      const pick = arranged(leastConnections, peers)
      const total = list.reduce((sum, weight) => sum + weight, 0)
      for (let turn = 0; turn < total * rounds; turn++) {
        const picked = pick(asking({ turn }))
        const peer = peers.find((one) => one === picked)
        if (peer !== undefined) peer.inFlight++
      }
      expect(peers.map(({ inFlight }) => inFlight)).toEqual(list.map((weight) => weight * rounds))
    }),
    { numRuns: 30 },
  )
})

it('never picks a tried peer while another is left', () => {
  fc.assert(
    fc.property(weights, fc.nat(), fc.nat(), (list, turn, seed) => {
      const peers = peersOf(list)
      for (const [i, peer] of peers.entries()) peer.inFlight = (seed >> i) % 3
      const pick = arranged(leastConnections, peers)
      const tried = new Set<Peer>()
      for (let i = 0; i < peers.length; i++) {
        const peer = pick(asking({ turn, tried }))
        expect(peer !== undefined && !tried.has(peer)).toBe(true)
        if (peer !== undefined) tried.add(peer)
      }
      expect(pick(asking({ turn, tried }))).toBeUndefined()
    }),
  )
})
