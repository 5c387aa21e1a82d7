import { describe, expect, it } from 'vitest'
import { openStore, refusal, uuid } from '../../test/open-store.ts'

const SECOND = 1000

describe('seconds to live', () => {
  it.each([
    { sent: {}, shown: null },
    { sent: { ttl: null }, shown: null },
    { sent: { ttl: 0 }, shown: null },
    { sent: { ttl: 1 }, shown: 0 },
    { sent: { ttl: 100 }, shown: 99 },
    { sent: { ttl: 100_000_000 }, shown: 99_999_999 },
  ])('sent as $sent show as $shown', async ({ sent, shown }) => {
    const { store } = openStore()
    const row = await store.insert('tokens', { key: 'k', ...sent })
    expect(row.ttl).toBe(shown)
    expect(Object.keys(row)).toEqual(['id', 'key', 'parent', 'tags', 'ttl'])
    expect(store.get('tokens', row.id)).toEqual(row)
  })

  it.each([-1, 1.5, 100_000_001, '5', true, {}])('that are %j are refused', async (ttl) => {
    const { store } = openStore()
    const { id } = await store.insert('tokens', {})
    const option = 'must be an integer between 0 and 100000000'
    const refused = {
      code: 11,
      message: `invalid option (ttl: ${option})`,
      options: { ttl: option },
    }
    expect(await refusal(store.insert('tokens', { key: 1, ttl }))).toMatchObject(refused)
    expect(await refusal(store.update('tokens', id, { ttl }))).toMatchObject(refused)
    expect(await refusal(store.upsert('tokens', id, { ttl }))).toMatchObject(refused)
  })

  it('are an unknown field where rows do not expire', async () => {
    const { store } = openStore()
    expect(await refusal(store.insert('parents', { ttl: 5 }))).toMatchObject({
      code: 2,
      fields: { ttl: 'unknown field' },
    })
  })

  it('pass, and are kept by a PATCH that does not name them', async () => {
    const { store, clock } = openStore()
    const { id } = await store.insert('tokens', { key: 'k', ttl: 100 })
    clock.time += 10.5 * SECOND
    expect(await store.update('tokens', id, { tags: ['t'] })).toMatchObject({ ttl: 89 })
    expect(await store.update('tokens', id, { ttl: 50 })).toMatchObject({ ttl: 49, tags: ['t'] })
    expect(await store.update('tokens', id, { ttl: null })).toMatchObject({ ttl: null })
    await store.update('tokens', id, { ttl: 50 })
    expect(await store.update('tokens', id, { ttl: 0 })).toMatchObject({ ttl: null })
    await store.update('tokens', id, { ttl: 50 })
    expect(await store.upsert('tokens', id, { key: 'k' })).toMatchObject({ ttl: null })
  })

  it('that are over leave nothing to be seen, and the key free', async () => {
    const { store, clock } = openStore()
    const a = await store.insert('parents', { name: 'a' })
    const mortal = { key: 'k', tags: ['t'], parent: { id: a.id }, ttl: 5 }
    const { id } = await store.insert('tokens', mortal)
    await store.insert('tokens', { key: 'other', tags: ['t'], parent: { id: a.id } })
    const within = { field: 'parent', id: a.id }
    const seen = () => [
      store.get('tokens', id) !== undefined,
      store.getBy('tokens', 'key', 'k') !== undefined,
      store.find('tokens', 'k', within) !== undefined,
      store.all('tokens').length === 2,
      store.children('tokens', 'parent', a.id).length === 2,
      store.page('tokens', { size: 9 }).rows.length === 2,
      store.page('tokens', { size: 9, within }).rows.length === 2,
      store.page('tokens', { size: 9, tags: { mode: 'any', tags: ['t'] } }).rows.length === 2,
      store.tags({ size: 9 }).rows.length === 2,
      store.tags({ size: 9, tag: 't' }).rows.length === 2,
    ]
    clock.time += 5 * SECOND - 1
    expect(new Set(seen())).toEqual(new Set([true]))
    clock.time += 1
    expect(new Set(seen())).toEqual(new Set([false]))
    expect(await refusal(store.update('tokens', id, {}))).toMatchObject({ code: 6 })
    expect(await store.remove('tokens', id)).toBe(false)
    const again = await store.insert('tokens', { id, key: 'k' })
    expect(store.all('tokens')).toContainEqual(again)
  })

  it('outlive the process, and do not show in what is stored elsewhere', async () => {
    const { store, rival, bench } = openStore()
    const { id } = await store.insert('tokens', { key: 'k', ttl: 5 })
    expect(bench.entries.get(`tokens:${id}`)).toMatchObject({ expires_at: 1_005_000 })
    const reopened = rival()
    await reopened.load()
    expect(reopened.all('tokens')).toEqual(store.all('tokens'))
    const heard: unknown[] = []
    reopened.subscribe((changes) => heard.push(changes))
    await store.insert('tokens', {})
    await reopened.refresh()
    expect(heard).toHaveLength(1)
  })

  it('may be said for each row of a replacement', async () => {
    const { store, clock } = openStore()
    const row = (n: number, more: object) => ({
      id: uuid(n),
      key: `k${n}`,
      parent: null,
      tags: null,
      ...more,
    })
    await store.replace({ tokens: [row(1, { ttl: 5 }), row(2, {}), row(3, { ttl: null })] })
    expect(store.all('tokens').map(({ ttl }) => ttl)).toEqual([4, null, null])
    clock.time += 5 * SECOND
    expect(store.all('tokens')).toHaveLength(2)
  })
})

describe('expired rows', () => {
  async function opened() {
    const opened = openStore()
    const a = await opened.store.insert('parents', { name: 'a' })
    const { id } = await opened.store.insert('tokens', { key: 'k', parent: { id: a.id }, ttl: 5 })
    opened.clock.time += 5 * SECOND
    return { ...opened, a, key: `tokens:${id}`, id }
  }

  it.each(['refresh', 'write'])('leave the store after a %s, once a minute', async (way) => {
    const { store, bench, clock, key, id } = await opened()
    const heard: unknown[] = []
    store.subscribe((changes) => heard.push(...changes))
    const act = () => (way === 'refresh' ? store.refresh() : store.insert('parents', {}))
    await act()
    await clock.settled()
    expect(bench.entries.has(key)).toBe(false)
    expect(heard.at(-1)).toMatchObject({ id, before: { key: 'k', ttl: 0 }, after: undefined })

    const next = await store.insert('tokens', { ttl: 5 })
    clock.time += 5 * SECOND
    await act()
    await clock.settled()
    expect(bench.entries.has(`tokens:${next.id}`)).toBe(true)
    clock.time += 55 * SECOND
    await act()
    await clock.settled()
    expect(bench.entries.has(`tokens:${next.id}`)).toBe(false)
  })

  it('go with the row they point at', async () => {
    const { store, bench, a } = await opened()
    await store.remove('parents', a.id)
    expect([...bench.entries.keys()]).toEqual([])
  })

  it('stay when the store is away, without a harm to anything else', async () => {
    const { store, bench, clock, key } = await opened()
    bench.beforeCommit = () => {
      throw new Error('disk on fire')
    }
    await store.refresh()
    await clock.settled()
    expect(clock.logged).toEqual(['Cannot take expired rows out of the store'])
    expect(bench.entries.has(key)).toBe(true)
  })
})
