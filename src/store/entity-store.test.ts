import { describe, expect, it } from 'vitest'
import type { Runtime } from '../ports/runtime.ts'
import type { Batch, CommitResult, Entry, Store } from '../ports/store.ts'
import { defineEntity, type Entity } from '../schema/entity.ts'
import { EntityError } from '../schema/entity-error.ts'
import { createEntityStore } from './entity-store.ts'
import { StoreUnavailable } from './store-unavailable.ts'
import type { Change } from './tables.ts'

const id = { type: 'string', uuid: true, auto: true } as const
const name = { type: 'string', unique: true } as const
const tags = { type: 'set', elements: { type: 'string' } } as const

const parent = defineEntity({
  name: 'parents',
  endpointKey: 'name',
  fields: {
    id,
    name,
    code: { type: 'string', unique: true },
    limits: { type: 'map', keys: { type: 'string' }, values: { type: 'string' } },
    tags,
  },
})
const child = defineEntity({
  name: 'children',
  endpointKey: 'name',
  fields: {
    id,
    name: { type: 'string', required: true },
    parent: { type: 'foreign', reference: 'parents', required: true, on_delete: 'cascade' },
    tags,
  },
  uniqueTogether: [['name', 'parent']],
  show: (row) => ({ ...row, name: String(row.name).toLowerCase() }),
})
const guard = defineEntity({
  name: 'guards',
  fields: {
    id,
    parent: { type: 'foreign', reference: 'parents' },
    child: { type: 'foreign', reference: 'children', on_delete: 'null' },
  },
})
const entities: readonly Entity[] = [parent, child, guard]

interface Bench {
  revision: number
  readonly entries: Map<string, Entry['value']>
  fail: boolean
  beforeCommit: (() => void) | undefined
}

/** A store port whose failures and rivals a test decides. */
function benchStore(shared = false): { store: Store; bench: Bench } {
  const bench: Bench = { revision: 0, entries: new Map(), fail: false, beforeCommit: undefined }
  const guarded = async <T>(answer: () => T): Promise<T> => {
    if (bench.fail) throw new Error('disk on fire')
    return answer()
  }
  const store: Store = {
    traits: { durable: false, shared },
    load: () =>
      guarded(() => ({
        revision: bench.revision,
        entries: Array.from(bench.entries, ([key, value]) => ({
          key,
          value: structuredClone(value),
        })),
      })),
    commit: (expected: number, { puts, deletes }: Batch) =>
      guarded((): CommitResult => {
        bench.beforeCommit?.()
        if (expected !== bench.revision) return { ok: false, revision: bench.revision }
        for (const key of deletes) bench.entries.delete(key)
        for (const { key, value } of puts) bench.entries.set(key, value)
        return { ok: true, revision: ++bench.revision }
      }),
    revision: () => guarded(() => bench.revision),
    close: async () => undefined,
  }
  return { store, bench }
}

function testRuntime(log: string[] = []): Runtime {
  let count = 0
  return {
    name: 'test',
    now: () => 1_000_000,
    random: () => 0,
    uuid: () => uuid(++count),
    log: (_, message) => log.push(message),
    background: () => undefined,
  }
}

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

function setup({ shared = false } = {}) {
  const log: string[] = []
  const { store: port, bench } = benchStore(shared)
  const store = createEntityStore({ entities, store: port, runtime: testRuntime(log) })
  return { store, port, bench, log }
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  return error instanceof EntityError ? error.toBody() : error
}

