import type { KV } from '../ports/kv.ts'
import type { Runtime } from '../ports/runtime.ts'

/** What a node tells the others of a peer. */
export interface Hint {
  readonly state: 'healthy' | 'unhealthy'
  /** Milliseconds since 1970, by the clock of the node that saw it. */
  readonly at: number
  readonly reason: string
}

/** Health shared through the KV: told at once, read at most once a second, waited for by nobody. */
export interface Hints {
  publish(upstreamId: string, peerId: string, hint: Hint): void
  /** Starts reading when it is time, and gives the milliseconds until it is again. */
  poll(now: number): number
}

/** Takes another's hint; false when it means nothing here yet, and is to be offered again. */
export type Receive = (upstreamId: string, peerId: string, hint: Hint) => boolean

const PREFIX = 'health:'
const PERIOD = 1_000
const LIFETIME = 86_400_000
const SILENCE = 60_000

/** Exchanges hints. Without the KV each node goes on with what it sees itself. */
export function createHints(kv: KV, runtime: Runtime, receive: Receive): Hints {
  const seen = new Map<string, string>()
  /** What the KV did not take yet. */
  const untold = new Map<string, string>()
  const complain = createComplaint(runtime)
  let nextAt = 0
  let reading = false
  const write = async (key: string, value: string) => {
    await kv.set(key, value, { ttl: LIFETIME })
    if (untold.get(key) === value) untold.delete(key)
  }
  const read = async () => {
    const pairs = await kv.list(PREFIX)
    takeNews(seen, pairs, receive)
    for (const [key, value] of untold) await write(key, value)
    forgetAllBut(seen, pairs)
  }
  return {
    publish(upstreamId, peerId, hint) {
      const key = `${PREFIX}${upstreamId}:${peerId}`
      const value = JSON.stringify(hint)
      if (kv.traits.shared) for (const map of [seen, untold]) map.set(key, value)
      runtime.background(write(key, value).catch(complain))
    },
    poll(now) {
      if (!kv.traits.shared) return Number.POSITIVE_INFINITY
      if (now < nextAt) return nextAt - now
      nextAt = now + PERIOD
      if (reading) return PERIOD
      reading = true
      const done = () => {
        reading = false
      }
      runtime.background(read().catch(complain).finally(done))
      return PERIOD
    },
  }
}

/** Logs that the KV is away, once in a while. */
function createComplaint(runtime: Runtime): (error: unknown) => void {
  let silentUntil = 0
  return (error) => {
    const now = runtime.now()
    if (now < silentUntil) return
    silentUntil = now + SILENCE
    runtime.log('warn', 'Cannot share health through the KV', { error: String(error) })
  }
}

type Pairs = readonly (readonly [key: string, value: string])[]

function takeNews(seen: Map<string, string>, pairs: Pairs, receive: Receive): void {
  for (const [key, value] of pairs) {
    if (seen.get(key) !== value && deliver(key, value, receive)) seen.set(key, value)
  }
}

function forgetAllBut(seen: Map<string, string>, pairs: Pairs): void {
  if (seen.size <= pairs.length) return
  const live = new Set(pairs.map(([key]) => key))
  for (const key of seen.keys()) if (!live.has(key)) seen.delete(key)
}

/** An upstream's id has no colon; a peer's has. */
function deliver(key: string, value: string, receive: Receive): boolean {
  const colon = key.indexOf(':', PREFIX.length)
  const hint = parseHint(value)
  if (colon === -1 || hint === undefined) return true
  return receive(key.slice(PREFIX.length, colon), key.slice(colon + 1), hint)
}

function parseHint(text: string): Hint | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { state, at, reason } = value as Partial<Record<string, unknown>> // any object has these or not
  if (state !== 'healthy' && state !== 'unhealthy') return undefined
  if (typeof at !== 'number' || !Number.isFinite(at)) return undefined
  return { state, at, reason: typeof reason === 'string' ? reason : '' }
}
