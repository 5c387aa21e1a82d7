import { ANN, KEY } from './rows-consumer.ts'
import { bare, type PluginRow, refused } from './rows-row.ts'

const rate = (config: object) => [{ name: 'rate-limiting', config }]

const rateLimiting: readonly PluginRow[] = [
  {
    what: 'rate-limiting: one that may be',
    plugins: rate({ hour: 3, year: 9 }),
    status: 200,
    headers: {
      'x-ratelimit-limit-hour': '3',
      'x-ratelimit-remaining-hour': '2',
      'x-ratelimit-limit-year': '9',
      'x-ratelimit-remaining-year': '8',
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
      'ratelimit-reset': /^\d+$/,
      'retry-after': null,
    },
  },
  {
    what: 'rate-limiting: one more than may be',
    plugins: rate({ year: 2 }),
    times: 3,
    reached: 2,
    status: 429,
    headers: {
      'x-ratelimit-limit-year': '2',
      'x-ratelimit-remaining-year': '0',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '0',
      'ratelimit-reset': /^\d+$/,
      'retry-after': /^\d+$/,
    },
    body: refused('API rate limit exceeded'),
  },
  {
    what: 'rate-limiting: counted by the KV',
    plugins: rate({ year: 1, policy: 'cluster', error_code: 420, error_message: 'Slow down' }),
    times: 2,
    reached: 1,
    status: 420,
    body: refused('Slow down'),
  },
  {
    what: 'rate-limiting: headers hidden',
    plugins: rate({ year: 1, hide_client_headers: true }),
    times: 2,
    status: 429,
    headers: { 'x-ratelimit-limit-year': null, 'ratelimit-limit': null, 'retry-after': null },
  },
  {
    what: 'rate-limiting: by a header, another one',
    plugins: rate({ year: 1, limit_by: 'header', header_name: 'x-who' }),
    before: [{ headers: { 'x-who': 'a' } }],
    asked: { headers: { 'x-who': 'b' } },
    status: 200,
    headers: { 'x-ratelimit-remaining-year': '0' },
  },
  {
    what: 'rate-limiting: by a header, the same one',
    plugins: rate({ year: 1, limit_by: 'header', header_name: 'x-who' }),
    times: 2,
    asked: { headers: { 'x-who': 'a' } },
    status: 429,
  },
  {
    what: 'rate-limiting: by address, another one',
    plugins: rate({ year: 1, limit_by: 'ip' }),
    before: [{ headers: { 'x-real-ip': '10.0.0.1' } }],
    asked: { headers: { 'x-real-ip': '10.0.0.2' } },
    status: 200,
  },
  {
    what: 'rate-limiting: by consumer, another one',
    plugins: [KEY, ...rate({ year: 1 })],
    before: [{ headers: { apikey: 'bob-key' } }],
    asked: ANN,
    status: 200,
  },
  {
    what: 'rate-limiting: by consumer, from another address',
    plugins: [KEY, ...rate({ year: 1 })],
    before: [{ headers: { apikey: 'ann-key', 'x-real-ip': '10.0.0.1' } }],
    asked: ANN,
    status: 429,
    body: refused('API rate limit exceeded'),
  },
  {
    what: 'rate-limiting: by service, from another address',
    plugins: rate({ year: 1, limit_by: 'service' }),
    before: [{ headers: { 'x-real-ip': '10.0.0.1' } }],
    status: 429,
  },
  {
    what: 'rate-limiting: no Redis, tolerated',
    plugins: rate({ year: 1, policy: 'redis', redis: { host: '127.0.0.1', port: 1 } }),
    times: 2,
    status: 200,
    headers: { 'x-ratelimit-limit-year': null },
  },
  {
    what: 'rate-limiting: no Redis, not tolerated',
    plugins: rate({
      year: 1,
      policy: 'redis',
      redis: { host: '127.0.0.1', port: 1 },
      fault_tolerant: false,
    }),
    status: 500,
    body: bare('An unexpected error occurred'),
  },
]

const uses = (config: object) => [{ name: 'response-ratelimiting', config }]

