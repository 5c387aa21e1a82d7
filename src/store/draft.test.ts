import { describe, expect, it } from 'vitest'
import { openStore, refusal, uuid } from '../../test/open-store.ts'
import type { Draft } from './draft.ts'
import type { Change } from './tables.ts'

describe('a batch', () => {
  it('reads its own writes, which nobody else sees before the end', async () => {
    const { store, bench } = openStore()
    const heard: (readonly Change[])[] = []
    store.subscribe((changes) => heard.push(changes))
    const old = await store.insert('parents', { name: 'old', tags: ['t'] })
    const made = await store.batch(async (draft) => {
      const a = await draft.insert('parents', { name: 'a' })
      const c = await draft.insert('children', { name: 'c', parent: { name: 'a' } })
      await draft.update('parents', old.id, { name: 'new' })
      expect(draft.get('parents', a.id)).toBe(a)
      expect(draft.getBy('parents', 'name', 'new')?.id).toBe(old.id)
      expect(draft.find('children', 'c', { field: 'parent', id: a.id })).toBe(c)
      expect(draft.all('parents')).toHaveLength(2)
      expect(draft.children('children', 'parent', a.id)).toEqual([c])
      expect(store.all('parents')).toEqual([old])
      expect(store.all('children')).toEqual([])
      return c
    })
    expect(store.get('children', made.id)).toEqual(made)
    expect(store.find('parents', 'old')).toBeUndefined()
    expect(bench.revision).toBe(2)
    expect(heard.map((changes) => changes.map(({ entity }) => entity))).toEqual([
      ['parents'],
      ['parents', 'children', 'parents'],
    ])
  })

  it('that is refused at any step leaves all as it was', async () => {
    const { store, bench } = openStore()
    const a = await store.insert('parents', { name: 'a', tags: ['t'] })
    const work = async (draft: Draft) => {
      await draft.insert('children', { name: 'c', parent: { id: a.id } })
      await draft.upsert('parents', uuid(50), { name: 'b', tags: ['t'] })
      await draft.update('parents', a.id, { name: 'b' })
    }
    expect(await refusal(store.batch(work))).toMatchObject({ code: 5, fields: { name: 'b' } })
    expect(await refusal(store.batch(() => Promise.reject(new Error('no'))))).toEqual(
      new Error('no'),
    )
    expect(bench.revision).toBe(1)
    expect(store.all('parents')).toEqual([a])
    expect(store.page('parents', { size: 9, tags: { mode: 'all', tags: ['t'] } }).rows).toEqual([a])
    expect(store.find('parents', 'b')).toBeUndefined()
    expect(await store.insert('parents', { name: 'b' })).toBeDefined()
  })

  it('goes on after a step that was refused when the work does', async () => {
    const { store } = openStore()
    const made = await store.batch(async (draft) => {
      const a = await draft.insert('parents', { name: 'a' })
      await refusal(draft.insert('parents', { name: 'a' }))
      return a
    })
    expect(store.all('parents')).toEqual([made])
  })

  it('takes what hangs on a row with it, its own rows too', async () => {
    const { store, bench } = openStore()
    const a = await store.insert('parents', { name: 'a' })
    const c = await store.insert('children', { name: 'c', parent: { id: a.id } })
    const g = await store.insert('guards', { child: { id: c.id } })
    const heard: string[] = []
    store.subscribe((changes) => heard.push(...changes.map(({ entity }) => entity)))
    await store.batch(async (draft) => {
      await draft.insert('children', { name: 'd', parent: { id: a.id } })
      expect(await draft.remove('parents', a.id)).toBe(true)
      expect(await draft.remove('parents', a.id)).toBe(false)
      expect(draft.get('guards', g.id)).toMatchObject({ child: null })
    })
    expect(store.get('guards', g.id)).toMatchObject({ child: null })
    expect([...bench.entries.keys()]).toEqual([`guards:${g.id}`])
    expect(heard).toEqual(['guards', 'children', 'parents'])
  })

  it('leaves of each row the last word', async () => {
    const { store } = openStore()
    const [a, b] = [
      await store.insert('parents', { name: 'a' }),
      await store.insert('parents', { name: 'b' }),
    ]
    await store.batch(async (draft) => {
      await draft.update('parents', a.id, { name: 'x' })
      await draft.update('parents', b.id, { name: 'a' })
      await draft.update('parents', a.id, { name: 'b' })
      await draft.remove('parents', b.id)
      await draft.upsert('parents', b.id, { name: 'a', code: 'new' })
    })
    expect(store.find('parents', 'a')).toMatchObject({ id: b.id, code: 'new' })
    expect(store.find('parents', 'b')).toMatchObject({ id: a.id })
  })

  it('that changes nothing in the end commits nothing', async () => {
    const { store, bench } = openStore()
    const done = await store.batch(async (draft) => {
      const { id } = await draft.insert('parents', { name: 'a' })
      await draft.remove('parents', id)
      return 'done'
    })
    expect(done).toBe('done')
    expect(bench.revision).toBe(0)
  })

  it('takes writes side by side in turn, and none when it is over', async () => {
    const { store } = openStore()
    const draft = await store.batch(async (draft) => {
      const writes = ['a', 'a', 'b'].map((name) => refusal(draft.insert('parents', { name })))
      expect((await Promise.all(writes)).filter((error) => error !== undefined)).toHaveLength(1)
      return draft
    })
    expect(store.all('parents')).toHaveLength(2)
    expect(await refusal(draft.insert('parents', { name: 'c' }))).toEqual(
      new Error('Cannot write: the batch is over'),
    )
  })

  it('is made anew from the newest rows after a lost commit', async () => {
    const { store, bench, rival: openRival } = openStore({ shared: true })
    const rival = openRival()
    const a = await store.insert('parents', { name: 'a' })
    await rival.load()
    let rounds = 0
    const made = await rival.batch(async (draft) => {
      rounds++
      if (rounds === 1) await store.insert('parents', { name: 'b' })
      await draft.update('parents', a.id, { code: `${draft.all('parents').length}` })
      return draft.all('parents').length
    })
    expect(made).toBe(2)
    expect(bench.entries.get(`parents:${a.id}`)).toMatchObject({ code: '2' })
    const taken = rival.batch((draft) => draft.insert('parents', { name: 'b' }))
    expect(await refusal(taken)).toMatchObject({ code: 5 })
  })

  it('asks each of its writes what it believes', async () => {
    const { store } = openStore()
    const { id } = await store.insert('parents', { name: 'a' })
    const seen: unknown[] = []
    const expect_ = (row: unknown) => seen.push(Object(row).name)
    await store.batch(async (draft) => {
      await draft.update('parents', id, { name: 'b' }, { expect: expect_ })
      await draft.upsert('parents', id, { name: 'c' }, { expect: expect_ })
      await draft.remove('parents', id, { expect: expect_ })
      await draft.insert('parents', { id, name: 'd' }, { expect: expect_ })
    })
    expect(seen).toEqual(['a', 'b', 'c', undefined])
  })

  it('sees and makes rows that expire', async () => {
    const { store, clock } = openStore()
    const { id } = await store.insert('tokens', { key: 'k', tags: ['t'], ttl: 5 })
    await store.batch(async (draft) => {
      await draft.insert('tokens', { key: 'l', tags: ['t'], ttl: 9 })
      clock.time += 5000
      // Read by others while the draft is open.
      expect(store.all('tokens')).toEqual([])
      expect(draft.get('tokens', id)).toBeUndefined()
      await draft.insert('tokens', { key: 'k', tags: ['t'] })
      expect(draft.all('tokens')).toHaveLength(2)
    })
    expect(store.page('tokens', { size: 9, tags: { mode: 'any', tags: ['t'] } }).rows).toEqual(
      store.all('tokens'),
    )
    expect(store.all('tokens').map(({ ttl }) => ttl)).toEqual([3, null])
  })
})
