import type { Runtime } from '../ports/runtime.ts'
import type { Batch, Entry, Store } from '../ports/store.ts'
import type { Entity } from '../schema/entity.ts'
import { createHistory, type History } from './history.ts'
import { isNews, LOADED, type LoadedConfig, loadedEntry, loadedFrom } from './loaded.ts'
import { createQueue } from './queue.ts'
import { REVISIONS, revisionOf } from './revision.ts'
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
  /** The text that all there is comes from then. */
  readonly loaded?: LoadedConfig | undefined
  result(): T
}

/** Keeps the tables in step with the port. */
export interface Committer {
  readonly tables: Tables
  readonly revision: number
  readonly loaded: LoadedConfig | undefined
  readonly history: History
  /** Takes in all that the port has. */
  load(): Promise<void>
  /** Takes in what others committed; true when there was something. */
  refresh(): Promise<boolean>
  /** Makes a plan's edits, all or none; plans again after another's commit. `by` is who asks. */
  write<T>(plan: () => Promise<Plan<T>> | Plan<T>, by?: string): Promise<T>
  subscribe(listener: (changes: readonly Change[]) => void): void
}

export interface CommitterOptions {
  readonly entities: readonly Entity[]
  readonly store: Store
  readonly runtime: Runtime
  /** How many of the last commits can be undone. */
  readonly history?: number
}

/** Somebody else's commit is behind every lost attempt, so this many in a row mean that something is wrong. */
const ATTEMPTS = 100

/** Starts with empty tables, at revision 0. */
export function createCommitter(options: CommitterOptions): Committer {
  const { entities, store, runtime } = options
  const tables = emptyTables(entities, () => runtime.now())
  const history = createHistory(options.history ?? 0)
  const listeners: ((changes: readonly Change[]) => void)[] = []
  const inTurn = createQueue()
  let revision = 0
  let loaded: LoadedConfig | undefined

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
    const all = await reach(() => store.load())
    const skip = (entry: string) => runtime.log('error', 'Cannot use a stored entry', { entry })
    const { past, present, told } = partition(all.entries)
    history.load(past, skip)
    loaded = loadedFrom(told?.value)
    take(editsTo(tables, rowsFrom(present, { entities, skip })), all.revision)
  }

  async function refresh(): Promise<boolean> {
    if ((await reach(() => store.revision())) === revision) return false
    await load()
    return true
  }

  /** Whether the port was still at our revision. */
  async function commit(plan: Plan<unknown>, by: string | undefined): Promise<boolean> {
    const { edits } = plan
    const head = { revision: revision + 1, at: runtime.now(), by }
    const entry = history.next(() => revisionOf(head, { edits, tables }))
    const rows = batchOf(edits)
    const told = plan.loaded === undefined ? [] : [loadedEntry(plan.loaded)]
    const outcome = await reach(() =>
      store.commit(revision, {
        puts: [...rows.puts, ...entry.puts, ...told],
        deletes: [...rows.deletes, ...entry.deletes],
      }),
    )
    if (!outcome.ok) return false
    entry.take()
    loaded = plan.loaded ?? loaded
    take(edits, outcome.revision)
    return true
  }

  async function write<T>(makePlan: Planner<T>, by: string | undefined): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const plan = await settled(makePlan, { stale: () => store.traits.shared, refresh })
      const empty = plan.edits.length === 0 && !isNews(loaded, plan.loaded)
      if (empty || (await commit(plan, by))) return plan.result()
      await load()
    }
    throw new StoreUnavailable('Cannot commit: others are always faster')
  }

  return {
    tables,
    history,
    get revision() {
      return revision
    },
    get loaded() {
      return loaded
    },
    load: () => inTurn(load),
    refresh: () => inTurn(refresh),
    write: (plan, by) => inTurn(() => write(plan, by)),
    subscribe: (listener) => {
      listeners.push(listener)
    },
  }
}

type Planner<T> = () => Promise<Plan<T>> | Plan<T>

/** A refusal, or nothing to do, counts only when it is judged by the newest rows. */
async function settled<T>(
  makePlan: Planner<T>,
  { stale, refresh }: { stale: () => boolean; refresh: () => Promise<boolean> },
): Promise<Plan<T>> {
  try {
    const plan = await makePlan()
    if (plan.edits.length > 0 || !stale() || !(await refresh())) return plan
  } catch (error) {
    if (error instanceof StoreUnavailable || !stale() || !(await refresh())) throw error
  }
  return makePlan()
}

/** The entries of past revisions, those of rows, and the one that tells of a text. */
function partition(entries: readonly Entry[]) {
  const past: Entry[] = []
  const present: Entry[] = []
  let told: Entry | undefined
  for (const entry of entries) {
    if (entry.key === LOADED) told = entry
    else (entry.key.startsWith(REVISIONS) ? past : present).push(entry)
  }
  return { past, present, told }
}

function batchOf(edits: readonly Edit[]): Batch {
  const puts: Entry[] = []
  const deletes: string[] = []
  for (const { entity, id, row } of edits) {
    if (row === undefined) deletes.push(keyOf(entity, id))
    else puts.push(entryOf(entity, row))
  }
  return { puts, deletes }
}

async function reach<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw new StoreUnavailable('The configuration store is not available', { cause })
  }
}
