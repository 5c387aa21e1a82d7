import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Batch, Json, Store } from '../../src/ports/store.ts'

/** A place that outlives the store opened on it. */
export interface StorePlace {
  open(): Promise<Store>
  clear?(): Promise<void>
}

/** What every Store promises. `place` makes a new, empty one. */
export function describeStore(name: string, place: () => Promise<StorePlace>): void {
  describe(`${name} as a Store`, () => {
    const undo: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const step of undo.splice(0).reverse()) await step()
    })
    const fresh = async () => {
      const made = await place()
      undo.push(async () => made.clear?.())
      return made
    }
    const opened = async (at: StorePlace) => {
      const store = await at.open()
      undo.push(() => store.close())
      return store
    }

    it('begins empty at a revision that revision() repeats', async () => {
      const store = await opened(await fresh())
      const { revision, entries } = await store.load()
      expect(entries).toEqual([])
      expect(await store.revision()).toBe(revision)
    })

    it('gives back what was committed, as a copy', async () => {
      const store = await opened(await fresh())
      const value = { name: 'a', tags: ['x'] }
      const result = await store.commit(await store.revision(), batch({ 'services:1': value }))
      value.tags.push('later')
      expect(result).toEqual({ ok: true, revision: await store.revision() })
      expect(await contents(store)).toEqual({ 'services:1': { name: 'a', tags: ['x'] } })
    })

    it('takes puts and deletes in one step', async () => {
      const store = await opened(await fresh())
      await commit(store, batch({ a: 1, b: 2 }))
      await commit(store, batch({ b: 3, c: 4 }, ['a', 'absent']))
      expect(await contents(store)).toEqual({ b: 3, c: 4 })
    })

    it('counts each commit, whatever is in it', async () => {
      const store = await opened(await fresh())
      for (const change of [batch({ a: 1 }), batch({}, ['a']), batch({}), batch({ a: 2, b: 3 })]) {
        const revision = await store.revision()
        expect(await store.commit(revision, change)).toEqual({ ok: true, revision: revision + 1 })
        expect(await store.revision()).toBe(revision + 1)
      }
    })

    it('holds an entry of a mebibyte', async () => {
      const at = await fresh()
      let store = await at.open()
      const value = { parts: Array.from({ length: 512 }, (_, n) => `${n}`.padEnd(1024, 'é')) }
      await commit(store, batch({ 'revisions:1:0': value }))
      if (store.traits.durable) {
        await store.close()
        store = await at.open()
      }
      expect(await contents(store)).toEqual({ 'revisions:1:0': value })
      await store.close()
    })

    it('refuses a commit that expects an older or a newer revision', async () => {
      const store = await opened(await fresh())
      const first = await store.revision()
      await store.commit(first, batch({ a: 1 }))
      const now = await store.revision()
      for (const expected of [first, now + 1]) {
        expect(await store.commit(expected, batch({ a: 2 }))).toEqual({ ok: false, revision: now })
      }
      expect(await contents(store)).toEqual({ a: 1 })
    })

    it('lets exactly one of many racing writers win', async () => {
      const store = await opened(await fresh())
      for (let round = 0; round < 5; round++) {
        const expected = await store.revision()
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, i) => store.commit(expected, batch({ winner: i }))),
        )
        const winner = results.findIndex(({ ok }) => ok)
        expect(results.filter(({ ok }) => ok)).toHaveLength(1)
        expect(await contents(store)).toEqual({ winner })
      }
    })

    it('loses no update of writers that try again', async () => {
      const store = await opened(await fresh())
      await commit(store, batch({ sum: 0 }))
      const add = async () => {
        for (;;) {
          const { revision, entries } = await store.load()
          const sum = Number(entries[0]?.value)
          if ((await store.commit(revision, batch({ sum: sum + 1 }))).ok) return
        }
      }
      await Promise.all(Array.from({ length: 10 }, add))
      expect(await contents(store)).toEqual({ sum: 10 })
    })

    it('keeps names of prototypes and odd text as data', async () => {
      const store = await opened(await fresh())
      const value: Json = JSON.parse(
        '{"__proto__":{"polluted":true},"constructor":"\\u2028\\n\\u0000é😀"}',
      )
      await commit(store, { puts: [{ key: '__proto__', value }], deletes: [] })
      const { entries } = await store.load()
      expect(JSON.stringify(entries)).toBe(JSON.stringify([{ key: '__proto__', value }]))
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    })

    it('holds what a model holds, after each reopening when durable', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const at = await fresh()
          let store = await at.open()
          const model = new Map<string, Json>()
          for (const { puts, deletes, reopen } of steps) {
            await commit(store, batch(Object.fromEntries(puts), deletes))
            for (const key of deletes) model.delete(key)
            for (const [key, value] of puts) model.set(key, value)
            if (reopen && store.traits.durable) {
              const revision = await store.revision()
              await store.close()
              store = await at.open()
              expect(await store.revision()).toBe(revision)
            }
            expect(await contents(store)).toEqual(Object.fromEntries(model))
          }
          await store.close()
        }),
        { numRuns: 25 },
      )
    })
  })
}

const key = fc.constantFrom('a:1', 'a:2', 'b:1', 'b:2')

/** A batch has no key among both its puts and its deletes. */
const step = fc
  .record({
    puts: fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 3 }),
    drops: fc.array(key, { maxLength: 2 }),
    reopen: fc.boolean(),
  })
  .map(({ puts, drops, reopen }) => {
    const values = new Map(puts.map(([name, value]) => [name, jsonOf(value)]))
    return { puts: [...values], deletes: drops.filter((name) => !values.has(name)), reopen }
  })

/** As it reads after a journey as text, where -0 is 0. */
function jsonOf(value: unknown): Json {
  return JSON.parse(JSON.stringify(value))
}

function batch(puts: Readonly<Record<string, Json>>, deletes: readonly string[] = []): Batch {
  return { puts: Object.entries(puts).map(([key, value]) => ({ key, value })), deletes }
}

async function commit(store: Store, change: Batch): Promise<void> {
  expect((await store.commit(await store.revision(), change)).ok).toBe(true)
}

async function contents(store: Store): Promise<Record<string, Json>> {
  const { entries } = await store.load()
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]))
}
