import { webhook } from './rows-consumer.ts'
import { type PluginRow, refused } from './rows-row.ts'

const ips = (config: object) => [{ name: 'ip-restriction', config }]
const from = (ip: string) => ({ headers: { 'x-real-ip': ip } })

const addresses: readonly PluginRow[] = [
  {
    what: 'ip-restriction: not allowed',
    plugins: ips({ allow: ['10.9.9.0/24'] }),
    asked: from('10.9.8.1'),
    status: 403,
    body: refused('IP address not allowed: 10.9.8.1'),
  },
  {
    what: 'ip-restriction: allowed',
    plugins: ips({ allow: ['10.9.9.0/24'] }),
    asked: from('10.9.9.1'),
    status: 200,
  },
  {
    what: 'ip-restriction: denied',
    plugins: ips({ deny: ['10.9.9.0/24'] }),
    asked: from('10.9.9.1'),
    status: 403,
    body: refused('IP address not allowed: 10.9.9.1'),
  },
  {
    what: 'ip-restriction: denied, and allowed too',
    plugins: ips({ allow: ['10.9.0.0/16'], deny: ['10.9.9.9'] }),
    asked: from('10.9.9.9'),
    status: 403,
  },
  {
    what: 'ip-restriction: of IPv6',
    plugins: ips({ deny: ['2001:db8::/32'] }),
    asked: from('2001:db8::1'),
    status: 403,
    body: refused('IP address not allowed: 2001:db8::1'),
  },
  {
    what: 'ip-restriction: a status and a text of choice',
    plugins: ips({ deny: ['10.0.0.0/8'], status: 404, message: 'Nothing here' }),
    asked: from('10.1.1.1'),
    status: 404,
    body: refused('Nothing here'),
  },
]

const bots = (config: object = {}) => [{ name: 'bot-detection', config }]
const agent = (...names: string[]) => ({ headers: { 'user-agent': names } })

const agents: readonly PluginRow[] = [
  {
    what: 'bot-detection: one of them',
    plugins: bots({ deny: ['^evil'] }),
    asked: agent('evil/1'),
    status: 403,
    body: refused('Forbidden'),
  },
  {
    what: 'bot-detection: a known one',
    plugins: bots(),
    asked: agent('curl/8 Googlebot/2.1 (+http://www.google.com/bot.html)'),
    status: 403,
    body: refused('Forbidden'),
  },
  {
    what: 'bot-detection: a known one that may',
    plugins: bots({ allow: ['Googlebot'] }),
    asked: agent('Googlebot/2.1 (+http://www.google.com/bot.html)'),
    status: 200,
  },
  {
    what: 'bot-detection: two names',
    plugins: bots(),
    asked: agent('a', 'b'),
    status: 400,
    body: refused('Only one User-Agent header allowed'),
    onWorkers: { status: 200, body: /^\{"target"/ },
  },
  { what: 'bot-detection: no name', plugins: bots(), status: 200 },
]

const ids: readonly PluginRow[] = [
  {
    what: 'correlation-id: a UUID',
    plugins: [{ name: 'correlation-id', config: { generator: 'uuid', echo_downstream: true } }],
    status: 200,
    headers: { 'kong-request-id': /^[0-9a-f-]{36}$/ },
    upstream: { 'kong-request-id': /^[0-9a-f-]{36}$/ },
  },
  {
    what: 'correlation-id: counted',
    plugins: [{ name: 'correlation-id', config: { header_name: 'x-id' } }],
    status: 200,
    headers: { 'x-id': null },
    upstream: { 'x-id': /^[0-9a-f-]{36}#\d+$/ },
  },
  {
    what: 'correlation-id: tracked',
    plugins: [{ name: 'correlation-id', config: { generator: 'tracker' } }],
    status: 200,
    upstream: { 'kong-request-id': /^[0-9a-f.:]+-\d+-\d+-\d+-\d+-\d+(?:\.\d+)?$/ },
  },
  {
    what: 'correlation-id: one that was there',
    plugins: [{ name: 'correlation-id', config: { echo_downstream: true } }],
    asked: { headers: { 'kong-request-id': 'mine' } },
    status: 200,
    headers: { 'kong-request-id': 'mine' },
    upstream: { 'kong-request-id': 'mine' },
  },
  {
    what: 'correlation-id: of a request that is refused',
    plugins: [
      { name: 'correlation-id', config: { echo_downstream: true, generator: 'uuid' } },
      { name: 'request-termination' },
    ],
    status: 503,
    headers: { 'kong-request-id': /^[0-9a-f-]{36}$/ },
  },
]

const HOOK = [{ name: 'standard-webhooks', config: { secret_v1: 'whsec' } }]

const webhooks: readonly PluginRow[] = [
  {
    what: 'standard-webhooks: no signature',
    plugins: HOOK,
    asked: { method: 'POST', body: '{}' },
    status: 400,
    body: refused('Bad request'),
  },
  {
    what: 'standard-webhooks: another secret',
    plugins: HOOK,
    asked: {
      method: 'POST',
      body: '{}',
      get headers() {
        return webhook('{}', { secret: 'x' })
      },
    },
    status: 400,
    body: refused('Bad request'),
  },
  {
    what: 'standard-webhooks: another body',
    plugins: HOOK,
    asked: {
      method: 'POST',
      body: '{}',
      get headers() {
        return webhook('[]')
      },
    },
    status: 400,
    body: refused('Bad request'),
  },
  {
    what: 'standard-webhooks: of long ago',
    plugins: HOOK,
    asked: {
      method: 'POST',
      body: '{}',
      get headers() {
        return webhook('{}', { late: -3600 })
      },
    },
    status: 400,
    body: refused('Bad request'),
  },
  {
    what: 'standard-webhooks: a good signature',
    plugins: HOOK,
    asked: {
      method: 'POST',
      body: '{}',
      get headers() {
        return webhook('{}')
      },
    },
    status: 200,
    upstreamBody: '{}',
  },
]

/** Where from, by whom, under which id, and signed how. */
export const SECURITY_ROWS: readonly PluginRow[] = [...addresses, ...agents, ...ids, ...webhooks]
