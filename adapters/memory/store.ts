import type { Batch, CommitResult, Entry, Json, Store } from '../../src/ports/store.ts'

/** Keeps configuration for as long as the process lives. Nobody shares a value with it that can change. */
export function createMemoryStore(): Store {
  const kept = new Map<string, Json>()
  let revision = 0

  return {
    traits: { durable: false, shared: false },
    load: async () => ({
      revision,
      entries: Array.from(kept, ([key, value]): Entry => ({ key, value })),
    }),
    commit: async (expectedRevision: number, batch: Batch): Promise<CommitResult> => {
      if (expectedRevision !== revision) return { ok: false, revision }
      const values = batch.puts.map(({ value }) => lasting(value))
      for (const key of batch.deletes) kept.delete(key)
      batch.puts.forEach(({ key }, at) => {
        kept.set(key, values[at] ?? null)
      })
      revision++
      return { ok: true, revision }
    },
    revision: async () => revision,
    close: async () => undefined,
  }
}

/** What is frozen is kept as it is, as a copy of ten thousand rows costs; else a copy. */
function lasting(value: Json): Json {
  // What JSON.stringify made of a Json value is one.
  return Object.isFrozen(value) ? value : (JSON.parse(JSON.stringify(value)) as Json)
}
