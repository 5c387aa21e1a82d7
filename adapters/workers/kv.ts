import type { KV } from '../../src/ports/kv.ts'
import type { CallState } from './gateway-state.ts'

/** The KV of an isolate: calls to the Durable Object, each made anew. */
export function createDurableKV(call: CallState): KV {
  return {
    traits: { atomic: true, shared: true },
    get: (key) => call((state) => state.get(key)),
    set: (key, value, options) => call((state) => state.set(key, value, options?.ttl)),
    delete: (key) => call((state) => state.delete(key)),
    list: (prefix) => call((state) => state.list(prefix)),
    increment: (key, by = 1, options) => call((state) => state.increment(key, by, options?.ttl)),
    close: async () => {},
  }
}
