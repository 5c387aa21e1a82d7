import type { PluginRow } from './rows-row.ts'

const cors = (config: object = {}) => [{ name: 'cors', config }]
const ASKS = { 'access-control-request-method': 'PUT' }
const preflight = (origin: string, more: object = {}) => ({
  method: 'OPTIONS',
  headers: { origin, ...ASKS, ...more },
})

/** Which origins may read an answer. */
export const ORIGIN_ROWS: readonly PluginRow[] = [
  {
    what: 'cors: a preflight',
    plugins: cors({ origins: ['http://a.test'], max_age: 60 }),
    asked: preflight('http://a.test'),
    status: 200,
    headers: {
      'access-control-allow-origin': 'http://a.test',
      'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT',
      'access-control-max-age': '60',
      'access-control-allow-credentials': null,
      vary: 'Origin',
    },
    body: '',
    reached: 0,
  },
  {
    what: 'cors: a preflight of another origin',
    plugins: cors({ origins: ['http://a.test', 'http://b.test'] }),
    asked: preflight('http://evil.test'),
    status: 200,
    headers: { 'access-control-allow-origin': null, vary: 'Origin' },
    reached: 0,
  },
  {
    what: 'cors: a preflight that asks for headers',
    plugins: cors(),
    asked: preflight('http://a.test', { 'access-control-request-headers': 'x-a,x-b' }),
    status: 200,
    headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'x-a,x-b' },
    reached: 0,
  },
  {
    what: 'cors: a preflight that asks for other headers and methods than may be',
    plugins: cors({ headers: ['x-c'], methods: ['GET'] }),
    asked: preflight('http://a.test', { 'access-control-request-headers': 'x-a' }),
    status: 200,
    headers: { 'access-control-allow-headers': 'x-c', 'access-control-allow-methods': 'GET' },
    reached: 0,
  },
  {
    what: 'cors: a preflight of a private network',
    plugins: cors({ private_network: true }),
    asked: preflight('http://a.test', { 'access-control-request-private-network': 'true' }),
    status: 200,
    headers: { 'access-control-allow-private-network': 'true' },
    reached: 0,
  },
  {
    what: 'cors: a preflight that goes on',
    plugins: cors({ preflight_continue: true }),
    asked: preflight('http://a.test'),
    status: 200,
    headers: { 'x-target': 'a', 'access-control-allow-origin': null },
    reached: 1,
  },
  {
    what: 'cors: an OPTIONS that asks nothing',
    plugins: cors(),
    asked: { method: 'OPTIONS', headers: { origin: 'http://a.test' } },
    status: 200,
    headers: { 'x-target': 'a', 'access-control-allow-origin': '*' },
    reached: 1,
  },
  {
    what: 'cors: a request',
    plugins: cors(),
    asked: { headers: { origin: 'http://b.test' } },
    status: 200,
    headers: { 'access-control-allow-origin': '*', vary: null },
  },
  {
    what: 'cors: a request with credentials',
    plugins: cors({ credentials: true, exposed_headers: ['x-a', 'x-b'] }),
    asked: { headers: { origin: 'http://b.test' } },
    status: 200,
    headers: {
      'access-control-allow-origin': 'http://b.test',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-a,x-b',
      vary: 'Origin',
    },
  },
  {
    what: 'cors: a request of an origin by a pattern',
    plugins: cors({ origins: ['https://.*[.]a[.]test', 'http://c.test'] }),
    asked: { headers: { origin: 'https://x.a.test' } },
    status: 200,
    headers: { 'access-control-allow-origin': 'https://x.a.test' },
  },
  {
    what: 'cors: a request of an origin that a pattern nearly fits',
    plugins: cors({ origins: ['https://.*[.]a[.]test', 'http://c.test'] }),
    asked: { headers: { origin: 'https://x.a.test.evil.test' } },
    status: 200,
    headers: { 'access-control-allow-origin': null },
  },
]
