import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createByteLru } from './byte-lru.ts'

const LIMIT = 10

/** The same, said as plainly as can be: the last one is the newest. */
function model() {
  let all: { key: string; bytes: number }[] = []
  const without = (key: string) => all.filter((one) => one.key !== key)
  return {
    keys: () => all.map(({ key }) => key).sort(),
    get(key: string) {
      const found = all.find((one) => one.key === key)
      if (found !== undefined) all = [...without(key), found]
      return found?.bytes
    },
    set(key: string, bytes: number) {
      all = without(key)
      if (bytes > LIMIT) return
      all.push({ key, bytes })
      while (all.reduce((sum, one) => sum + one.bytes, 0) > LIMIT) all.shift()
    },
    delete(key: string) {
      all = without(key)
    },
  }
}

it('is what a plain list would be, and knows its size', () => {
  const step = fc.record({
    act: fc.constantFrom('get', 'set', 'set', 'delete'),
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
    bytes: fc.integer({ min: 1, max: LIMIT + 2 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const kept = new Set<string>()
      const lru = createByteLru<number>(LIMIT, (_, key) => kept.delete(key))
      const plain = model()
      for (const { act, key, bytes } of steps) {
        if (act === 'get') expect(lru.get(key)).toBe(plain.get(key))
        if (act === 'delete') {
          lru.delete(key)
          plain.delete(key)
        }
        if (act === 'set') {
          lru.set(key, bytes, bytes)
          if (bytes <= LIMIT) kept.add(key)
          plain.set(key, bytes)
        }
        expect(Array.from(kept).sort()).toEqual(plain.keys())
        expect(lru.size).toBe(kept.size)
        expect(lru.bytes).toBeLessThanOrEqual(LIMIT)
      }
      lru.clear()
      expect([lru.size, lru.bytes, kept.size]).toEqual([0, 0, 0])
    }),
  )
})
