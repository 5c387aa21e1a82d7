import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endOf, PERIODS, startOf } from './calendar.ts'

it.each([
  { period: 'second', from: '2026-03-31T23:59:59.000Z', to: '2026-04-01T00:00:00.000Z' },
  { period: 'minute', from: '2026-03-31T23:59:00.000Z', to: '2026-04-01T00:00:00.000Z' },
  { period: 'hour', from: '2026-03-31T23:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
  { period: 'day', from: '2026-03-31T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
  { period: 'month', from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
  { period: 'year', from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
] as const)('knows the $period of a time', ({ period, from, to }) => {
  const start = startOf(period, Date.parse('2026-03-31T23:59:59.999Z'))
  expect(new Date(start).toISOString()).toBe(from)
  expect(new Date(endOf(period, start)).toISOString()).toBe(to)
})

it('ends a leap February on its 29th', () => {
  const start = startOf('month', Date.parse('2028-02-29T23:59:59Z'))
  expect(new Date(endOf('month', start)).toISOString()).toBe('2028-03-01T00:00:00.000Z')
})

describe.each(PERIODS)('every %s', (period) => {
  it('holds its time, and the next one begins where it ends', () => {
    const times = fc.integer({ min: 0, max: Date.UTC(2200, 0) })
    fc.assert(
      fc.property(times, (time) => {
        const start = startOf(period, time)
        const end = endOf(period, start)
        expect(start <= time && time < end).toBe(true)
        expect(startOf(period, start)).toBe(start)
        expect(startOf(period, end - 1)).toBe(start)
        expect(startOf(period, end)).toBe(end)
      }),
    )
  })
})
