import type { HeaderList } from '../../lib/header-list.ts'

/** An answer that is kept. Nothing in it changes. */
export interface KeptAnswer {
  /** Whose configuration keeps it. */
  readonly pluginId: string
  /** What clients and operators call it: `X-Cache-Key`. */
  readonly name: string
  readonly status: number
  readonly headers: HeaderList
  readonly body: Uint8Array | undefined
  /** Milliseconds since 1970. */
  readonly storedAt: number
  /** Seconds it had been on its way before it came here. */
  readonly age: number
  /** Seconds it is fresh for. */
  readonly ttl: number
  /** Milliseconds since 1970 when it is thrown away. */
  readonly until: number
  /** Whether nobody may have it once it is stale. */
  readonly strict: boolean
}

/** How old an answer is, in whole seconds. */
export function ageOf({ age, storedAt }: KeptAnswer, now: number): number {
  return age + Math.max(0, Math.floor((now - storedAt) / 1000))
}

/** What of an answer is kept: neither what belongs to one connection, nor what to one client. */
export function keptHeaders(list: readonly string[], isHead: boolean): HeaderList {
  const kept: HeaderList = []
  for (let i = 0; i < list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const name = (list[i] as string).toLowerCase()
    const isDropped = DROPPED.has(name) || name.includes('ratelimit')
    if (!isDropped || (isHead && name === 'content-length')) {
      kept.push(list[i] as string, list[i + 1] as string)
    }
  }
  return kept
}

const DROPPED = new Set([
  'age',
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'set-cookie',
  'te',
  'trailer',
  'trailers',
  'transfer-encoding',
  'upgrade',
  'x-cache-key',
  'x-cache-status',
])
