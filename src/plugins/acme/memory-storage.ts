import type { AcmeStorage } from './storage.ts'

interface Kept {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

/** Keeps them in this process, as long as it lives. */
export function createMemoryStorage(now: () => number): AcmeStorage {
  const kept = new Map<string, Kept>()
  const find = (key: string): string | undefined => {
    const found = kept.get(key)
    if (found === undefined) return undefined
    if (found.endsAt > now()) return found.value
    kept.delete(key)
    return undefined
  }
  const put = (key: string, value: string, ttl: number | undefined) => {
    kept.set(key, {
      value,
      endsAt: ttl === undefined ? Number.POSITIVE_INFINITY : now() + ttl * 1000,
    })
  }
  return {
    get: async (key) => find(key),
    set: async (key, value, ttl) => put(key, value, ttl),
    async add(key, value, ttl) {
      if (find(key) !== undefined) return false
      put(key, value, ttl)
      return true
    },
    delete: async (key) => {
      kept.delete(key)
    },
    list: async (prefix) =>
      Array.from(kept.keys()).filter((key) => key.startsWith(prefix) && find(key) !== undefined),
  }
}
