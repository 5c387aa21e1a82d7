import type { Batch, CommitResult, Json, Store } from '../../src/ports/store.ts'
import type { Loaded, StorageCaller } from './calls.ts'

/** A store that another process keeps for several, which tells of their commits. */
export interface IpcStore extends Store {
  /** Calls back when another process has committed. */
  onCommitted(listener: () => void): void
}

/**
 * Opens the store at the other end. Once somebody listens, a copy here follows each commit, so that
 * a change travels alone; a commit is known here before any answer to what is asked after it.
 * Until then nothing comes unasked: Deno 2.9 loses a listening socket that is handed over while
 * other messages are on their way, and the process that waits for it never starts.
 */
export async function openIpcStore(caller: StorageCaller): Promise<IpcStore> {
  const loaded = await caller.load()
  const known = copyOf(loaded)
  const listeners: (() => void)[] = []

  return {
    traits: { durable: loaded.durable, shared: true },
    async load() {
      // Whatever was committed before this answer has arrived before it.
      const revision = await caller.revision()
      if (revision > known.revision) refill(known, await caller.load())
      const entries = Array.from(known.values, ([key, value]) => ({ key, value }))
      return { revision: known.revision, entries }
    },
    async commit(expectedRevision: number, batch: Batch): Promise<CommitResult> {
      const result = await caller.commit(expectedRevision, batch)
      if (result.ok) follow(known, result.revision, structuredClone(batch))
      return result
    },
    revision: () => caller.revision(),
    close: async () => undefined,
    onCommitted(listener) {
      if (listeners.push(listener) > 1) return
      caller.onCommitted((revision, batch) => {
        follow(known, revision, batch)
        for (const tell of listeners) tell()
      })
    },
  }
}

interface Copy {
  revision: number
  readonly values: Map<string, Json>
}

function copyOf(loaded: Loaded): Copy {
  const copy: Copy = { revision: 0, values: new Map() }
  refill(copy, loaded)
  return copy
}

function refill(copy: Copy, { revision, entries }: Loaded): void {
  if (revision < copy.revision) return
  copy.revision = revision
  copy.values.clear()
  for (const { key, value } of entries) copy.values.set(key, value)
}

/** A commit out of turn is left: the next look finds the copy behind, and takes all anew. */
function follow(copy: Copy, revision: number, { puts, deletes }: Batch): void {
  if (revision !== copy.revision + 1) return
  copy.revision = revision
  for (const key of deletes) copy.values.delete(key)
  for (const { key, value } of puts) copy.values.set(key, value)
}
