import { describe, expect, it } from 'vitest'
import { openStore, refusal } from '../../test/open-store.ts'

describe('a removal', () => {
  it('removes what hangs on a row, loosens what may stay, and stops for what must', async () => {
    const { store } = openStore()
    const a = await store.insert('parents', { name: 'a' })
    const c = await store.insert('children', { name: 'c', parent: { id: a.id } })
    const g = await store.insert('guards', { child: { id: c.id } })
    const h = await store.insert('guards', { parent: { id: a.id } })
    const before = store.revision
    expect(await refusal(store.remove('parents', a.id))).toEqual({
      code: 4,
      name: 'foreign key violation',
      message: `an existing 'guards' entity references this 'parents' entity`,
      fields: { '@referenced_by': 'guards' },
    })
    expect(store.revision).toBe(before)
    await store.remove('guards', h.id)
    const seen: string[] = []
    store.subscribe((changes) => seen.push(...changes.map((change) => change.entity)))
    expect(await store.remove('parents', a.id)).toBe(true)
    expect(seen).toEqual(['guards', 'children', 'parents'])
    expect(store.get('guards', g.id)).toMatchObject({ child: null })
    expect([...store.all('parents'), ...store.all('children')]).toEqual([])
    expect(await store.remove('parents', a.id)).toBe(false)
  })

  it('stops for a list that names the row, in any case', async () => {
    const id = { type: 'string', uuid: true, auto: true } as const
    const list = { type: 'array', elements: { type: 'string' } } as const
    const { store } = openStore({
      entities: [
        {
          name: 'users',
          fields: { id, all: list, more: { type: 'record', fields: { all: list } } },
        },
        {
          name: 'ca_certificates',
          fields: { id },
          listedBy: [
            { entity: 'users', field: 'all' },
            { entity: 'users', field: 'more.all' },
          ],
        },
      ],
    })
    const [a, b] = [
      await store.insert('ca_certificates', {}),
      await store.insert('ca_certificates', {}),
    ]
    const user = await store.insert('users', { all: [a.id.toUpperCase()], more: { all: [b.id] } })
    for (const row of [a, b]) {
      expect(await refusal(store.remove('ca_certificates', row.id))).toEqual({
        code: 19,
        name: 'referenced by others',
        message: `ca certificate ${row.id} is still referenced by users (id = ${user.id})`,
      })
    }
    await store.remove('users', user.id)
    expect(await store.remove('ca_certificates', a.id)).toBe(true)
  })
})
