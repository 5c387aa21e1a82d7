import type { Directives } from '../../lib/cache-control.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitWith } from '../../pdk/exit.ts'
import type { Outcome } from '../../pdk/hooks.ts'
import { type Caching, SAFE, tells } from './caching.ts'
import { askedOf, suffices } from './freshness.ts'
import { ageOf, type KeptAnswer } from './kept-answer.ts'
import { isUnchanged } from './not-modified.ts'

/** Answers a request from the cache, or decides what becomes of it. Nothing is awaited for a hit in memory. */
export function giveKept(caching: Caching, exchange: Exchange): Outcome {
  const { request } = exchange
  const { config, methods } = caching
  const asked = askedOf(config, request)
  const isSafe = SAFE.has(request.method)
  // A body that makes no difference to the key must make none to the answer.
  const isCached = methods.has(request.method) && !request.upgrade && !(isSafe && request.hasBody)
  if (!isCached || asked.has('no-store') || asked.has('no-cache')) {
    caching.decide(exchange, { status: 'Bypass' })
    return undefined
  }
  return look(caching, { exchange, place: caching.placeFor(exchange), asked, waited: false })
}

/** Whether a request changes nothing and wants what others want: nothing fresher, no part, no 304. */
function isPlain({ request: { method, headers } }: Exchange, asked: Directives): boolean {
  if (!SAFE.has(method) || asked.has('max-age') || asked.has('min-fresh')) return false
  return !OWN_WISHES.some((name) => headers.has(name))
}

const OWN_WISHES = [
  'range',
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
]

/** Who looks, where and for what. */
interface Visit {
  readonly exchange: Exchange
  readonly place: string
  readonly asked: Directives
  /** Whether somebody else was waited for already. */
  readonly waited: boolean
}

function look(caching: Caching, visit: Visit): Outcome {
  const { cache, shared, pluginId } = caching
  const { exchange, place } = visit
  const { headers } = exchange.request
  if (shared === undefined) {
    return settle(caching, visit, cache.find(place, headers, caching.now()))
  }
  return shared
    .find({ pluginId, name: caching.nameFor(place) }, headers)
    .then((kept) => settle(caching, visit, kept))
}

function settle(caching: Caching, visit: Visit, kept: KeptAnswer | undefined): Outcome {
  const { flights, config } = caching
  const { exchange, place, asked, waited } = visit
  const now = caching.now()
  if (kept !== undefined && suffices(kept, asked, config, now)) {
    return hit(caching, exchange, kept)
  }
  const name = kept?.name ?? caching.nameFor(place)
  if (asked.has('only-if-cached')) {
    caching.decide(exchange, { status: undefined, name })
    return exitWith(504)
  }
  const mayWait = !waited && isPlain(exchange, asked)
  const other = mayWait ? flights.to(place) : undefined
  if (other !== undefined) {
    return other.wait().then(() => look(caching, { ...visit, waited: true }))
  }
  const status = kept === undefined ? 'Miss' : 'Refresh'
  const flight = mayWait ? flights.start(place) : undefined
  caching.decide(exchange, { status, place, name, flight })
  return undefined
}

function hit(caching: Caching, exchange: Exchange, kept: KeptAnswer): Exit {
  const headers = [...kept.headers]
  if (tells(caching, exchange, 'age')) headers.push('Age', `${ageOf(kept, caching.now())}`)
  if (tells(caching, exchange, 'X-Cache-Status')) headers.push('X-Cache-Status', 'Hit')
  if (tells(caching, exchange, 'X-Cache-Key')) headers.push('X-Cache-Key', kept.name)
  if (caching.config.cache_control && isUnchanged(exchange.request, kept)) {
    return { status: 304, headers, body: undefined, kept: true }
  }
  return { status: kept.status, headers, body: kept.body, kept: true }
}
