import { describe, expect, it } from 'vitest'
import { openStore, uuid } from '../../test/open-store.ts'

describe('pages', () => {
  async function filled() {
    const { store } = openStore()
    for (let n = 1; n <= 9; n++) {
      const tags = [n % 2 ? 'odd' : 'even', ...(n % 3 ? [] : ['third'])]
      await store.upsert('parents', uuid((n * 4) % 9), { name: `p${n}`, tags })
    }
    return store
  }

  it('go by id, whole and without repeats, each saying whether more come', async () => {
    const store = await filled()
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const page = store.page('parents', { size: 4, ...(after !== undefined && { after }) })
      seen.push(...page.rows.map((row) => row.id))
      after = page.last
      if (after === undefined) break
    }
    expect(seen).toEqual(Array.from({ length: 9 }, (_, n) => uuid(n)))
    expect(store.page('parents', { size: 9 })).not.toHaveProperty('last')
  })

  it.each([
    { mode: 'all', tags: ['odd'], names: ['p1', 'p3', 'p5', 'p7', 'p9'] },
    { mode: 'all', tags: ['odd', 'third'], names: ['p3', 'p9'] },
    { mode: 'any', tags: ['even', 'third'], names: ['p2', 'p3', 'p4', 'p6', 'p8', 'p9'] },
    { mode: 'all', tags: ['odd', ''], names: [] },
    { mode: 'any', tags: [], names: [] },
  ] as const)('with $mode of $tags', async ({ mode, tags, names }) => {
    const store = await filled()
    const rows = store.page('parents', { size: 100, tags: { mode, tags } }).rows
    expect(rows.map((row) => row.name).sort()).toEqual(names)
    const first = store.page('parents', { size: 1, tags: { mode, tags } })
    expect(first.last).toBe(names.length > 1 ? first.rows[0]?.id : undefined)
  })

  it('of children are of one parent only', async () => {
    const { store } = openStore()
    const [a, b] = [await store.insert('parents', {}), await store.insert('parents', {})]
    for (const { id } of [a, b, a]) {
      await store.insert('children', { name: `of ${store.revision}`, parent: { id } })
    }
    const within = { field: 'parent', id: a.id }
    expect(store.page('children', { size: 9, within }).rows).toHaveLength(2)
    expect(store.page('children', { size: 1, within }).last).toBeDefined()
  })

  it('of tags go by the id of what bears them, one row a tag', async () => {
    const { store } = openStore()
    await store.upsert('parents', uuid(2), { tags: ['b', 'a'] })
    await store.upsert('parents', uuid(1), { tags: ['c'] })
    await store.upsert('parents', uuid(3), {})
    await store.upsert('children', uuid(2), { name: 'x', parent: { id: uuid(1) }, tags: ['b'] })
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const page = store.tags({ size: 1, ...(after !== undefined && { after }) })
      seen.push(...page.rows.map(({ tag, entity }) => `${tag} ${entity}`))
      after = page.last
      if (after === undefined) break
    }
    expect(seen).toEqual(['c parents', 'b parents', 'a parents', 'b children'])
    expect(store.tags({ size: 9, tag: 'b' }).rows.map(({ entity }) => entity)).toEqual([
      'parents',
      'children',
    ])
    expect(store.tags({ size: 9, tag: 'none' })).toEqual({ rows: [] })
  })
})
