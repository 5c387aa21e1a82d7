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
      const puts = batch.puts.map(({ key, value }) => [key, lasting(value)] as const)
      for (const key of batch.deletes) kept.delete(key)
      for (const [key, value] of puts) kept.set(key, value)
      revision++
      return { ok: true, revision }
    },
    revision: async () => revision,
    close: async () => undefined,
  }
}

/** What is frozen through and through is kept as it is, as a copy of ten thousand rows costs; else a copy. */
function lasting(value: Json): Json {
  // What JSON.stringify made of a Json value is one.
  return isFrozen(value) ? value : (JSON.parse(JSON.stringify(value)) as Json)
}

function isFrozen(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (!Object.isFrozen(value)) return false
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && !isFrozen(part)) return false
  }
  return true
}
