import { createRecentMap } from './recent-map.ts'

/** What was found out of texts, the last so many of them; a long text is asked anew each time. */
export interface BoundedCache<V> {
  get(text: string): V
}

/** Keeps what `find` gives for at most `entries` texts of at most `length` chars. */
export function createBoundedCache<V>(
  find: (text: string) => V,
  { entries, length = 256 }: { readonly entries: number; readonly length?: number },
): BoundedCache<V> {
  const known = createRecentMap<string, { readonly value: V }>(entries)
  return {
    get(text) {
      if (text.length > length) return find(text)
      const hit = known.get(text)
      if (hit !== undefined) return hit.value
      const value = find(text)
      known.set(text, { value })
      return value
    },
  }
}
