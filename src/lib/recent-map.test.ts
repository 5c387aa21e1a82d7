import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRecentMap } from './recent-map.ts'

it('forgets what was not asked for longest', () => {
  const map = createRecentMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  expect(map.get('a')).toBe(1)
  map.set('c', 3)
  expect(map.get('b')).toBeUndefined()
  expect(map.get('a')).toBe(1)
  map.set('a', 4)
  expect(map.get('a')).toBe(4)
  map.delete('a')
  expect(map.get('a')).toBeUndefined()
})

it('never holds more than it may, and always what came last', () => {
  const steps = fc.array(fc.nat({ max: 9 }))
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), (keys, most) => {
      const map = createRecentMap<number, number>(most)
      for (const key of keys) map.set(key, key)
      const expected = [...new Set([...keys].reverse())].slice(0, most)
      expect(map.size).toBe(expected.length)
      for (const key of expected) expect(map.get(key)).toBe(key)
    }),
  )
})
