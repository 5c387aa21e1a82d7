import { describe, expect, it } from 'vitest'
import { openStore, refusal, uuid } from '../../test/open-store.ts'
import type { Change } from './tables.ts'

describe('replacing all', () => {
  const row = (n: number, more: object = {}) => ({
    id: uuid(n),
    name: `p${n}`,
    code: null,
    limits: null,
    tags: null,
    ...more,
  })

  it('commits the difference once, and keeps rows that stay', async () => {
    const { store, bench } = openStore()
    await store.replace({ parents: [row(1), row(2), row(3)] })
    const kept = store.get('parents', uuid(1))
    const heard: (readonly Change[])[] = []
    store.subscribe((changes) => heard.push(changes))
    await store.replace({ parents: [row(1), row(2, { name: 'p3' }), row(4)] })
    expect(bench.revision).toBe(2)
    expect(heard.map((changes) => changes.map(({ id }) => id))).toEqual([
      [uuid(3), uuid(2), uuid(4)],
    ])
    expect(store.get('parents', uuid(1))).toBe(kept)
    expect(store.find('parents', 'p3')?.id).toBe(uuid(2))
    await store.replace({ parents: [row(1), row(2, { name: 'p3' }), row(4)] })
    expect(bench.revision).toBe(2)
  })

  it('swaps keys between rows', async () => {
    const { store } = openStore()
    await store.replace({ parents: [row(1), row(2)] })
    await store.replace({ parents: [row(1, { name: 'p2' }), row(2, { name: 'p1' })] })
    expect(store.find('parents', 'p2')?.id).toBe(uuid(1))
    expect(store.find('parents', 'p1')?.id).toBe(uuid(2))
  })

  it.each([
    { code: 3, rows: { parents: [row(1), row(1)] } },
    { code: 5, rows: { parents: [row(1), row(2, { name: 'p1' })] } },
    { code: 4, rows: { guards: [{ id: uuid(1), parent: { id: uuid(9) }, child: null }] } },
  ])('refuses what breaks a key (code $code), and changes nothing', async ({ code, rows }) => {
    const { store, bench } = openStore()
    await store.replace({ parents: [row(5)] })
    expect(await refusal(store.replace(rows))).toMatchObject({ code })
    expect(bench.revision).toBe(1)
    expect(store.all('parents')).toHaveLength(1)
  })

  it('refuses an id in two spellings even among rows that were compared as they are written', async () => {
    const { store } = openStore()
    const id = 'fd02801f-0957-4a15-a55a-c8d9606f30b5'
    const parents = [row(1, { id }), row(2, { id: id.toUpperCase() })]
    expect(await refusal(store.replace({ parents }, { compared: true }))).toMatchObject({ code: 3 })
    await store.replace({ parents: [row(1)] }, { compared: true })
    expect(store.find('parents', 'p1')?.id).toBe(uuid(1))
  })

  it('compares keys that rows show otherwise than they are written all the same', async () => {
    const { store } = openStore()
    const child = (n: number) => ({ id: uuid(n), name: 'a', parent: { id: uuid(1) }, tags: null })
    const rows = { parents: [row(1)], children: [child(2), child(3)] }
    expect(await refusal(store.replace(rows, { compared: true }))).toMatchObject({ code: 5 })
  })
})
