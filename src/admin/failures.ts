/** Wrong tokens, counted for each address. */
export interface Failures {
  /** Milliseconds until the address may try again; 0 when it may now. */
  waitFor(address: string, now: number): number
  /** Counts one; says whether it is still one of the few worth a line in the log. */
  add(address: string, now: number): boolean
}

const WINDOW = 60_000
const LIMIT = 20
/** Addresses remembered at most; the one that failed first makes room. */
const MOST = 1000

/** Lets an address fail so many times in a minute. Those without an address are counted, yet never barred. */
export function createFailures(limit = LIMIT): Failures {
  const counts = new Map<string, { count: number; readonly until: number }>()
  const current = (address: string, now: number) => {
    const found = counts.get(address)
    if (found === undefined || now < found.until) return found
    counts.delete(address)
    return undefined
  }
  return {
    waitFor(address, now) {
      const found = address === '' ? undefined : current(address, now)
      return found === undefined || found.count < limit ? 0 : found.until - now
    },
    add(address, now) {
      const found = current(address, now)
      if (found !== undefined) return ++found.count <= limit
      for (const oldest of counts.keys()) {
        if (counts.size < MOST) break
        counts.delete(oldest)
      }
      counts.set(address, { count: 1, until: now + WINDOW })
      return true
    },
  }
}
