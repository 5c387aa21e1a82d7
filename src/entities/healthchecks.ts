import { record } from '../schema/field.ts'
import { path } from './fields.ts'
import { checkHeaderName, checkSni } from './texts.ts'

const type = {
  type: 'string',
  default: 'http',
  one_of: ['tcp', 'http', 'https', 'grpc', 'grpcs'],
} as const

/** How often; 0 is never. */
const count = { type: 'integer', default: 0, between: [0, 255] } as const

/** Seconds between probes; 0 is never. */
const interval = { type: 'number', default: 0, between: [0, 65535] } as const

const active = record({
  type,
  timeout: { type: 'number', default: 1, between: [0, 65535] },
  concurrency: { type: 'integer', default: 10, between: [1, 2147483648] },
  http_path: { ...path, default: '/' },
  https_sni: { type: 'string', required: false, check: checkSni },
  https_verify_certificate: { type: 'boolean', required: true, default: true },
  headers: {
    type: 'map',
    required: false,
    keys: { type: 'string', check: checkHeaderName },
    values: { type: 'array', elements: { type: 'string' } },
  },
  healthy: record({ interval, successes: count, http_statuses: statuses([200, 302]) }),
  unhealthy: record({
    interval,
    tcp_failures: count,
    timeouts: count,
    http_failures: count,
    http_statuses: statuses([429, 404, 500, 501, 502, 503, 504, 505]),
  }),
})

const passive = record({
  type,
  healthy: record({
    successes: count,
    http_statuses: statuses([
      200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308,
    ]),
  }),
  unhealthy: record({
    tcp_failures: count,
    timeouts: count,
    http_failures: count,
    http_statuses: statuses([429, 500, 503]),
  }),
})

/** What makes a target healthy or unhealthy: probes (active) and traffic (passive). */
export const healthchecks = {
  ...record({
    active,
    passive,
    threshold: { type: 'number', default: 0, between: [0, 100] },
  }),
  // Kong: this one default is written by hand there and leaves the threshold to its field.
  default: { active: active.default, passive: passive.default },
} as const

function statuses(codes: readonly number[]) {
  return {
    type: 'array',
    default: codes,
    elements: { type: 'integer', between: [100, 999] },
  } as const
}
