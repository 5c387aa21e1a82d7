import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { refusal, SMALL_ENTITIES, testClock, uuid } from '../../test/open-store.ts'
import type { Store } from '../ports/store.ts'
import { EntityError } from '../schema/entity-error.ts'
import type { Draft } from './draft.ts'
import { createEntityStore, type EntityStore } from './entity-store.ts'

type Writer = Pick<Draft, 'insert' | 'update' | 'upsert' | 'remove' | 'get'>

const small = fc.integer({ min: 1, max: 4 })

const write = fc.record({
  kind: fc.constantFrom('insert', 'upsert', 'rename', 'move', 'guard', 'token', 'remove', 'count'),
  n: small,
  m: small,
})

const turn = fc.record({
  who: fc.boolean(),
  writes: fc.array(write, { minLength: 1, maxLength: 3 }),
  together: fc.boolean(),
  /** Waits for it before the next begins. */
  wait: fc.boolean(),
  refresh: fc.boolean(),
})

describe('two writers on one store', () => {
  it('lose no update, break no key, leave no orphan, and end up equal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 25 }), fc.scheduler(), async (turns, s) => {
        const port = sharedPort(s)
        const stores = [1, 2].map((n) => open(port, n))
        await s.waitFor(Promise.all(stores.map((store) => store.load())))
        const [first, second] = stores
        if (first === undefined || second === undefined) return
        const counts = [0, 0, 0, 0, 0]
        await s.waitFor(first.replace({ parents: [1, 2, 3, 4].map(counter) }))

        let last: Promise<unknown> = Promise.resolve()
        const all = turns.map(async ({ who, writes, together, wait, refresh }) => {
          if (wait) await last
          const store = who ? first : second
          const done = take(store, { writes, together, counts })
          last = done
          if (refresh) await store.refresh()
          await done
        })
        await s.waitFor(Promise.all(all))
        await s.waitFor(Promise.all(stores.map((store) => store.refresh())))

        expect(stateOf(second)).toEqual(stateOf(first))
        expect(second.revisions()).toEqual(first.revisions())
        const fresh = open(port, 3)
        await s.waitFor(fresh.load())
        expect(stateOf(fresh)).toEqual(stateOf(first))
        for (const n of [1, 2, 3, 4]) {
          expect(first.get('parents', uuid(n))?.limits).toEqual({ count: String(counts[n]) })
        }
        expect(brokenRules(first)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

/** The memory store as another process would share it: each answer comes when the scheduler says so. */
function sharedPort(s: fc.Scheduler): Store {
  const store = createMemoryStore()
  return {
    ...store,
    traits: { durable: false, shared: true },
    load: () => s.schedule(store.load()),
    commit: async (expected, batch) => {
      await s.schedule(Promise.resolve(), 'on the way')
      const result = await store.commit(expected, batch)
      await s.schedule(Promise.resolve(), 'on the way back')
      return result
    },
    revision: async () => {
      await s.schedule(Promise.resolve(), 'revision')
      return store.revision()
    },
  }
}

function open(store: Store, n: number): EntityStore {
  const runtime = testClock({ from: 1000 * n })
  return createEntityStore({ entities: SMALL_ENTITIES, store, runtime, history: 5 })
}

/** Makes the writes in one commit or one by one, and counts what was promised. */
async function take(
  store: EntityStore,
  turn: {
    readonly writes: readonly { kind: string; n: number; m: number }[]
    readonly together: boolean
    readonly counts: number[]
  },
): Promise<void> {
  const { writes, together, counts } = turn
  const counted = (list: typeof writes) => {
    for (const { kind, n } of list) if (kind === 'count') counts[n] = (counts[n] ?? 0) + 1
  }
  if (!together) {
    for (const write of writes) {
      const error = await refusal(
        write.kind === 'count' ? store.batch((draft) => act(draft, write)) : act(store, write),
      )
      if (error === undefined) counted([write])
    }
    return
  }
  const work = store.batch(async (draft) => {
    for (const write of writes) await act(draft, write)
  })
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error === undefined) counted(writes)
  else expect(error).toBeInstanceOf(EntityError)
}

async function act(to: Writer, { kind, n, m }: { kind: string; n: number; m: number }) {
  const name = `x${m}`
  switch (kind) {
    case 'insert':
      return to.insert('children', { name, parent: { id: uuid(n + 4) } })
    case 'upsert':
      return to.upsert('parents', uuid(n + 4), { name, code: `c${m}` })
    case 'rename':
      return to.update('parents', uuid(n + 4), { name })
    case 'move':
      return to.upsert('children', uuid(n + 10), { name, parent: { id: uuid(m + 4) } })
    case 'guard':
      return to.upsert('guards', uuid(n + 20), { child: { id: uuid(m + 10) } })
    case 'token':
      return to.upsert('tokens', uuid(n + 30), { key: name, parent: { id: uuid(m + 4) } })
    case 'remove':
      return to.remove('parents', uuid(n + 4))
    default: {
      const limits = to.get('parents', uuid(n))?.limits
      const count = String(Number(Object(limits).count) + 1)
      return to.update('parents', uuid(n), { limits: { count } })
    }
  }
}

function counter(n: number) {
  return { id: uuid(n), name: null, code: null, limits: { count: '0' }, tags: null }
}

function stateOf(store: EntityStore) {
  return [store.revision, ...SMALL_ENTITIES.map(({ name }) => store.all(name))]
}

/** Keys that two rows share, and references to rows that are not there. */
function brokenRules(store: EntityStore): string[] {
  return SMALL_ENTITIES.flatMap(({ name, fields, uniqueTogether = [] }) => {
    const rows = store.all(name)
    const unique = Object.keys(fields).filter((field) => fields[field]?.unique === true)
    const twice = [...unique.map((field) => [field]), ...uniqueTogether].filter((key) => {
      const keys = rows
        .filter((row) => key.some((field) => row[field] !== null))
        .map((row) => JSON.stringify(key.map((field) => row[field])))
      return new Set(keys).size < keys.length
    })
    const lost = Object.entries(fields).filter(([field, { reference }]) =>
      rows.some((row) => {
        const id = Object(row[field]).id
        return reference !== undefined && id !== undefined && !store.get(reference, id)
      }),
    )
    return [...twice.map((key) => `${name}: ${key}`), ...lost.map(([field]) => `${name}: ${field}`)]
  })
}
