import { describe, expect, it } from 'vitest'
import type { AlgorithmFigures } from '../../src/lab/figures.ts'
import { playOne, targetOf } from '../lab/play.ts'

/** Targets of this capacity answer 99 requests a second each, one that is slow so much fewer. */
const CAPACITY = 99
const LATENCY = { p50: '35ms', p99: '120ms' }

function oneOfTenSlow(slower: number, load: number): object {
  return {
    duration: '30s',
    load: { requests_per_second: Math.round(CAPACITY * (9 + 1 / slower) * load) },
    timeouts: { read: '5s' },
    targets: [
      { name: 'quick', count: 9, latency: LATENCY, concurrency: 4 },
      {
        name: 'slow',
        latency: { p50: `${35 * slower}ms`, p99: `${120 * slower}ms` },
        concurrency: 4,
      },
    ],
  }
}

function p99(figures: AlgorithmFigures): number {
  return figures.whole.latency?.p99 ?? Number.POSITIVE_INFINITY
}

describe('one slow target of ten', () => {
  it.each([
    { slower: 10, load: 0.7 },
    { slower: 2, load: 0.7 },
    { slower: 5, load: 0.7 },
    { slower: 20, load: 0.7 },
    { slower: 10, load: 0.3 },
    { slower: 5, load: 0.3 },
    { slower: 10, load: 0.9 },
    { slower: 5, load: 0.9 },
  ])(
    '$slower times, at $load of what they can do: least-connections is near latency',
    async (row) => {
      const document = oneOfTenSlow(row.slower, row.load)
      const best = p99(await playOne(document, 'latency'))
      expect(p99(await playOne(document, 'least-connections'))).toBeLessThanOrEqual(1.25 * best)
    },
  )

  it('is where turns collapse', async () => {
    const document = oneOfTenSlow(10, 0.7)
    const turns = p99(await playOne(document, 'round-robin'))
    expect(turns).toBeGreaterThan(10 * p99(await playOne(document, 'least-connections')))
  })
})

describe('a target that was slow', () => {
  const targets = (failures: object[]) => [
    { name: 'steady', count: 9, latency: LATENCY, concurrency: 4 },
    { name: 'recovers', latency: LATENCY, concurrency: 4, failures },
  ]
  const recovery = (load: object) => ({
    duration: '90s',
    load,
    phases: [
      { name: 'slow', from: '0s' },
      { name: 'recovering', from: '30s' },
      { name: 'well', from: '60s' },
    ],
    targets: targets([{ from: '0s', to: '30s', does: 'slow', factor: 10 }]),
  })

  it.each([
    ['least-connections', { requests_per_second: 640 }],
    ['least-connections', { requests_per_second: 100 }],
    ['least-connections', { requests_per_second: 5 }],
    ['latency', { requests_per_second: 640 }],
  ])('gets its share again by %s at %o', async (algorithm, load) => {
    const figures = await playOne(recovery(load), algorithm)
    const share = (phase: string) => {
      const found = figures.phases.find(({ name }) => name === phase)
      const target = found?.targets.find(({ name }) => name === 'recovers')
      return (target?.tries ?? 0) / (found?.requests ?? 1)
    }
    expect(share('slow')).toBeLessThan(0.06)
    expect(share('well')).toBeGreaterThan(0.06)
  })

  it('is asked now and then while it is slow, so that it is noticed', async () => {
    const document = {
      duration: '120s',
      load: { requests_per_second: 20 },
      targets: targets([{ from: '0s', to: '121s', does: 'slow', factor: 10 }]),
    }
    expect(
      targetOf(await playOne(document, 'least-connections'), 'recovers').tries,
    ).toBeGreaterThan(5)
  })
})
