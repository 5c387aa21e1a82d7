import { definePlugin } from '../pdk/plugin.ts'
import { checkPeriodOrder, PERIODS, periodFields } from './period-fields.ts'
import { redis, redisChecks, redisShorthands } from './redis-fields.ts'

/** Limits by counts that the service tells in a header of its answers. */
export const responseRatelimiting = definePlugin({
  name: 'response-ratelimiting',
  priority: 900,
  config: {
    type: 'record',
    required: true,
    shorthand_fields: redisShorthands('response-ratelimiting'),
    fields: {
      header_name: { type: 'string', default: 'x-kong-limit' },
      limit_by: { type: 'string', default: 'consumer', one_of: ['consumer', 'credential', 'ip'] },
      policy: { type: 'string', default: 'local', one_of: ['local', 'cluster', 'redis'] },
      fault_tolerant: { type: 'boolean', required: true, default: true },
      redis,
      block_on_first_violation: { type: 'boolean', required: true, default: false },
      hide_client_headers: { type: 'boolean', required: true, default: false },
      limits: {
        type: 'map',
        required: true,
        len_min: 1,
        keys: { type: 'string' },
        values: {
          type: 'record',
          required: true,
          fields: periodFields,
          entity_checks: [{ at_least_one_of: PERIODS }],
          check: checkPeriodOrder,
        },
      },
    },
  },
  entityChecks: redisChecks,
})
