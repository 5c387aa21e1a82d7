import { createBoundedCache } from '../../lib/bounded-cache.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'
import { type AnswerCache, createAnswerCache } from './answer-cache.ts'
import { MOST_IN_KV, MOST_IN_MEMORY } from './collect.ts'
import { createFlights, type Flight, type Flights } from './flights.ts'
import { type Keepable, type KeepableConfig, keepable } from './keepable.ts'
import { nameOf, type PlaceConfig, placeOf } from './place.ts'
import { createSharedAnswers, type SharedAnswers } from './shared-answers.ts'

/** What proxy-cache is told. */
export interface CacheConfig extends KeepableConfig, PlaceConfig {
  readonly request_method: readonly string[]
  readonly response_headers: {
    readonly age: boolean | null
    readonly 'X-Cache-Status': boolean | null
    readonly 'X-Cache-Key': boolean | null
  }
}

/** What becomes of a request that is not answered from the cache. */
export interface Fetching {
  /** Undefined for one whose client is told nothing of it. */
  readonly status: 'Miss' | 'Refresh' | 'Bypass' | undefined
  /** Where its answer is kept; absent for one that is not. */
  readonly place?: string
  readonly name?: string
  /** What others wait for, when they do. */
  readonly flight?: Flight | undefined
}

/** One configuration at work. */
export interface Caching {
  readonly config: CacheConfig
  readonly pluginId: string
  readonly methods: ReadonlySet<string>
  readonly cache: AnswerCache
  /** Answers are there and not in the cache; undefined when they are kept in memory. */
  readonly shared: SharedAnswers | undefined
  /** Bytes of the longest body that is kept. */
  readonly most: number
  readonly flights: Flights
  now(): number
  background(work: Promise<unknown>): void
  placeFor(exchange: Exchange, method?: string): string
  /** What clients call a place. */
  nameFor(place: string): string
  keepableFor(exchange: Exchange, now: number): Keepable | undefined
  /** What was decided for a request. */
  fetching(exchange: Exchange): Fetching | undefined
  decide(exchange: Exchange, fetching: Fetching): void
}

/** Whether a client is told of the cache by a header. Kong: all of it, when it sends `Kong-Debug`. */
export function tells(
  { config }: Pick<Caching, 'config'>,
  { request }: Pick<Exchange, 'request'>,
  header: keyof CacheConfig['response_headers'],
): boolean {
  return config.response_headers[header] === true || request.headers.has('kong-debug')
}

/** Methods that change nothing. */
export const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Places whose names are known: a hash costs more than the rest of a hit. */
const PLACES = { entries: 1000, length: 1000 }

/** The one cache of a process. */
export function cacheOf(kit: Pick<Kit, 'keep'>): AnswerCache {
  return kit.keep('proxy-cache:answers', createAnswerCache)
}

/** Where the answers of a process are when it shares them; undefined when it does not. */
function sharedOf(kit: Kit): SharedAnswers | undefined {
  if (kit.answerStorage !== 'kv') return undefined
  return kit.keep('proxy-cache:shared', () => createSharedAnswers(kit))
}

/** Prepares a configuration. */
export function openCaching(config: CacheConfig, kit: Kit): Caching {
  const { plugin, runtime } = kit
  const key = {}
  const shared = sharedOf(kit)
  return {
    config,
    pluginId: plugin.id,
    methods: new Set(config.request_method),
    cache: cacheOf(kit),
    shared,
    most: shared === undefined ? MOST_IN_MEMORY : MOST_IN_KV,
    flights: createFlights(kit),
    now: () => runtime.now(),
    background: (work) => runtime.background(work),
    placeFor: placeOf(config, plugin.id),
    nameFor: createBoundedCache(nameOf, PLACES).get,
    keepableFor: keepable(config),
    // Only `decide` sets it.
    fetching: ({ shared }) => shared.get(key) as Fetching | undefined,
    decide: ({ shared }, fetching) => void shared.set(key, fetching),
  }
}
