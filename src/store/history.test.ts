import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openStore, refusal, SMALL_ENTITIES, uuid } from '../../test/open-store.ts'
import type { EntityStore } from './entity-store.ts'

const KEPT = 3

async function opened({ shared = false } = {}) {
  const opened = openStore({ shared, history: KEPT })
  const { store, bench } = opened
  const keys = () => [...bench.entries.keys()].filter((key) => key.startsWith('revisions:'))
  const name = (n: number) => store.get('parents', uuid(n))?.name
  return { ...opened, keys, name }
}

describe('the history', () => {
  it('tells what the last commits did, newest first', async () => {
    const { store, clock } = await opened()
    const a = await store.insert('parents', { name: 'a' }, { by: 'me' })
    clock.time = 2_000_000
    await store.batch(async (draft) => {
      await draft.insert('children', { name: 'C', parent: { id: a.id } })
      await draft.update('parents', a.id, { name: 'b' })
    })
    await store.remove('parents', a.id, { by: 'you' })
    const child = { entity: 'children', id: expect.any(String), name: 'C' }
    expect(store.revisions()).toEqual([
      {
        revision: 3,
        at: 2_000_000,
        by: 'you',
        count: 2,
        changes: [
          { ...child, kind: 'deleted' },
          { entity: 'parents', id: a.id, name: 'b', kind: 'deleted' },
        ],
      },
      {
        revision: 2,
        at: 2_000_000,
        count: 2,
        changes: [
          { ...child, kind: 'created' },
          { entity: 'parents', id: a.id, name: 'b', kind: 'updated' },
        ],
      },
      {
        revision: 1,
        at: 1_000_000,
        by: 'me',
        count: 1,
        changes: [{ entity: 'parents', id: a.id, name: 'a', kind: 'created' }],
      },
    ])
  })

  it('does not tell keys that let somebody in', async () => {
    const { store } = await opened()
    await store.insert('tokens', { key: 'secret' })
    expect(JSON.stringify(store.revisions())).not.toContain('secret')
  })

  it('keeps as many as asked for, in the store too, and no row sees them', async () => {
    const { store, rival, keys, clock } = await opened()
    for (let n = 1; n <= 5; n++) await store.upsert('parents', uuid(n), { name: `p${n}` })
    expect(keys()).toEqual(['revisions:3:0', 'revisions:4:0', 'revisions:5:0'])
    const reopened = rival()
    await reopened.load()
    expect(reopened.revisions()).toEqual(store.revisions())
    expect(store.revisions().map(({ revision }) => revision)).toEqual([5, 4, 3])
    expect(reopened.all('parents')).toEqual(store.all('parents'))
    expect(clock.logged).toEqual([])
  })

  it('is not there when nobody asked for it, and cleared away when it was', async () => {
    const { store, bench } = openStore()
    bench.entries.set('revisions:1:0', {
      ...{ revision: 1, at: 0, count: 0, parts: 1, size: 0, changes: [] },
    })
    bench.revision = 1
    await store.load()
    expect(store.revisions()).toEqual([])
    await store.insert('parents', { id: uuid(1) })
    expect([...bench.entries.keys()]).toEqual([`parents:${uuid(1)}`])
    expect(await store.restore(1)).toBeUndefined()
    expect(await store.restore(2)).toBe(2)
  })

  it('skips what is no revision, and logs it', async () => {
    const { store, bench, clock } = await opened()
    for (const [key, value] of [
      ['revisions:1:0', 7],
      ['revisions:x', { revision: 1, at: 0, count: 0, parts: 1, size: 0, changes: [] }],
      ['revisions:2:0', { revision: 2, at: 0, count: 1, parts: 1, size: 0, changes: [3] }],
    ] as const) {
      bench.entries.set(key, value)
    }
    await store.load()
    expect(clock.logged).toHaveLength(3)
    expect(store.revisions()).toEqual([])
  })
})

