import { PERIODS } from '../lib/calendar.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { redis, redisChecks, redisShorthands } from './fields/redis.ts'
import { limitUses } from './limits/limit-uses.ts'
import { needsRedis } from './limits/open-tally.ts'
import { checkUsesOrder, periodFields } from './limits/period-fields.ts'

/** Limits by counts that the service tells in a header of its answers. */
export const responseRatelimiting = definePlugin(
  {
    name: 'response-ratelimiting',
    priority: 900,
    about: {
      summary:
        'Lets a client use up so much of something in each period, as the upstream tells in a header of its answers.',
      example: { limits: { sms: { minute: 10, day: 200 } } },
      notes: [
        'The upstream answers with `X-Kong-Limit: sms=2, video=1`; the header does not reach the client. It is asked with `X-RateLimit-Remaining-<name>`, so that it can say no by itself.',
        'A request passes until the answer shows that its limit was used up before: then the client gets 429 in its place. With `block_on_first_violation` nobody asks the upstream while any limit is used up.',
        'What is used is counted after the upstream answered, so requests at the same time may go beyond a limit. Periods and `policy` are as in rate-limiting.',
      ],
    },
    needs: needsRedis,
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
            check: checkUsesOrder,
          },
        },
      },
    },
    entityChecks: redisChecks,
  },
  limitUses,
)
