/** A pair that may end: `until` is in milliseconds since 1970, undefined for ever. */
export interface Expiring {
  readonly value: string
  readonly until: number | undefined
}

/** Ended pairs that nobody reads are swept out whenever the map has doubled. */
const SWEEP_FROM = 1024

/** Texts by key with an end, as every KV in memory keeps them. */
export class ExpiringMap {
  readonly #pairs = new Map<string, Expiring>()
  readonly #now: () => number
  #sweepAt = SWEEP_FROM

  constructor(now: () => number) {
    this.#now = now
  }

  get(key: string): Expiring | undefined {
    const pair = this.#pairs.get(key)
    if (pair === undefined || this.#lives(pair)) return pair
    this.#pairs.delete(key)
    return undefined
  }

  set(key: string, value: string, ttl?: number): Expiring {
    return this.put(key, { value, until: ttl === undefined ? undefined : this.#now() + ttl })
  }

  /** Sets a pair whose end is known already. */
  put(key: string, pair: Expiring): Expiring {
    this.#pairs.set(key, pair)
    if (this.#pairs.size >= this.#sweepAt) this.#sweep()
    return pair
  }

  delete(key: string): boolean {
    return this.#pairs.delete(key)
  }

  /** Adds to a number; the end of an earlier addition stands. */
  increment(key: string, by: number, ttl?: number): { pair: Expiring; sum: number } {
    const before = this.get(key)
    const sum = (before === undefined ? 0 : numberIn(key, before.value)) + by
    if (before === undefined) return { pair: this.set(key, String(sum), ttl), sum }
    return { pair: this.put(key, { value: String(sum), until: before.until }), sum }
  }

  /** The living pairs whose key starts with `prefix`, by key. */
  list(prefix: string): [key: string, pair: Expiring][] {
    const found: [string, Expiring][] = []
    for (const [key, pair] of this.#pairs) {
      if (key.startsWith(prefix) && this.#lives(pair)) found.push([key, pair])
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1))
  }

  #lives(pair: Expiring): boolean {
    return pair.until === undefined || pair.until > this.#now()
  }

  #sweep(): void {
    for (const [key, pair] of this.#pairs) if (!this.#lives(pair)) this.#pairs.delete(key)
    this.#sweepAt = Math.max(SWEEP_FROM, this.#pairs.size * 2)
  }
}

function numberIn(key: string, text: string): number {
  const number = text === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(number)) throw new Error(`Cannot add to "${key}": it holds no number`)
  return number
}