const responseRatelimiting: readonly PluginRow[] = [
  {
    what: 'response-ratelimiting: nothing used',
    plugins: uses({ limits: { video: { hour: 5 } } }),
    status: 200,
    headers: { 'x-ratelimit-limit-video-hour': '5', 'x-ratelimit-remaining-video-hour': '5' },
    upstream: { 'x-ratelimit-remaining-video': '5' },
  },
  {
    what: 'response-ratelimiting: two used',
    plugins: uses({ limits: { video: { year: 5 } } }),
    asked: { path: '/answer?x-kong-limit=video=2' },
    times: 2,
    status: 200,
    headers: {
      'x-ratelimit-limit-video-year': '5',
      'x-ratelimit-remaining-video-year': '1',
      'x-kong-limit': null,
    },
  },
  {
    what: 'response-ratelimiting: all used, and more',
    plugins: uses({ limits: { video: { year: 2 } } }),
    asked: { path: '/answer?x-kong-limit=video=1' },
    times: 3,
    reached: 3,
    status: 429,
    headers: { 'x-ratelimit-remaining-video-year': '0', 'x-kong-limit': null },
    body: '',
  },
  {
    what: 'response-ratelimiting: all used, and nobody asked any more',
    plugins: uses({ limits: { video: { year: 2 } }, block_on_first_violation: true }),
    asked: { path: '/answer?x-kong-limit=video=1' },
    times: 3,
    reached: 2,
    status: 429,
    body: refused("API rate limit exceeded for 'video'"),
  },
  {
    what: 'response-ratelimiting: headers hidden',
    plugins: uses({ limits: { video: { year: 2 } }, hide_client_headers: true }),
    asked: { path: '/answer?x-kong-limit=video=1' },
    status: 200,
    headers: { 'x-ratelimit-limit-video-year': null, 'x-kong-limit': null },
  },
]

const size = (config: object) => [{ name: 'request-size-limiting', config }]
const FOUR = { allowed_payload_size: 4, size_unit: 'bytes' }

const sizes: readonly PluginRow[] = [
  {
    what: 'request-size-limiting: as long as may be',
    plugins: size(FOUR),
    asked: { method: 'POST', body: 'four' },
    status: 200,
    upstreamBody: 'four',
  },
  {
    what: 'request-size-limiting: too long',
    plugins: size(FOUR),
    asked: { method: 'POST', body: 'fives' },
    status: 413,
    body: refused('Request size limit exceeded'),
  },
  {
    what: 'request-size-limiting: too long, its length untold',
    plugins: size(FOUR),
    asked: { method: 'POST', body: 'fives', chunked: true },
    status: 413,
    body: refused('Request size limit exceeded'),
  },
  {
    what: 'request-size-limiting: as long as may be, its length untold',
    plugins: size(FOUR),
    asked: { method: 'POST', body: 'four', chunked: true },
    status: 200,
    upstreamBody: 'four',
  },
  {
    what: 'request-size-limiting: too long in kilobytes',
    plugins: size({ allowed_payload_size: 1, size_unit: 'kilobytes' }),
    asked: { method: 'POST', body: 'x'.repeat(1025) },
    status: 413,
    body: refused('Request size limit exceeded'),
  },
  {
    what: 'request-size-limiting: too long in megabytes',
    plugins: size({ allowed_payload_size: 1 }),
    asked: { method: 'POST', body: 'x'.repeat(2 ** 20 + 1) },
    status: 413,
    body: refused('Request size limit exceeded'),
  },
  {
    what: 'request-size-limiting: no length',
    plugins: size({ require_content_length: true }),
    asked: {},
    status: 411,
    body: refused('A valid Content-Length header is required'),
  },
  {
    what: 'request-size-limiting: no length but chunks',
    plugins: size({ require_content_length: true }),
    asked: { method: 'POST', body: 'x', chunked: true },
    status: 200,
    upstreamBody: 'x',
  },
]

/** How often, how much and how large. */
export const LIMIT_ROWS: readonly PluginRow[] = [...rateLimiting, ...responseRatelimiting, ...sizes]
