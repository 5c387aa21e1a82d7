import type { Batch, CommitResult, Entry, Json, Store } from '../../src/ports/store.ts'

/** Keeps configuration for as long as the process lives. Values are kept as text, so nobody shares an object with it. */
export function createMemoryStore(): Store {
  const texts = new Map<string, string>()
  let revision = 0

  return {
    traits: { durable: false, shared: false },
    load: async () => ({ revision, entries: entriesOf(texts) }),
    commit: async (expectedRevision: number, batch: Batch): Promise<CommitResult> => {
      if (expectedRevision !== revision) return { ok: false, revision }
      const puts = batch.puts.map(({ key, value }) => [key, JSON.stringify(value)] as const)
      for (const key of batch.deletes) texts.delete(key)
      for (const [key, text] of puts) texts.set(key, text)
      revision++
      return { ok: true, revision }
    },
    revision: async () => revision,
    close: async () => undefined,
  }
}

function entriesOf(texts: ReadonlyMap<string, string>): Entry[] {
  // Only what JSON.stringify made of a Json value was kept.
  return Array.from(texts, ([key, text]) => ({ key, value: JSON.parse(text) as Json }))
}
