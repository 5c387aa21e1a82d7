import { describe, expect, it } from 'vitest'
import { openStore, refusal, uuid } from '../../test/open-store.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { PreconditionFailed } from './precondition-failed.ts'

describe('writing', () => {
  it('resolves references by any unique field of their table', async () => {
    const { store } = openStore()
    const a = await store.insert('parents', { name: 'a', code: 'x' })
    for (const parent of [{ name: 'a' }, { code: 'x' }, { id: a.id, extra: 1 }]) {
      const row = await store.insert('children', { name: String(store.revision), parent })
      expect(row.parent).toEqual({ id: a.id })
    }
  })

  it('refuses a reference by name that names nothing', async () => {
    const { store } = openStore()
    expect(await refusal(store.insert('children', { name: 'c', parent: { name: 'x' } }))).toEqual({
      code: 13,
      name: 'foreign keys unresolved',
      message: `foreign key unresolved (parent.name: the foreign key cannot be resolved with '{name="x"}' for an existing 'parents' entity)`,
      fields: {
        parent: {
          name: `the foreign key cannot be resolved with '{name="x"}' for an existing 'parents' entity`,
        },
      },
    })
  })

  it('leaves a reference without a key to the schema', async () => {
    const { store } = openStore()
    for (const parent of [{}, { other: 'x' }, { name: 1 }]) {
      expect(await refusal(store.insert('children', { name: 'c', parent }))).toMatchObject({
        code: 2,
      })
    }
  })

  it('refuses a reference by id that is not there', async () => {
    const { store } = openStore()
    const lost = { id: uuid(99) }
    expect(await refusal(store.insert('children', { name: 'c', parent: lost }))).toEqual({
      code: 4,
      name: 'foreign key violation',
      message: `the foreign key '{id="${uuid(99)}"}' does not reference an existing 'parents' entity.`,
      fields: { parent: lost },
    })
  })

  it('refuses a second row with the same id, key or keys together', async () => {
    const { store } = openStore()
    const a = await store.insert('parents', { name: 'a' })
    const reference = { id: a.id }
    await store.insert('children', { name: 'c', parent: reference })
    expect(await refusal(store.insert('parents', { id: a.id, name: 'b' }))).toMatchObject({
      code: 3,
      message: `primary key violation on key '{id="${a.id}"}'`,
    })
    expect(await refusal(store.insert('parents', { name: 'a' }))).toMatchObject({
      code: 5,
      message: `UNIQUE violation detected on '{name="a"}'`,
      fields: { name: 'a' },
    })
    expect(await refusal(store.insert('children', { name: 'C', parent: reference }))).toMatchObject(
      {
        message: `UNIQUE violation detected on '{name="c",parent={id="${a.id}"}}'`,
        fields: { name: 'c', parent: { id: a.id } },
      },
    )
    await Promise.all([store.insert('parents', {}), store.insert('parents', {})])
  })

  it('frees a key that was changed or removed', async () => {
    const { store } = openStore()
    const a = await store.insert('parents', { name: 'a' })
    await store.update('parents', a.id, { name: 'b' })
    const c = await store.insert('parents', { name: 'a' })
    expect(await refusal(store.update('parents', c.id, { name: 'b' }))).toMatchObject({ code: 5 })
    await store.remove('parents', a.id)
    expect(await store.update('parents', c.id, { name: 'b' })).toMatchObject({ name: 'b' })
  })

  it('refuses to update what is not there', async () => {
    const { store } = openStore()
    expect(await refusal(store.update('parents', uuid(7), {}))).toMatchObject({
      code: 6,
      message: `could not find the entity with primary key '{id="${uuid(7)}"}'`,
    })
  })

  it('puts a row under the id of the path, and replaces it whole', async () => {
    const { store } = openStore()
    const made = await store.upsert('parents', uuid(7), { id: uuid(5), name: 'a', code: 'x' })
    expect(made).toMatchObject({ id: uuid(7), name: 'a', code: 'x' })
    expect(await store.upsert('parents', uuid(7), { name: 'b' })).toMatchObject({ code: null })
    expect(store.all('parents')).toHaveLength(1)
    expect(store.find('parents', 'a')).toBeUndefined()
  })

  it('knows an id in any case, and keeps it in lower case', async () => {
    const { store } = openStore()
    const [low, up] = [`${uuid(1).slice(0, -1)}a`, `${uuid(1).slice(0, -1)}A`]
    expect(await store.insert('parents', { id: up, name: 'a' })).toMatchObject({ id: low })
    expect(await refusal(store.insert('parents', { id: up }))).toMatchObject({ code: 3 })
    expect(await store.upsert('parents', up, { name: 'b' })).toMatchObject({ id: low })
    expect(await store.update('parents', up, { code: 'x' })).toMatchObject({ id: low, name: 'b' })
    const child = await store.insert('children', { name: 'c', parent: { id: up } })
    expect(child.parent).toEqual({ id: low })
    expect(store.children('children', 'parent', up)).toEqual([child])
    for (const id of [low, up]) expect(store.find('parents', id)).toMatchObject({ name: 'b' })
    expect(await store.remove('parents', up)).toBe(true)
    expect(store.all('children')).toEqual([])
  })

  it('finds what an earlier release stored under an id in upper case', async () => {
    const { store, bench } = openStore()
    const up = `${uuid(1).slice(0, -1)}A`
    const row = { id: up, name: 'a', code: null, limits: null, tags: null }
    bench.entries.set(`parents:${up}`, row)
    await store.load()
    expect(store.find('parents', up.toLowerCase())).toEqual(row)
    await store.insert('children', { name: 'c', parent: { id: up.toLowerCase() } })
    await store.upsert('parents', up.toLowerCase(), { name: 'b' })
    expect([...bench.entries.keys()].filter((key) => key.startsWith('p'))).toEqual([
      `parents:${up}`,
    ])
    await store.remove('parents', up.toLowerCase())
    expect([...bench.entries.keys()]).toEqual([])
  })

  it('names the row that has the key', async () => {
    const { store } = openStore()
    await store.insert('parents', { id: uuid(9), name: 'a' })
    expect(await refusal(store.insert('parents', { name: 'a' }))).toMatchObject({
      hint: `the parents ${uuid(9)} has it`,
    })
  })

  it('lets one of many creators of a name win, and loses no patch', async () => {
    const { store } = openStore()
    const results = await Promise.all(
      Array.from({ length: 20 }, () => refusal(store.insert('parents', { name: 'a' }))),
    )
    expect(results.filter((result) => result === undefined)).toHaveLength(1)
    const id = store.find('parents', 'a')?.id ?? ''
    await Promise.all([
      store.update('parents', id, { code: 'x' }),
      store.update('parents', id, { tags: ['t'] }),
    ])
    expect(store.get('parents', id)).toMatchObject({ name: 'a', code: 'x', tags: ['t'] })
  })
})

