import type { KV } from '../../src/ports/kv.ts'
import { ExpiringMap } from './expiring-map.ts'

/** Keeps state and counters for as long as the process lives. */
export function createMemoryKV({ now = Date.now }: { readonly now?: () => number } = {}): KV {
  const pairs = new ExpiringMap(now)
  return {
    traits: { atomic: true, shared: false },
    get: async (key) => pairs.get(key)?.value,
    set: async (key, value, options) => {
      pairs.set(key, value, options?.ttl)
    },
    delete: async (key) => {
      pairs.delete(key)
    },
    list: async (prefix) => pairs.list(prefix).map(([key, pair]) => [key, pair.value] as const),
    increment: async (key, by = 1, options) => pairs.increment(key, by, options?.ttl).sum,
    close: async () => undefined,
  }
}
