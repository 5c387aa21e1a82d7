/** Keeps balancer state and counters. An adapter promises what `test/contract/kv.ts` checks. */
export interface KV {
  readonly traits: {
    /** `increment` loses no addition. */
    readonly atomic: boolean
    /** Other processes see the same keys. */
    readonly shared: boolean
    /** Those processes are one node: what one of them may do, all may do together. */
    readonly oneNode?: boolean
  }
  get(key: string): Promise<string | undefined>
  /** `ttl` in milliseconds. */
  set(key: string, value: string, options?: { readonly ttl?: number }): Promise<void>
  delete(key: string): Promise<void>
  /** The pairs whose key starts with `prefix`, by key. */
  list(prefix: string): Promise<readonly (readonly [key: string, value: string])[]>
  /** Adds `by` to a number (0 when absent) and returns the sum; a `ttl` counts from the first addition. */
  increment(key: string, by?: number, options?: { readonly ttl?: number }): Promise<number>
  close(): Promise<void>
}