describe('the last step of a write', () => {
  const seen: unknown[] = []
  const entity: Entity = {
    name: 'people',
    fields: {
      id: { type: 'string', uuid: true, auto: true },
      name: { type: 'string', unique: true },
      secret: { type: 'string' },
      friend: { type: 'foreign', reference: 'people' },
    },
    finish: async (row, { mode, sent, current }) => {
      seen.push({ mode, sent: Object.keys(sent), current: current?.secret })
      await Promise.resolve()
      return { ...row, secret: sent.secret === undefined ? row.secret : `<${sent.secret}>` }
    },
    relate: (row, rows) => {
      const { friend } = row
      const id = String(Object(friend).id)
      if (friend === null || rows.get('people', id)?.name !== 'foe') return undefined
      const others = rows.children('people', 'friend', id).length
      return { friend: `is a foe of ${others}` }
    },
  }
  const open = () => {
    seen.length = 0
    return openStore({ entities: [entity] })
  }

  it('is told the mode, what was sent and what was there', async () => {
    const { store } = open()
    const a = await store.insert('people', { name: 'a', secret: 'x' })
    expect(a.secret).toBe('<x>')
    await store.update('people', a.id, { secret: 'y' })
    expect(await store.update('people', a.id, { name: 'b' })).toMatchObject({ secret: '<y>' })
    await store.upsert('people', a.id, { secret: 'z', friend: { name: 'b' } })
    expect(seen).toEqual([
      { mode: 'insert', sent: ['name', 'secret'], current: undefined },
      { mode: 'update', sent: ['secret'], current: '<x>' },
      { mode: 'update', sent: ['name'], current: '<y>' },
      { mode: 'upsert', sent: ['secret', 'friend', 'id'], current: undefined },
    ])
  })

  it('keeps writes in turn however long it takes', async () => {
    const { store } = open()
    const made = await Promise.all(
      Array.from({ length: 5 }, () => refusal(store.insert('people', { name: 'a', secret: 'x' }))),
    )
    expect(made.filter((result) => result === undefined)).toHaveLength(1)
  })

  it('comes before the look at other rows, and that before the keys', async () => {
    const { store } = open()
    const foe = await store.insert('people', { name: 'foe' })
    const twice = { id: foe.id, name: 'foe', friend: { name: 'foe' } }
    expect(await refusal(store.insert('people', twice))).toMatchObject({
      code: 2,
      fields: { friend: 'is a foe of 0' },
    })
    expect(await refusal(store.insert('people', { ...twice, friend: null }))).toMatchObject({
      code: 3,
    })
    expect(seen).toHaveLength(3)
  })
})

describe('what a writer believes', () => {
  const believes = (name: unknown) => (row: Row | undefined) => {
    if (row?.name !== name) throw new PreconditionFailed(`It is ${row?.name}`)
  }

  it('is held against the row before each write', async () => {
    const { store, bench } = openStore()
    const { id } = await store.insert('parents', { name: 'a' }, { expect: believes(undefined) })
    const wrong = { expect: believes('b') }
    const refusals = await Promise.all([
      refusal(store.insert('parents', { id }, wrong)),
      refusal(store.update('parents', id, { name: 'c' }, wrong)),
      refusal(store.upsert('parents', id, { name: 'c' }, wrong)),
      refusal(store.remove('parents', id, wrong)),
      refusal(store.update('parents', uuid(9), {}, wrong)),
    ])
    expect(refusals.every((error) => error instanceof PreconditionFailed)).toBe(true)
    expect(bench.revision).toBe(1)
    expect(await store.remove('parents', id, { expect: believes('a') })).toBe(true)
  })

  it('is held against the newest row when another writer was faster', async () => {
    const { store, rival: openRival } = openStore({ shared: true })
    const rival = openRival()
    const { id } = await store.insert('parents', { name: 'a' })
    await rival.load()
    await rival.update('parents', id, { name: 'b' })
    expect(
      await refusal(store.update('parents', id, { code: 'x' }, { expect: believes('a') })),
    ).toBeInstanceOf(PreconditionFailed)
    await store.update('parents', id, { name: 'c' }, { expect: believes('b') })
    const known = { expect: believes('c') }
    expect(await rival.update('parents', id, { code: 'x' }, known)).toMatchObject({ code: 'x' })
  })
})
