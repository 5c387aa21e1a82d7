import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHistogram } from './histogram.ts'

it('tells every percentile to a seventh of a percent, and the longest exactly', () => {
  const times = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const histogram = createHistogram()
      for (const value of values) histogram.add(value)
      const sorted = values.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
      const told = histogram.percentile(share) ?? 0
      expect(Math.abs(told - exact) / exact).toBeLessThan(0.0015)
      expect(histogram.max).toBe(sorted.at(-1))
      expect(histogram.count).toBe(values.length)
    }),
  )
})

it('knows nothing when nothing was added', () => {
  const { count, mean, percentile } = createHistogram()
  expect([count, mean, percentile(0.5)]).toEqual([0, 0, undefined])
})
