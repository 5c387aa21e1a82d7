import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arranged, asking, peersOf, type SettablePeer } from '../../test/balancer/peers.ts'
import { faded, failureSample, withSample } from './ewma.ts'
import { latency } from './latency.ts'

const latencies = fc.double({ min: 0, max: 60_000, noNaN: true })
const pause = fc.double({ min: 0, max: 100_000, noNaN: true })

describe('the average', () => {
  it('starts at the first sample, and takes a higher one whole', () => {
    expect(withSample({ ewma: undefined, sampledAt: 0 }, 50, 9)).toBe(50)
    expect(withSample({ ewma: 50, sampledAt: 9 }, 500, 9)).toBe(500)
  })

  it('goes down to a third of the way in ten seconds', () => {
    expect(withSample({ ewma: 100, sampledAt: 0 }, 0, 10_000)).toBeCloseTo(100 / Math.E, 6)
    expect(faded({ ewma: 100, sampledAt: 0 }, 10_000)).toBeCloseTo(100 / Math.E, 6)
    expect(faded({ ewma: 100, sampledAt: 5 }, 1)).toBe(100)
  })

  it('is never below the sample, nor above what was there', () => {
    fc.assert(
      fc.property(latencies, latencies, pause, (ewma, took, later) => {
        const next = withSample({ ewma, sampledAt: 0 }, took, later)
        expect(next).toBeGreaterThanOrEqual(took - 1e-6)
        expect(next).toBeLessThanOrEqual(Math.max(ewma, took) + 1e-6)
      }),
    )
  })

  it('counts a failure as high, however fast it came', () => {
    expect(failureSample({ ewma: 20, sampledAt: 0 }, 1)).toBe(80)
    expect(failureSample({ ewma: undefined, sampledAt: 0 }, 1)).toBe(4)
    expect(failureSample({ ewma: 9000, sampledAt: 0 }, 1)).toBe(10_000)
    expect(failureSample({ ewma: 5, sampledAt: 0 }, 60_000)).toBe(60_000)
  })
})

it.each<{ why: string; a: Partial<SettablePeer>; b: Partial<SettablePeer>; picked: string }>([
  { why: 'the faster', a: { ewma: 10 }, b: { ewma: 20 }, picked: 'a' },
  {
    why: 'not the faster when too much is in flight there',
    a: { ewma: 10, inFlight: 2, waiting: 2, waitingSince: 10_000 },
    b: { ewma: 20 },
    picked: 'b',
  },
  {
    why: 'the heavier of equals',
    a: { ewma: 10 },
    b: { ewma: 10, effectiveWeight: 200 },
    picked: 'b',
  },
  {
    why: 'one that was slow long ago',
    a: { ewma: 10, sampledAt: 10_000 },
    b: { ewma: 20, sampledAt: 1000 },
    picked: 'b',
  },
  {
    why: 'not one that is still being waited for',
    a: { ewma: 10, sampledAt: 10_000 },
    b: { ewma: 20, sampledAt: 1000, inFlight: 1, waiting: 1, waitingSince: 9990 },
    picked: 'a',
  },
  {
    why: 'not one that has been silent',
    a: { ewma: 100, sampledAt: 10_000 },
    b: { ewma: 10, sampledAt: 9000, inFlight: 1, waiting: 1, waitingSince: 9500 },
    picked: 'a',
  },
  { why: 'one nobody has measured', a: { ewma: 10, sampledAt: 10_000 }, b: {}, picked: 'b' },
  {
    why: 'not a second time before it has answered',
    a: { ewma: 10, sampledAt: 10_000 },
    b: { inFlight: 1, waiting: 1, waitingSince: 10_000 },
    picked: 'a',
  },
])('picks $why', ({ a, b, picked }) => {
  const peers = peersOf([100, 100]).map((peer, i) => ({ ...peer, ...(i === 0 ? a : b) }))
  expect(arranged(latency, peers)(asking({ now: 10_000 }))?.host).toBe(picked)
})

it('visits every peer once in retries', () => {
  const figures = fc.record({ ewma: fc.option(latencies, { nil: undefined }), inFlight: fc.nat(9) })
  fc.assert(
    fc.property(fc.array(figures, { minLength: 1, maxLength: 8 }), fc.nat(), (list, turn) => {
      const weights = list.map(() => 100)
      const peers = peersOf(weights).map((peer, i) => ({ ...peer, ...list[i] }))
      const pick = arranged(latency, peers)
      const tried = new Set(peers.slice(0, 0))
      for (let i = 0; i < peers.length; i++) {
        const picked = pick(asking({ turn, tried, now: 1e6 }))
        const peer = peers.find((one) => one === picked)
        expect(peer !== undefined && !tried.has(peer)).toBe(true)
        if (peer !== undefined) tried.add(peer)
      }
      expect(pick(asking({ turn, tried }))).toBeUndefined()
    }),
  )
})
