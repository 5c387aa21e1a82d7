import { path } from '../entities/fields.ts'
import { checkHeaderName } from '../entities/texts.ts'
import { PERIODS } from '../lib/calendar.ts'
import { definePlugin } from '../pdk/plugin.ts'
import type { EntityCheck } from '../schema/field.ts'
import { redis, redisChecks, redisShorthands } from './fields/redis.ts'
import { limitRate } from './limits/limit-rate.ts'
import { needsRedis } from './limits/open-tally.ts'
import { checkPeriodOrder, periodFields } from './limits/period-fields.ts'
import { rateLimitingMetric } from './rate-limiting/metric.ts'

/** The `sync_rate` that counts at once, as all policies do but `redis`. */
const AT_ONCE = -1

/** Limits how many requests a client makes in a period. */
export const rateLimiting = definePlugin(
  {
    name: 'rate-limiting',
    priority: 910,
    about: {
      summary:
        'Lets a client make so many requests a second, minute, hour, day, month or year, and answers 429 to more.',
      example: { minute: 60, hour: 1000, policy: 'local' },
      notes: [
        'Periods are those of the calendar, in UTC: a limit by the minute starts anew with each full minute. A request that is refused is not counted.',
        "`policy` says where the counters are. `local`: in this gateway, at once and exactly; several gateways count apart, and a restart forgets. With `workers` its processes count together, over the one that keeps the database. `cluster`: in the gateway's own store, for all gateways that share it. `redis`: in Redis, exactly for all gateways; with a `sync_rate` each gateway counts by itself and tells Redis every so many seconds.",
        "`limit_by` says whose requests count together. A client without consumer, credential or header is told by its address, so list the proxies before the gateway in `trusted_ips`. A header is a client's own word: limit by it only where it cannot be made up.",
        'When the counters cannot be reached requests pass, and the log says so; with `fault_tolerant` off they are refused with 500.',
      ],
    },
    needs: needsRedis,
    entities: [rateLimitingMetric],
    config: {
      type: 'record',
      required: true,
      shorthand_fields: redisShorthands('rate-limiting'),
      fields: {
        ...periodFields,
        limit_by: {
          type: 'string',
          default: 'consumer',
          one_of: ['consumer', 'credential', 'ip', 'service', 'header', 'path'],
        },
        header_name: { type: 'string', check: checkHeaderName },
        path,
        // Kong has no `cluster` without a database; only the Admin API knows if there is one.
        policy: {
          type: 'string',
          default: 'local',
          one_of: ['local', 'cluster', 'redis'],
          len_min: 0,
        },
        fault_tolerant: { type: 'boolean', required: true, default: true },
        redis,
        hide_client_headers: { type: 'boolean', required: true, default: false },
        error_code: { type: 'number', default: 429, gt: 0 },
        error_message: { type: 'string', default: 'API rate limit exceeded' },
        sync_rate: { type: 'number', required: true, default: AT_ONCE },
      },
      check: (config: Config) => checkPeriodOrder(config) ?? checkSyncRate(config),
    },
    entityChecks: [
      { at_least_one_of: PERIODS.map((period) => `config.${period}`) },
      ...redisChecks,
      neededToLimitBy('header', 'config.header_name'),
      neededToLimitBy('path', 'config.path'),
    ],
  },
  limitRate,
)

type Config = Readonly<Record<string, unknown>>

function neededToLimitBy(what: string, then_field: string): EntityCheck {
  return {
    conditional: {
      if_field: 'config.limit_by',
      if_match: { eq: what },
      then_field,
      then_match: { required: true },
    },
  }
}

function checkSyncRate({ policy, sync_rate: rate }: Config): string | undefined {
  if (typeof rate !== 'number' || rate === AT_ONCE) return undefined
  if (policy !== 'redis') return 'sync_rate can only be used with the redis policy'
  return rate < 0.02 ? 'sync_rate must be greater than 0.02, or -1 to disable' : undefined
}
