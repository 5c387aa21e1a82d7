import { messageOf } from '../../src/lib/message-of.ts'
import { ownDraining } from '../../src/ports/draining.ts'
import type { KV } from '../../src/ports/kv.ts'
import type { Store } from '../../src/ports/store.ts'
import { isStorageMessage, type StorageCalls, type StorageMessage } from './calls.ts'
import type { Wire } from './wire.ts'

/** Lets other processes use a store and a KV of this one. */
export interface StorageHost {
  /** Answers whoever is at the other end. */
  serve(wire: Wire): void
}

/** Makes the only holder of a store and a KV. Each commit is told to all who follow but its maker. */
export function createStorageHost({ store, kv }: { store: Store; kv: KV }): StorageHost {
  const followers = new Set<Wire>()
  const draining = ownDraining()
  const calls = (from: Wire): StorageCalls => ({
    load: async () => ({ ...(await store.load()), durable: store.traits.durable }),
    async commit(expectedRevision, batch) {
      const result = await store.commit(expectedRevision, batch)
      if (!result.ok) return result
      const told: StorageMessage = { kind: 'committed', revision: result.revision, batch }
      for (const wire of followers) if (wire !== from) wire.send(told)
      return result
    },
    revision: () => store.revision(),
    get: (key) => kv.get(key),
    set: (key, value, ttl) => kv.set(key, value, lasting(ttl)),
    delete: (key) => kv.delete(key),
    list: (prefix) => kv.list(prefix),
    increment: (key, by, ttl) => kv.increment(key, by, lasting(ttl)),
    isDraining: async () => draining.begun(),
    drain: async () => draining.begin(),
  })

  return {
    serve(wire) {
      const table = calls(wire)
      wire.onClose(() => followers.delete(wire))
      wire.onMessage((message) => {
        if (!isStorageMessage(message)) return
        if (message.kind === 'call') void answer(wire, table, message)
        else if (message.kind === 'follow') followers.add(wire)
      })
    },
  }
}

/** JSON has null for what was not given. */
function lasting(ttl: number | null | undefined): { readonly ttl?: number } {
  return typeof ttl === 'number' ? { ttl } : {}
}

async function answer(
  wire: Wire,
  table: StorageCalls,
  { id, method, args }: Extract<StorageMessage, { kind: 'call' }>,
): Promise<void> {
  try {
    // Proof: the other end is made by the same table of types.
    const call = table[method as keyof StorageCalls] as (...args: unknown[]) => Promise<unknown>
    const value = await call(...args)
    wire.send({ kind: 'reply', id, value } satisfies StorageMessage)
  } catch (error) {
    const text = messageOf(error)
    wire.send({ kind: 'reply', id, error: text } satisfies StorageMessage)
  }
}