describe('reading', () => {
  it('finds a row by id, unique field and path text', async () => {
    const { store } = setup()
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
    const { store } = setup()
    const row = await store.insert('parents', { name: 'a', limits: { x: 'y' }, tags: ['t'] })
    expect([row, row.limits, row.tags].every(Object.isFrozen)).toBe(true)
    expect(store.all('parents')).toEqual([row])
  })

  it('takes names of prototypes for names', async () => {
    const { store } = setup()
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

describe('pages', () => {
  async function filled() {
    const { store } = setup()
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
    const { store } = setup()
    const [a, b] = [await store.insert('parents', {}), await store.insert('parents', {})]
    for (const { id } of [a, b, a]) {
      await store.insert('children', { name: `of ${store.revision}`, parent: { id } })
    }
    const within = { field: 'parent', id: a.id }
    expect(store.page('children', { size: 9, within }).rows).toHaveLength(2)
    expect(store.page('children', { size: 1, within }).last).toBeDefined()
  })

  it('of tags go by the id of what bears them, one row a tag', async () => {
    const { store } = setup()
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

describe('writing', () => {
  it('resolves references by any unique field of their table', async () => {
    const { store } = setup()
    const a = await store.insert('parents', { name: 'a', code: 'x' })
    for (const parent of [{ name: 'a' }, { code: 'x' }, { id: a.id, extra: 1 }]) {
      const row = await store.insert('children', { name: String(store.revision), parent })
      expect(row.parent).toEqual({ id: a.id })
    }
  })

  it('refuses a reference by name that names nothing', async () => {
    const { store } = setup()
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
    const { store } = setup()
    for (const parent of [{}, { other: 'x' }, { name: 1 }]) {
      expect(await refusal(store.insert('children', { name: 'c', parent }))).toMatchObject({
        code: 2,
      })
    }
  })

  it('refuses a reference by id that is not there', async () => {
    const { store } = setup()
    const lost = { id: uuid(99) }
    expect(await refusal(store.insert('children', { name: 'c', parent: lost }))).toEqual({
      code: 4,
      name: 'foreign key violation',
      message: `the foreign key '{id="${uuid(99)}"}' does not reference an existing 'parents' entity.`,
      fields: { parent: lost },
    })
  })

  it('refuses a second row with the same id, key or keys together', async () => {
    const { store } = setup()
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
    const { store } = setup()
    const a = await store.insert('parents', { name: 'a' })
    await store.update('parents', a.id, { name: 'b' })
    const c = await store.insert('parents', { name: 'a' })
    expect(await refusal(store.update('parents', c.id, { name: 'b' }))).toMatchObject({ code: 5 })
    await store.remove('parents', a.id)
    expect(await store.update('parents', c.id, { name: 'b' })).toMatchObject({ name: 'b' })
  })

  it('refuses to update what is not there', async () => {
    const { store } = setup()
    expect(await refusal(store.update('parents', uuid(7), {}))).toMatchObject({
      code: 6,
      message: `could not find the entity with primary key '{id="${uuid(7)}"}'`,
    })
  })

  it('puts a row under the id as given, and replaces it whole', async () => {
    const { store } = setup()
    const odd = '0123ABCD-0000-4000-8000-00000000000F'
    const made = await store.upsert('parents', odd, { id: uuid(5), name: 'a', code: 'x' })
    expect(made).toMatchObject({ id: odd, name: 'a', code: 'x' })
    expect(await store.upsert('parents', odd, { name: 'b' })).toMatchObject({ id: odd, code: null })
    expect(store.all('parents')).toHaveLength(1)
    expect(store.find('parents', 'a')).toBeUndefined()
  })

  it('removes what hangs on a row, loosens what may stay, and stops for what must', async () => {
    const { store } = setup()
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

  it('lets one of many creators of a name win, and loses no patch', async () => {
    const { store } = setup()
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

describe('listeners', () => {
  it('hear of a write before it resolves, with what was and what is', async () => {
    const { store } = setup()
    const heard: Change[] = []
    store.subscribe((changes) => heard.push(...changes))
    const a = await store.insert('parents', { name: 'a' })
    expect(heard).toEqual([{ entity: 'parents', id: a.id, before: undefined, after: a }])
    const b = await store.update('parents', a.id, { name: 'b' })
    expect(heard.at(-1)).toEqual({ entity: 'parents', id: a.id, before: a, after: b })
  })

  it('that throw break neither the write nor the next listener', async () => {
    const { store, log } = setup()
    let heard = 0
    store.subscribe(() => {
      throw new Error('oops')
    })
    store.subscribe(() => heard++)
    await store.insert('parents', { name: 'a' })
    expect(heard).toBe(1)
    expect(log).toEqual(['Cannot tell a listener of a change'])
  })
})

describe('the port', () => {
  it('that fails leaves memory as it was, and is used again at the next write', async () => {
    const { store, bench } = setup()
    await store.insert('parents', { name: 'a' })
    let heard = 0
    store.subscribe(() => heard++)
    bench.fail = true
    const error = await store.insert('parents', { name: 'b' }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StoreUnavailable)
    expect(error).toMatchObject({ cause: new Error('disk on fire') })
    await expect(store.refresh()).rejects.toBeInstanceOf(StoreUnavailable)
    expect(store.find('parents', 'b')).toBeUndefined()
    expect(heard).toBe(0)
    bench.fail = false
    await store.insert('parents', { name: 'b' })
    expect(store.all('parents')).toHaveLength(2)
  })

  it('is caught up with when another writer was faster, and the write is made again', async () => {
    const { store, port, bench } = setup({ shared: true })
    const rival = createEntityStore({ entities, store: port, runtime: testRuntime() })
    const a = await store.insert('parents', { name: 'a' })
    await rival.load()
    await rival.update('parents', a.id, { code: 'x' })
    expect(await store.update('parents', a.id, { tags: ['t'] })).toMatchObject({
      code: 'x',
      tags: ['t'],
    })
    await rival.insert('parents', { id: uuid(50), name: 'b' })
    expect(await refusal(store.insert('parents', { name: 'b' }))).toMatchObject({ code: 5 })
    expect(bench.revision).toBe(4)
  })

  it('is asked again before a refusal that its newest rows may not bear out', async () => {
    const { store, port } = setup({ shared: true })
    const rival = createEntityStore({ entities, store: port, runtime: testRuntime() })
    const a = await store.insert('parents', { name: 'a' })
    await rival.load()
    await rival.remove('parents', a.id)
    expect(await store.insert('parents', { name: 'a' })).toMatchObject({ name: 'a' })
    await rival.refresh()
    const b = await store.insert('parents', { name: 'b' })
    expect(await rival.remove('parents', b.id)).toBe(true)
  })

  it('gives up when every single commit is lost', async () => {
    const { store, bench } = setup()
    bench.beforeCommit = () => bench.revision++
    await expect(store.insert('parents', {})).rejects.toBeInstanceOf(StoreUnavailable)
  })

  it('is read at start and at a refresh, and listeners hear what differs', async () => {
    const { store, port } = setup({ shared: true })
    const rival = createEntityStore({ entities, store: port, runtime: testRuntime() })
    const a = await store.insert('parents', { name: 'a' })
    const b = await store.insert('parents', { name: 'b' })
    await rival.load()
    expect(rival.all('parents')).toEqual(store.all('parents'))
    const kept = rival.get('parents', b.id)
    const heard: string[] = []
    rival.subscribe((changes) => heard.push(...changes.map(({ id }) => id)))
    expect(await rival.refresh()).toBe(false)
    await store.remove('parents', a.id)
    expect(await rival.refresh()).toBe(true)
    expect(heard).toEqual([a.id])
    expect(rival.get('parents', b.id)).toBe(kept)
    expect(rival.revision).toBe(store.revision)
  })

  it('may hold what is not ours: it is left alone and logged', async () => {
    const { store, bench, log } = setup()
    bench.entries.set('strangers:1', { id: '1' }).set('parents:1', 7).set('parents:2', { id: '3' })
    bench.entries.set(`parents:${uuid(1)}`, { id: uuid(1), name: 'old release' })
    await store.load()
    expect(log).toHaveLength(3)
    expect(store.all('parents')).toEqual([
      { id: uuid(1), name: 'old release', code: null, limits: null, tags: null },
    ])
    await store.insert('parents', { id: uuid(9) })
    expect(bench.entries.has('strangers:1')).toBe(true)
  })
})

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
    const { store, bench } = setup()
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
    const { store } = setup()
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
    const { store, bench } = setup()
    await store.replace({ parents: [row(5)] })
    expect(await refusal(store.replace(rows))).toMatchObject({ code })
    expect(bench.revision).toBe(1)
    expect(store.all('parents')).toHaveLength(1)
  })
})
