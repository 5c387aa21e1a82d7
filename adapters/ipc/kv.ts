import type { KV } from '../../src/ports/kv.ts'
import type { StorageCaller } from './calls.ts'

/** A KV that another process keeps for several. */
export function createIpcKV(caller: StorageCaller): KV {
  return {
    traits: { atomic: true, shared: true, oneNode: true },
    // JSON has no undefined.
    get: async (key) => (await caller.get(key)) ?? undefined,
    set: (key, value, options) => caller.set(key, value, options?.ttl),
    delete: (key) => caller.delete(key),
    list: (prefix) => caller.list(prefix),
    increment: (key, by = 1, options) => caller.increment(key, by, options?.ttl),
    close: async () => undefined,
  }
}
