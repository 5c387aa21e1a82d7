import { path } from '../entities/fields.ts'
import { checkHeaderName } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import type { EntityCheck } from '../schema/field.ts'
import { checkPeriodOrder, PERIODS, periodFields } from './period-fields.ts'
import { rateLimitingMetric } from './rate-limiting-metric.ts'
import { redis, redisChecks, redisShorthands } from './redis-fields.ts'

/** The `sync_rate` that counts at once, as all policies do but `redis`. */
const AT_ONCE = -1

/** Limits how many requests a client makes in a period. */
export const rateLimiting = definePlugin({
  name: 'rate-limiting',
  priority: 910,
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
})

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
