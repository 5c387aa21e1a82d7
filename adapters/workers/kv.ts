import type { KV } from '../../src/ports/kv.ts'
import type { StateRef } from './gateway-state.ts'

/** The KV of an isolate: calls to the Durable Object, each on behalf of the request that asks. */
export function createDurableKV(state: () => StateRef): KV {
  return {
    traits: { atomic: true, shared: true },
    get: (key) => state().get(key),
    set: (key, value, options) => state().set(key, value, options?.ttl),
    delete: (key) => state().delete(key),
    list: (prefix) => state().list(prefix),
    increment: (key, by = 1, options) => state().increment(key, by, options?.ttl),
    close: async () => {},
  }
}
