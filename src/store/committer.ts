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
  subscribe(listener: Listener): void
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

type Listener = (changes: readonly Change[]) => void

/** What is kept in step, and what it is kept in step with. */
interface Keeping extends Pick<CommitterOptions, 'entities' | 'store' | 'runtime'> {
  readonly tables: Tables
  readonly history: History
  readonly listeners: Listener[]
  revision: number
  loaded: LoadedConfig | undefined
}

/** Starts with empty tables, at revision 0. */
export function createCommitter(options: CommitterOptions): Committer {
  const { entities, store, runtime } = options
  const tables = emptyTables(entities, () => runtime.now())
  const history = createHistory(options.history ?? 0)
  const inTurn = createQueue()
  const listeners: Listener[] = []
  const parts = { entities, store, runtime, tables, history, listeners }
  const keeping: Keeping = { ...parts, revision: 0, loaded: undefined }
  return {
    tables,
    history,
    get revision() {
      return keeping.revision
    },
    get loaded() {
      return keeping.loaded
    },
    load: () => inTurn(() => load(keeping)),
    refresh: () => inTurn(() => refresh(keeping)),
    write: (plan, by) => inTurn(() => write(keeping, plan, by)),
    subscribe: (listener) => {
      listeners.push(listener)
    },
  }
}

async function load(keeping: Keeping): Promise<void> {
  const { entities, store, runtime, tables, history } = keeping
  const all = await reach(() => store.load())
  const skip = (entry: string) => runtime.log('error', 'Cannot use a stored entry', { entry })
  const { past, present, told } = partition(all.entries)
  history.load(past, skip)
  keeping.loaded = loadedFrom(told?.value)
  take(keeping, editsTo(tables, rowsFrom(present, { entities, skip })), all.revision)
}

async function refresh(keeping: Keeping): Promise<boolean> {
  if ((await reach(() => keeping.store.revision())) === keeping.revision) return false
  await load(keeping)
  return true
}

async function write<T>(
  keeping: Keeping,
  makePlan: Planner<T>,
  by: string | undefined,
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const plan = await settled(keeping, makePlan)
    const empty = plan.edits.length === 0 && !isNews(keeping.loaded, plan.loaded)
    if (empty || (await commit(keeping, plan, by))) return plan.result()
    await load(keeping)
  }
  throw new StoreUnavailable('Cannot commit: others are always faster')
}

type Planner<T> = () => Promise<Plan<T>> | Plan<T>

/** A refusal, or nothing to do, counts only when it is judged by the newest rows. */
async function settled<T>(keeping: Keeping, makePlan: Planner<T>): Promise<Plan<T>> {
  const { store } = keeping
  try {
    const plan = await makePlan()
    if (plan.edits.length > 0 || !store.traits.shared || !(await refresh(keeping))) return plan
  } catch (error) {
    const final = error instanceof StoreUnavailable || !store.traits.shared
    if (final || !(await refresh(keeping))) throw error
  }
  return makePlan()
}

/** Whether the port was still at our revision. */
async function commit(
  keeping: Keeping,
  plan: Plan<unknown>,
  by: string | undefined,
): Promise<boolean> {
  const { store, runtime, tables, history, revision } = keeping
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
  keeping.loaded = plan.loaded ?? keeping.loaded
  take(keeping, edits, outcome.revision)
  return true
}

/** Makes edits that the port has, and tells of them. */
function take(keeping: Keeping, edits: readonly Edit[], revision: number): void {
  const { tables, listeners, runtime } = keeping
  const changes = applyEdits(tables, edits)
  keeping.revision = revision
  if (changes.length === 0) return
  for (const listener of listeners) {
    try {
      listener(changes)
    } catch (error) {
      runtime.log('error', 'Cannot tell a listener of a change', { error: String(error) })
    }
  }
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
