import { expect, it } from 'vitest'
import { arrivalsOf } from './arrivals.ts'
import { createDice } from './dice.ts'
import type { OpenLoad } from './scenario.ts'

const dice = createDice(1, 'arrivals')

it('spaces even arrivals by the rate of their step', () => {
  const load: OpenLoad = {
    kind: 'open',
    arrivals: 'even',
    steps: [
      { from: 0, perSecond: 2 },
      { from: 1_000, perSecond: 0 },
      { from: 3_000, perSecond: 4 },
    ],
  }
  const next = arrivalsOf(load, dice)
  expect(Array.from({ length: 6 }, next)).toEqual([500, 1_000, 3_250, 3_500, 3_750, 4_000])
})

it('ends where nothing comes any more', () => {
  const load: OpenLoad = {
    kind: 'open',
    arrivals: 'even',
    steps: [
      { from: 0, perSecond: 1 },
      { from: 1_000, perSecond: 0 },
    ],
  }
  const next = arrivalsOf(load, dice)
  expect(Array.from({ length: 3 }, next)).toEqual([1_000, Infinity, Infinity])
})

it('has as many arrivals by chance as asked for, as uneven as chance is', () => {
  const steps = [{ from: 0, perSecond: 1_000 }]
  const next = arrivalsOf({ kind: 'open', arrivals: 'poisson', steps }, dice)
  const times = Array.from({ length: 20_000 }, next)
  const gaps = times.map((at, i) => at - (times[i - 1] ?? 0))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
  expect(mean).toBeCloseTo(1, 1)
  expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1)
})
