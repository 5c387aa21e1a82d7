import type { Runtime } from '../src/ports/runtime.ts'
import type { Batch, CommitResult, Entry, Store } from '../src/ports/store.ts'
import { defineEntity, type Entity } from '../src/schema/entity.ts'
import { EntityError } from '../src/schema/entity-error.ts'
import { createEntityStore, type EntityStore } from '../src/store/entity-store.ts'

const id = { type: 'string', uuid: true, auto: true } as const
const name = { type: 'string', unique: true } as const
const tags = { type: 'set', elements: { type: 'string' } } as const

/** Tables with each kind of reference and key, and one whose rows may expire. */
export const SMALL_ENTITIES: readonly Entity[] = [
  defineEntity({
    name: 'parents',
    endpointKey: 'name',
    fields: {
      id,
      name,
      code: { type: 'string', unique: true },
      limits: { type: 'map', keys: { type: 'string' }, values: { type: 'string' } },
      tags,
    },
  }),
  defineEntity({
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
  }),
  defineEntity({
    name: 'guards',
    fields: {
      id,
      parent: { type: 'foreign', reference: 'parents' },
      child: { type: 'foreign', reference: 'children', on_delete: 'null' },
    },
  }),
  defineEntity({
    name: 'tokens',
    endpointKey: 'key',
    ttl: true,
    fields: {
      id,
      key: { type: 'string', required: true, unique: true, auto: true },
      parent: { type: 'foreign', reference: 'parents', on_delete: 'cascade' },
      tags,
    },
  }),
]

/** A store port's inside, for a test to change. */
export interface Bench {
  revision: number
  readonly entries: Map<string, Entry['value']>
  fail: boolean
  beforeCommit: (() => void) | undefined
}

/** A store port whose failures and rivals a test decides. */
export function benchStore({ shared }: { readonly shared: boolean }): {
  store: Store
  bench: Bench
} {
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

/** A clock that stands until a test moves it, ids in order, and what was logged. */
export interface TestClock extends Runtime {
  time: number
  readonly logged: string[]
  /** Resolves when the work in the background is done. */
  settled(): Promise<unknown>
}

/** `from` keeps the ids of two runtimes apart. */
export function testClock({ from = 0 } = {}): TestClock {
  let count = from
  const works: Promise<unknown>[] = []
  const logged: string[] = []
  return {
    name: 'test',
    time: 1_000_000,
    logged,
    now() {
      return this.time
    },
    random: () => 0,
    uuid: () => uuid(++count),
    log: (_, message) => logged.push(message),
    background: (work) => works.push(work),
    settled: () => Promise.all(works),
  }
}

/** A UUID that is easy to read. */
export function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** What a test opens a store with. */
export interface OpenOptions {
  readonly shared?: boolean
  readonly history?: number
  readonly entities?: readonly Entity[]
}

/** An entity store over a bench, and what a test may look at and turn. */
export interface OpenStore {
  readonly store: EntityStore
  readonly bench: Bench
  readonly clock: TestClock
  /** Another one over the same port, with a clock of its own; empty until `load`. */
  rival(): EntityStore
}

/** Opens a store of small tables in this process. */
export function openStore(options: OpenOptions = {}): OpenStore {
  const { shared = false, history = 0, entities = SMALL_ENTITIES } = options
  const { store: port, bench } = benchStore({ shared })
  const clock = testClock()
  const open = (runtime: Runtime) => createEntityStore({ entities, store: port, runtime, history })
  return { store: open(clock), bench, clock, rival: () => open(testClock({ from: 1000 })) }
}

/** The body of a refusal, or another error as it is; undefined when there was none. */
export async function refusal(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  return error instanceof EntityError ? error.toBody() : error
}