describe('going back', () => {
  it('makes all as it was, as a new commit, which can be undone as well', async () => {
    const { store, name, bench } = await opened()
    await store.upsert('parents', uuid(1), { name: 'a' })
    await store.upsert('children', uuid(2), { name: 'c', parent: { id: uuid(1) } })
    await store.remove('parents', uuid(1))
    expect(await store.restore(2, { by: 'me' })).toBe(4)
    expect(store.get('children', uuid(2))).toMatchObject({ parent: { id: uuid(1) } })
    expect(bench.revision).toBe(4)
    expect(store.revisions()[0]).toMatchObject({ revision: 4, by: 'me', count: 2 })
    expect(await store.restore(3)).toBe(5)
    expect([...store.all('parents'), ...store.all('children')]).toEqual([])
    expect(await store.restore(4)).toBe(6)
    expect(name(1)).toBe('a')
  })

  it('reaches to before the oldest that is kept, and no further', async () => {
    const { store, name } = await opened()
    for (let n = 1; n <= 5; n++) await store.upsert('parents', uuid(1), { name: `p${n}` })
    for (const revision of [1, 0, -1, 6, 99, 1.5, Number.NaN]) {
      expect(await store.restore(revision)).toBeUndefined()
    }
    expect(await store.restore(5)).toBe(5)
    expect(await store.restore(2)).toBe(6)
    expect(name(1)).toBe('p2')
  })

  it('does not bring back what has expired since', async () => {
    const { store, clock } = await opened()
    await store.upsert('tokens', uuid(1), { key: 'a', ttl: 5 })
    await store.upsert('tokens', uuid(2), { key: 'b', ttl: 9 })
    await store.batch(async (draft) => {
      for (const n of [1, 2]) await draft.remove('tokens', uuid(n))
    })
    clock.time += 5000
    expect(await store.restore(2)).toBe(4)
    expect(store.all('tokens')).toMatchObject([{ key: 'b', ttl: 3 }])
  })

  it('stops where a commit was too much to keep', async () => {
    const { store, keys, name } = await opened()
    const long = 'x'.repeat(1024 * 1024)
    await store.upsert('parents', uuid(1), { name: 'a' })
    const many = Array.from({ length: 5 }, (_, n) => uuid(n + 10))
    await store.batch(async (draft) => {
      for (const id of many) await draft.upsert('parents', id, { limits: { long } })
    })
    await store.batch(async (draft) => {
      for (const id of many) await draft.upsert('parents', id, {})
    })
    await store.upsert('parents', uuid(1), { name: 'b' })
    expect(keys()).toEqual(['revisions:3:0', 'revisions:4:0'])
    expect(store.revisions()).toMatchObject([
      { revision: 4, count: 1 },
      { revision: 3, count: 5, changes: [] },
    ])
    expect(await store.restore(2)).toBeUndefined()
    expect(await store.restore(3)).toBe(5)
    expect(name(1)).toBe('a')
  })

  it('reaches as far as eight million characters', async () => {
    const { store, bench } = openStore({ history: 9 })
    const keys = () => [...bench.entries.keys()].filter((key) => key.startsWith('revisions:'))
    const limits = { long: 'x'.repeat(3_000_000) }
    for (let n = 1; n <= 4; n++) await store.upsert('parents', uuid(1), { code: `${n}`, limits })
    expect(keys()).toEqual(['revisions:3:0', 'revisions:4:0'])
    expect(await store.restore(1)).toBeUndefined()
    expect(await store.restore(2)).toBe(5)
    expect(store.get('parents', uuid(1))).toMatchObject({ code: '2' })
  })

  it('works for a commit that is kept in parts', async () => {
    const { store, keys, rival } = await opened()
    const limits = { long: 'x'.repeat(100_000) }
    const rows = Array.from({ length: 10 }, (_, n) => ({
      ...{ id: uuid(n + 10), name: null, code: null, limits, tags: null },
    }))
    await store.replace({ parents: rows })
    await store.replace({})
    expect(keys().length).toBeGreaterThan(3)
    const reopened = rival()
    await reopened.load()
    expect(await reopened.restore(1)).toBe(3)
    expect(reopened.all('parents')).toEqual(rows)
    for (let n = 0; n < KEPT; n++) await reopened.upsert('parents', uuid(10), {})
    expect(keys()).toHaveLength(KEPT)
  })

  it('agrees with other writers of the store', async () => {
    const { store, rival: openRival, name } = await opened({ shared: true })
    const rival = openRival()
    await store.upsert('parents', uuid(1), { name: 'a' })
    await rival.upsert('parents', uuid(1), { name: 'b' })
    await rival.upsert('parents', uuid(1), { name: 'c' })
    expect(await store.restore(1)).toBe(4)
    expect(name(1)).toBe('a')
    expect(store.revisions().map(({ revision }) => revision)).toEqual([4, 3, 2])
    await rival.refresh()
    expect(rival.revisions()).toEqual(store.revisions())
  })

  it('is not possible past a commit of a writer that keeps no history', async () => {
    const { store, bench } = await opened({ shared: true })
    await store.upsert('parents', uuid(1), { name: 'a' })
    bench.revision++
    await store.refresh()
    expect(store.revisions()).toEqual([])
    await store.upsert('parents', uuid(1), { name: 'b' })
    expect(store.revisions()).toHaveLength(1)
    expect(await store.restore(1)).toBeUndefined()
  })

  it('is refused when what came otherwise would be left pointing at nothing', async () => {
    const { store, bench } = await opened({ shared: true })
    await store.upsert('parents', uuid(1), { name: 'a' })
    bench.entries.set(`guards:${uuid(2)}`, {
      ...{ id: uuid(2), parent: { id: uuid(1) }, child: null },
    })
    await store.load()
    expect(await refusal(store.restore(0))).toMatchObject({ code: 4 })
  })

  it('finds every state again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(12), async (steps, back) => {
        const { store, rival } = openStore({ history: 20 })
        const states = [stateOf(store)]
        for (const step of steps) {
          await refusal(act(store, step))
          states[store.revision] = stateOf(store)
        }
        const goal = Math.min(back, store.revision)
        expect(await store.restore(goal)).toBeDefined()
        expect(stateOf(store)).toEqual(states[goal])
        const reopened = rival()
        await reopened.load()
        expect(await reopened.restore(0)).toBeDefined()
        expect(stateOf(reopened)).toEqual(states[0])
      }),
      { numRuns: 60 },
    )
  })
})

const step = fc.record({
  kind: fc.constantFrom('parent', 'child', 'guard', 'remove', 'clear'),
  n: fc.integer({ min: 1, max: 4 }),
  m: fc.integer({ min: 1, max: 4 }),
})

function act(store: EntityStore, { kind, n, m }: { kind: string; n: number; m: number }) {
  switch (kind) {
    case 'parent':
      return store.upsert('parents', uuid(n), { name: `p${m}` })
    case 'child':
      return store.upsert('children', uuid(10 + n), { name: `c${m}`, parent: { id: uuid(m) } })
    case 'guard':
      return store.upsert('guards', uuid(20 + n), { child: { id: uuid(10 + m) } })
    case 'remove':
      return store.remove('parents', uuid(n))
    default:
      return store.replace({})
  }
}

function stateOf(store: EntityStore) {
  return SMALL_ENTITIES.map(({ name }) => store.all(name))
}
