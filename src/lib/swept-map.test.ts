import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSweptMap } from './swept-map.ts'

it('is never larger than its limit, and always knows what was added last', () => {
  const additions = fc.array(fc.record({ key: fc.integer({ min: 0, max: 30 }), life: fc.nat(9) }))
  fc.assert(
    fc.property(additions, fc.integer({ min: 1, max: 8 }), (all, limit) => {
      const map = createSweptMap(limit)
      for (const [now, { key, life }] of all.entries()) {
        const value = { until: now + life }
        map.add(`${key}`, value, now)
        expect(map.get(`${key}`)).toBe(value)
        expect(map.size).toBeLessThanOrEqual(limit)
      }
    }),
  )
})

it('forgets what has expired while new ones come, and nothing else', () => {
  const map = createSweptMap(1000)
  for (let i = 0; i < 100; i++) map.add(`old ${i}`, { until: 10 }, 0)
  for (let i = 0; i < 100; i++) map.add(`new ${i}`, { until: 1000 }, 10)
  expect(map.size).toBe(100)
  expect(map.get('old 50')).toBeUndefined()
  expect(map.get('new 50')).toBeDefined()
})
