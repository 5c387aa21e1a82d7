import type { Exchange } from '../../pdk/exchange.ts'
import type { Hooks, Outcome } from '../../pdk/hooks.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { Variance } from './answer-cache.ts'
import {
  type CacheConfig,
  type Caching,
  type Fetching,
  openCaching,
  SAFE,
  tells,
} from './caching.ts'
import { collectBody, isTooLong } from './collect.ts'
import { giveKept } from './give-kept.ts'
import type { Keepable } from './keepable.ts'
import { type KeptAnswer, keptHeaders } from './kept-answer.ts'

/** Makes the hooks that keep answers and give them again. */
export function keepAnswers(config: CacheConfig, kit: Kit): Hooks {
  const caching = openCaching(config, kit)
  return {
    access: (exchange) => giveKept(caching, exchange),
    response(exchange) {
      const fetching = caching.fetching(exchange)
      return fetching === undefined ? undefined : take(caching, exchange, fetching)
    },
    // Whatever became of it: nobody waits any longer.
    log: (exchange) => caching.fetching(exchange)?.flight?.land(),
  }
}

/** Keeps an answer that may be kept. */
function take(caching: Caching, exchange: Exchange, fetching: Fetching): Outcome {
  const { place, name, status, flight } = fetching
  if (place === undefined || name === undefined) {
    show(caching, exchange, fetching)
    return forgetChanged(caching, exchange)
  }
  const now = caching.now()
  const keepable = isTooLong(exchange, caching.most)
    ? undefined
    : caching.keepableFor(exchange, now)
  if (keepable === undefined) {
    show(caching, exchange, { name, status: status && 'Bypass' })
    if (exchange.response.source === 'service') flight?.landEmpty()
    else flight?.land()
    return undefined
  }
  const keep = keeper(caching, exchange, { place, name, keepable, now })
  show(caching, exchange, fetching)
  const collected = (body: Uint8Array | undefined): void => {
    const keeping = body === undefined ? false : keep(body)
    if (keeping === true) flight?.land()
    else if (keeping === false) flight?.landEmpty()
    else flight?.landAfter(keeping)
  }
  return collectBody(exchange.response, { most: caching.most, collected })
}

/** Where an answer is to be kept, and how. */
interface Keeping {
  readonly place: string
  readonly name: string
  readonly keepable: Keepable
  readonly now: number
}

/** Takes what is to be kept of an answer before anything is added to it. */
function keeper(
  caching: Caching,
  { request, response }: Exchange,
  { place, name, keepable, now }: Keeping,
): (body: Uint8Array) => boolean | Promise<boolean> {
  const { config, pluginId, cache } = caching
  const { varies, age, ttl, strict } = keepable
  const { status } = response
  const headers = keptHeaders(response.headers.list, request.method === 'HEAD')
  const until = now + (config.storage_ttl ?? ttl - age) * 1000
  const kept = { pluginId, name, status, headers, storedAt: now, until, age, ttl, strict }
  const variance = { names: varies, headers: request.headers }
  return (body) => {
    if (caching.shared !== undefined) return share(caching, { ...kept, body }, variance)
    cache.keep(place, { ...kept, body: alone(body) }, variance)
    return true
  }
}

/** The client has its answer while the KV is told. */
function share({ shared, background }: Caching, answer: KeptAnswer, variance: Variance) {
  const keeping = shared?.keep(answer, variance) ?? Promise.resolve(false)
  background(keeping)
  return keeping
}

/** A part of a larger buffer would hold all of it. */
function alone(body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body)
}

function show(caching: Caching, exchange: Exchange, { status, name }: Fetching): void {
  const { headers } = exchange.response
  if (status !== undefined && tells(caching, exchange, 'X-Cache-Status')) {
    headers.set('X-Cache-Status', status)
  }
  if (name !== undefined && tells(caching, exchange, 'X-Cache-Key')) {
    headers.set('X-Cache-Key', name)
  }
}

/** RFC 9111, section 4.4: what changed something makes worthless what was kept of it. */
function forgetChanged(caching: Caching, exchange: Exchange): Outcome {
  const { config, cache, shared, methods, placeFor, nameFor, pluginId } = caching
  if (!config.cache_control || SAFE.has(exchange.request.method)) return undefined
  const { status } = exchange.response
  if (status < 200 || status > 399) return undefined
  const places = Array.from(methods, (method) => placeFor(exchange, method))
  if (shared === undefined) {
    for (const place of places) cache.forget(place)
    return undefined
  }
  // Who made the change is not to see afterwards what was before it.
  const forgetting = places.map((place) => shared.forget({ pluginId, name: nameFor(place) }))
  return Promise.all(forgetting).then(() => undefined)
}
