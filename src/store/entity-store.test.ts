import { describe, expect, it } from 'vitest'
import { openStore, uuid } from '../../test/open-store.ts'
import type { Change } from './tables.ts'

describe('reading', () => {
  it('finds a row by id, unique field and path text', async () => {
    const { store } = openStore()
    const a = await store.insert('parents', { name: 'a', code: 'x' })
    const c = await store.insert('children', { name: 'C', parent: { id: a.id } })
    expect(store.get('parents', a.id)).toBe(store.find('parents', 'a'))
    expect(store.getBy('parents', 'code', 'x')).toMatchObject({ id: a.id })
    expect(store.find('parents', a.id.toUpperCase())).toMatchObject({ id: a.id })
    expect(store.find('parents', 'x')).toBeUndefined()
    const within = { field: 'parent', id: a.id }
    expect(store.find('children', 'c', within)).toMatchObject({ id: c.id, name: 'c' })
    expect(store.find('children', c.id, within)).toMatchObject({ id: c.id })
    expect(store.find('children', c.id, { field: 'parent', id: uuid(99) })).toBeUndefined()
    expect(store.find('children', 'c')).toBeUndefined()
  })

  it('gives out frozen rows only', async () => {
    const { store } = openStore()
    const row = await store.insert('parents', { name: 'a', limits: { x: 'y' }, tags: ['t'] })
    expect([row, row.limits, row.tags].every(Object.isFrozen)).toBe(true)
    expect(store.all('parents')).toEqual([row])
  })

  it('takes names of prototypes for names', async () => {
    const { store } = openStore()
    for (const text of ['__proto__', 'constructor']) {
      expect(store.find('parents', text)).toBeUndefined()
      const limits = JSON.parse('{"__proto__":"x"}')
      const row = await store.insert('parents', { name: text, tags: [text], limits })
      expect(store.find('parents', text)).toBe(row)
      expect(JSON.stringify(row.limits)).toBe('{"__proto__":"x"}')
      const page = store.page('parents', { size: 9, tags: { mode: 'any', tags: [text] } })
      expect(page.rows).toEqual([row])
    }
  })
})

describe('listeners', () => {
  it('hear of a write before it resolves, with what was and what is', async () => {
    const { store } = openStore()
    const heard: Change[] = []
    store.subscribe((changes) => heard.push(...changes))
    const a = await store.insert('parents', { name: 'a' })
    expect(heard).toEqual([{ entity: 'parents', id: a.id, before: undefined, after: a }])
    const b = await store.update('parents', a.id, { name: 'b' })
    expect(heard.at(-1)).toEqual({ entity: 'parents', id: a.id, before: a, after: b })
  })

  it('that throw break neither the write nor the next listener', async () => {
    const { store, clock } = openStore()
    let heard = 0
    store.subscribe(() => {
      throw new Error('oops')
    })
    store.subscribe(() => heard++)
    await store.insert('parents', { name: 'a' })
    expect(heard).toBe(1)
    expect(clock.logged).toEqual(['Cannot tell a listener of a change'])
  })
})
