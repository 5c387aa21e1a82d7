/** Remembers so many values and forgets first what was not asked for longest. */
export interface RecentMap<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): void
  delete(key: K): void
  readonly size: number
}

/** An empty one for at most so many values. */
export function createRecentMap<K, V>(most: number): RecentMap<K, V> {
  // A Map lists its keys in the order they were set.
  const values = new Map<K, V>()
  return {
    get(key) {
      const value = values.get(key)
      if (value === undefined) return undefined
      values.delete(key)
      values.set(key, value)
      return value
    },
    set(key, value) {
      values.delete(key)
      values.set(key, value)
      if (values.size <= most) return
      for (const oldest of values.keys()) {
        values.delete(oldest)
        return
      }
    },
    delete(key) {
      values.delete(key)
    },
    get size() {
      return values.size
    },
  }
}
