import { PERIODS } from '../../lib/calendar.ts'
import type { Configured, Kit } from '../../pdk/kit.ts'
import type { RuntimeCaps } from '../../pdk/plugin.ts'
import type { RedisOptions } from '../../pdk/redis/redis-client.ts'
import { getOwn, isObject } from '../../schema/field.ts'
import { kvTally } from './kv-tally.ts'
import { createLocalCounters, localTally } from './local-tally.ts'
import { redisTally } from './redis-tally.ts'
import { createSyncedCounters, syncedTally } from './synced-tally.ts'
import type { Book, PeriodLimit, Tally } from './tally.ts'

/** Where counters are kept. */
export interface Keeping {
  readonly policy: 'local' | 'cluster' | 'redis' | null
  readonly redis: unknown
}

/** Kong: stands for a plugin without route, or without service. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** The beginning of the keys of a configuration's counters: those of one scope are the same ones. */
export function bookKey(prefix: string, { routeId, serviceId }: Configured): string {
  return `${prefix}:${routeId ?? NOBODY}:${serviceId ?? NOBODY}`
}

/** The limits a configuration sets, shortest period first. */
export function limitsIn(
  config: Readonly<Record<PeriodLimit['period'], number | null>>,
): PeriodLimit[] {
  return PERIODS.flatMap((period) => {
    const limit = config[period]
    return limit === null || limit === undefined ? [] : [{ period, limit }]
  })
}

/** Opens the counters of a book where the policy keeps them. They outlive the configuration. */
export function openTally({ policy, redis }: Keeping, kit: Kit, book: Book): Tally {
  // Kong: `local` is of a node, whose processes share memory. Ours share the KV.
  if (policy === 'cluster' || (policy === 'local' && kit.kv.traits.oneNode === true)) {
    return kvTally(kit.kv, book)
  }
  if (policy === 'redis') return redisTally(kit.redis.client(redisOptions(redis)), book)
  return localTally(kit.keep('rate-limiting:local', createLocalCounters), book)
}

/** Opens counters that Redis hears of every `seconds` only. */
export function openSyncedTally(
  { redis, seconds }: { readonly redis: unknown; readonly seconds: number },
  kit: Kit,
  book: Book,
): Pick<Tally, 'take' | 'close'> {
  const options = redisOptions(redis)
  const rate = seconds * 1000
  const key = `rate-limiting:synced:${rate}:${JSON.stringify(options)}`
  const client = kit.redis.client(options)
  return syncedTally(
    kit.keep(key, () => createSyncedCounters({ client, rate, kit })),
    book,
  )
}

function redisOptions(redis: unknown): RedisOptions {
  if (!isObject(redis) || typeof redis.host !== 'string') throw new Error('redis has no host')
  // A stored record holds what the fields of `redis` say, and those are the options' own.
  return { ...redis, host: redis.host } as RedisOptions
}

/** Redis is reached over sockets. */
export function needsRedis(
  { sockets }: RuntimeCaps,
  config: Readonly<Record<string, unknown>>,
): string | undefined {
  return getOwn(config, 'policy') === 'redis' && sockets?.tcp !== true
    ? 'policy redis needs TCP sockets, which this runtime does not have'
    : undefined
}
