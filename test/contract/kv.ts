import { afterEach, describe, expect, it } from 'vitest'
import type { KV } from '../../src/ports/kv.ts'

/** A place that outlives the KV opened on it. */
export interface KVPlace {
  open(now: () => number): Promise<KV>
  clear?(): Promise<void>
}

/** What every KV promises. `place` makes a new, empty one. */
export function describeKV(name: string, place: () => Promise<KVPlace>): void {
  describe(`${name} as a KV`, () => {
    const undo: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const step of undo.splice(0).reverse()) await step()
    })
    const open = async () => {
      const clock = { now: 1_000 }
      const made = await place()
      undo.push(async () => made.clear?.())
      const kv = await made.open(() => clock.now)
      undo.push(() => kv.close())
      return { kv, clock }
    }

    it('gives back what was set last, and nothing for a key never set or deleted', async () => {
      const { kv } = await open()
      await kv.set('a', '1')
      await kv.set('a', '2')
      await kv.set('b', '')
      expect(await kv.get('a')).toBe('2')
      expect(await kv.get('b')).toBe('')
      expect(await kv.get('__proto__')).toBeUndefined()
      await kv.delete('a')
      await kv.delete('never')
      expect(await kv.get('a')).toBeUndefined()
    })

    it('forgets a key when its time is over, and not before', async () => {
      const { kv, clock } = await open()
      await kv.set('a', '1', { ttl: 100 })
      clock.now += 99
      expect(await kv.get('a')).toBe('1')
      clock.now += 1
      expect(await kv.get('a')).toBeUndefined()
      expect(await kv.list('')).toEqual([])
    })

    it('keeps a key for ever once it is set without an end', async () => {
      const { kv, clock } = await open()
      await kv.set('a', '1', { ttl: 100 })
      await kv.set('a', '2')
      clock.now += 1_000
      expect(await kv.get('a')).toBe('2')
    })

    it('lists by key what starts with a prefix', async () => {
      const { kv } = await open()
      for (const key of ['p:b', 'q:a', 'p:a', 'p', 'p:é']) await kv.set(key, key)
      expect(await kv.list('p:')).toEqual(['p:a', 'p:b', 'p:é'].map((key) => [key, key]))
      expect((await kv.list('')).map(([key]) => key)).toEqual(['p', 'p:a', 'p:b', 'p:é', 'q:a'])
    })

    it('adds to numbers, from 0, below 0 and to text that is one', async () => {
      const { kv } = await open()
      expect(await kv.increment('a')).toBe(1)
      expect(await kv.increment('a', 4)).toBe(5)
      expect(await kv.increment('a', -7)).toBe(-2)
      await kv.set('b', '40')
      expect(await kv.increment('b', 2)).toBe(42)
      expect(await kv.get('b')).toBe('42')
    })

    it('refuses to add to what is no number', async () => {
      const { kv } = await open()
      await kv.set('a', 'x')
      await expect(kv.increment('a')).rejects.toThrow()
      expect(await kv.get('a')).toBe('x')
    })

    it('counts the end of a counter from its first addition', async () => {
      const { kv, clock } = await open()
      await kv.increment('a', 1, { ttl: 100 })
      clock.now += 60
      expect(await kv.increment('a', 1, { ttl: 100 })).toBe(2)
      clock.now += 40
      expect(await kv.increment('a', 1, { ttl: 100 })).toBe(1)
    })

    it('loses no addition of many at once', async (test) => {
      const { kv } = await open()
      test.skip(!kv.traits.atomic, 'the KV does not promise atomic additions')
      const sums = await Promise.all(Array.from({ length: 50 }, () => kv.increment('a')))
      expect(sums.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    })
  })
}
