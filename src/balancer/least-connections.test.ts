import fc from 'fast-check'
import { expect, it } from 'vitest'
import { arranged, asking, peersOf } from '../../test/balancer/peers.ts'
import type { Peer } from './algorithm.ts'
import { leastConnections } from './least-connections.ts'

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
