import type { Runtime } from '../ports/runtime.ts'
import type { Store } from '../ports/store.ts'
import type { Entity } from '../schema/entity.ts'
import { createQueue } from './queue.ts'
import { StoreUnavailable } from './store-unavailable.ts'
import {
  applyEdits,
  type Change,
  type Edit,
  editsTo,
  emptyTables,
  entryOf,
  keyOf,
  rowsFrom,
  type Tables,
} from './tables.ts'

/** What a write wants: the edits, and what it answers, asked once they are made. */
export interface Plan<T> {
  readonly edits: readonly Edit[]
  result(): T
}

/** Keeps the tables in step with the port. */
export interface Committer {
  readonly tables: Tables
  readonly revision: number
  /** Takes in all that the port has. */
  load(): Promise<void>
  /** Takes in what others committed; true when there was something. */
  refresh(): Promise<boolean>
  /** Makes a plan's edits, all or none; plans again after another's commit. */
  write<T>(plan: () => Plan<T>): Promise<T>
  subscribe(listener: (changes: readonly Change[]) => void): void
}

export interface CommitterOptions {
  readonly entities: readonly Entity[]
  readonly store: Store
  readonly runtime: Runtime
}

/** Somebody else's commit is behind every lost attempt, so this many in a row mean that something is wrong. */
const ATTEMPTS = 100

/** Starts with empty tables, at revision 0. */
export function createCommitter({ entities, store, runtime }: CommitterOptions): Committer {
  const tables = emptyTables(entities)
  const listeners: ((changes: readonly Change[]) => void)[] = []
  const inTurn = createQueue()
  let revision = 0

  function take(edits: readonly Edit[], newRevision: number): void {
    const changes = applyEdits(tables, edits)
    revision = newRevision
    if (changes.length === 0) return
    for (const listener of listeners) {
      try {
        listener(changes)
      } catch (error) {
        runtime.log('error', 'Cannot tell a listener of a change', { error: String(error) })
      }
    }
  }

  async function load(): Promise<void> {
    const loaded = await reach(() => store.load())
    const skip = (key: string) => runtime.log('error', 'Cannot use a stored entry', { key })
    take(editsTo(tables, rowsFrom(loaded.entries, { entities, skip })), loaded.revision)
  }

  async function refresh(): Promise<boolean> {
    if ((await reach(() => store.revision())) === revision) return false
    await load()
    return true
  }

  async function write<T>(makePlan: () => Plan<T>): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const plan = await settled(makePlan, { stale: () => store.traits.shared, refresh })
      if (plan.edits.length === 0) return plan.result()
      const outcome = await reach(() => store.commit(revision, batchOf(plan.edits)))
      if (outcome.ok) {
        take(plan.edits, outcome.revision)
        return plan.result()
      }
      await load()
    }
    throw new StoreUnavailable('Cannot commit: others are always faster')
  }

  return {
    tables,
    get revision() {
      return revision
    },
    load: () => inTurn(load),
    refresh: () => inTurn(refresh),
    write: (plan) => inTurn(() => write(plan)),
    subscribe: (listener) => {
      listeners.push(listener)
    },
  }
}

/** A refusal, or nothing to do, counts only when it is judged by the newest rows. */
async function settled<T>(
  makePlan: () => Plan<T>,
  { stale, refresh }: { stale: () => boolean; refresh: () => Promise<boolean> },
): Promise<Plan<T>> {
  try {
    const plan = makePlan()
    if (plan.edits.length > 0 || !stale() || !(await refresh())) return plan
  } catch (error) {
    if (error instanceof StoreUnavailable || !stale() || !(await refresh())) throw error
  }
  return makePlan()
}

function batchOf(edits: readonly Edit[]) {
  return {
    puts: edits.flatMap(({ entity, row }) => (row === undefined ? [] : [entryOf(entity, row)])),
    deletes: edits.flatMap(({ entity, id, row }) => (row === undefined ? [keyOf(entity, id)] : [])),
  }
}

async function reach<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw new StoreUnavailable('The configuration store is not available', { cause })
  }
}
