import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LATENCY_BOUNDS, measure, noTraffic, percentile } from './traffic.ts'

function measured(latencies: readonly number[]) {
  const traffic = noTraffic()
  for (const took of latencies) measure(traffic, { took, failed: false, answered: true }, 0)
  return traffic
}

it('makes no histogram before the first answer', () => {
  const traffic = noTraffic()
  measure(traffic, { took: 5, failed: true, answered: false }, 0)
  expect(traffic).toMatchObject({ failures: 1, buckets: undefined })
  expect(percentile(traffic, 0.5)).toBeUndefined()
})

it('counts an answer in the first bucket it fits in, whose bound it may reach', () => {
  const { buckets } = measured([0, 1, 2, 100, 101, 60_000, 60_001])
  const counts = new Map(LATENCY_BOUNDS.map((bound, i) => [bound, buckets?.[i]]))
  expect([1, 2, 100, 200, 60_000].map((bound) => counts.get(bound))).toEqual([2, 1, 1, 1, 1])
  expect(buckets?.at(-1)).toBe(1)
})

it('tells percentiles to within their bucket', () => {
  const latency = fc.integer({ min: 0, max: 60_000 })
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.9, 0.99),
      (latencies, share) => {
        const sorted = [...latencies].sort((a, b) => a - b)
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0
        const bucket = LATENCY_BOUNDS.findIndex((bound) => exact <= bound)
        const told = percentile(measured(latencies), share) ?? Number.NaN
        expect(told).toBeGreaterThanOrEqual(LATENCY_BOUNDS[bucket - 1] ?? 0)
        expect(told).toBeLessThanOrEqual(LATENCY_BOUNDS[bucket] ?? Number.NaN)
      },
    ),
  )
})
