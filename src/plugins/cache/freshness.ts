import {
  type Directives,
  directivesIn,
  httpDate,
  NO_DIRECTIVES,
  secondsIn,
} from '../../lib/cache-control.ts'
import type { AnswerSide, ClientSide } from '../../pdk/exchange.ts'
import { ageOf, type KeptAnswer } from './kept-answer.ts'

/** What may be kept, and for how long. */
export interface FreshnessConfig {
  readonly cache_control: boolean
  readonly cache_ttl: number | null
  readonly storage_ttl: number | null
}

/** How long an answer may be kept and given. */
export type Lifetime = Pick<KeptAnswer, 'age' | 'ttl' | 'strict'>

/** What a request says of answers that are kept; nothing where that is not heeded. */
export function askedOf(
  { cache_control: heeded }: FreshnessConfig,
  { headers }: ClientSide,
): Directives {
  return heeded ? directivesIn(headers.all('cache-control')) : NO_DIRECTIVES
}

/** Whether a kept answer will do for a request. Stale ones are for those who ask for them. */
export function suffices(
  kept: KeptAnswer,
  asked: Directives,
  config: FreshnessConfig,
  now: number,
): boolean {
  const age = ageOf(kept, now)
  if (!config.cache_control) return age <= (config.cache_ttl ?? 300)
  const most = secondsIn(asked, 'max-age')
  if (most !== undefined && age > most) return false
  const left = kept.ttl - age
  const least = secondsIn(asked, 'min-fresh')
  if (least !== undefined && left < least) return false
  if (left > 0) return true
  if (kept.strict || !asked.has('max-stale')) return false
  return asked.get('max-stale') === true || -left <= (secondsIn(asked, 'max-stale') ?? 0)
}

/** How long an answer may be kept; undefined when not at all. */
export function lifetimeOf(
  config: FreshnessConfig,
  request: ClientSide,
  response: AnswerSide,
  now: number,
): Lifetime | undefined {
  const { cache_control: heeded, cache_ttl: ttl } = config
  if (!heeded) return { age: 0, ttl: ttl ?? 300, strict: false }
  const said = directivesIn(response.headers.all('cache-control'))
  if (['private', 'no-store', 'no-cache'].some((name) => said.has(name))) return undefined
  // RFC 9111, section 3.5: what one client proved is not for others unless the answer says so.
  const isProved = request.headers.has('authorization')
  if (isProved && !['public', 's-maxage', 'must-revalidate'].some((name) => said.has(name))) {
    return undefined
  }
  const age = Number(/^\d+$/.exec(response.headers.get('age')?.trim() ?? '')?.[0] ?? 0)
  const fresh = secondsFresh(said, response, now)
  const strict = ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => said.has(name))
  return fresh - age > 0 ? { age, ttl: fresh, strict } : undefined
}

function secondsFresh(said: Directives, { headers }: AnswerSide, now: number): number {
  const told = secondsIn(said, 's-maxage') ?? secondsIn(said, 'max-age')
  if (told !== undefined) return told
  const all = headers.all('expires')
  // Kong: of several the last one counts.
  const expires = httpDate(all[all.length - 1])
  if (expires === undefined) return 0
  return Math.floor((expires - (httpDate(headers.get('date')) ?? now)) / 1000)
}
