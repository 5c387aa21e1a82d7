import { ANN, KEY } from './rows-consumer.ts'
import { type PluginRow, refused } from './rows-row.ts'

const NO_KEY = { 'www-authenticate': 'Key', 'content-type': 'application/json; charset=utf-8' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const ANONYMOUS = { 'x-consumer-username': 'guest', 'x-anonymous-consumer': 'true' }

const part = (name: string, value: string) =>
  `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const key = (config: object) => [{ name: 'key-auth', config }]

/** Who may pass, by key. */
export const KEY_ROWS: readonly PluginRow[] = [
  {
    what: 'key-auth: no key',
    plugins: [KEY],
    status: 401,
    headers: NO_KEY,
    body: refused('No API key found in request'),
  },
  {
    what: 'key-auth: an empty key',
    plugins: [KEY],
    asked: { headers: { apikey: '' } },
    status: 401,
    headers: NO_KEY,
    body: refused('No API key found in request'),
  },
  {
    what: 'key-auth: an unknown key',
    plugins: [KEY],
    asked: { headers: { apikey: 'ann-kez' } },
    status: 401,
    headers: NO_KEY,
    body: refused('Unauthorized'),
  },
  {
    what: 'key-auth: two keys in headers',
    plugins: [KEY],
    asked: { headers: { apikey: ['ann-key', 'bob-key'] } },
    status: 401,
    headers: NO_KEY,
    body: refused('Duplicate API key found'),
    onWorkers: { status: 401, body: refused('Unauthorized') },
  },
  {
    what: 'key-auth: two keys in the query',
    plugins: [KEY],
    asked: { path: '?apikey=ann-key&apikey=bob-key' },
    status: 401,
    headers: NO_KEY,
    body: refused('Duplicate API key found'),
  },
  {
    what: 'key-auth: a realm',
    plugins: key({ realm: 'shop' }),
    status: 401,
    headers: { 'www-authenticate': 'Key realm="shop"' },
  },
  {
    what: 'key-auth: a header',
    plugins: [KEY],
    asked: ANN,
    status: 200,
    upstream: {
      apikey: 'ann-key',
      'x-consumer-id': /^[0-9a-f-]{36}$/,
      'x-consumer-username': 'ann',
      'x-consumer-custom-id': 'ann-1',
      'x-credential-identifier': /^[0-9a-f-]{36}$/,
      'x-anonymous-consumer': null,
    },
  },
  {
    what: 'key-auth: a key in the query, hidden',
    plugins: key({ hide_credentials: true }),
    asked: { path: '?a=1&apikey=ann-key' },
    status: 200,
    upstream: { 'x-consumer-username': 'ann', 'x-consumer-custom-id': 'ann-1' },
    upstreamPath: '?a=1',
  },
  {
    what: 'key-auth: a key in a form, hidden',
    plugins: key({ key_in_body: true, hide_credentials: true }),
    asked: { method: 'POST', headers: FORM, body: 'a=1&apikey=ann-key' },
    status: 200,
    upstream: { 'x-consumer-username': 'ann' },
    upstreamBody: 'a=1',
  },
  {
    what: 'key-auth: a key in a multipart form, hidden',
    plugins: key({ key_in_body: true, hide_credentials: true }),
    asked: {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=xx' },
      body: `${part('a', '1')}${part('apikey', 'ann-key')}--xx--\r\n`,
    },
    status: 200,
    upstream: {
      'x-consumer-username': 'ann',
      'content-type': 'multipart/form-data; boundary=xx',
    },
    upstreamBody: `${part('a', '1')}--xx--\r\n`,
  },
  {
    what: 'key-auth: a key where none is looked for',
    plugins: key({ key_in_header: false, key_in_query: false, key_in_body: true }),
    asked: { path: '?apikey=ann-key', ...ANN },
    status: 401,
    body: refused('No API key found in request'),
  },
  {
    what: 'key-auth: an OPTIONS that is let through',
    plugins: key({ run_on_preflight: false }),
    asked: { method: 'OPTIONS' },
    status: 200,
  },
  {
    what: 'key-auth: an OPTIONS that is not',
    plugins: [KEY],
    asked: { method: 'OPTIONS' },
    status: 401,
  },
  {
    what: 'key-auth: nobody known, a guest',
    plugins: key({ anonymous: 'guest' }),
    asked: { headers: { apikey: 'no-key', 'x-consumer-custom-id': 'ann-1' } },
    status: 200,
    upstream: { ...ANONYMOUS, 'x-consumer-custom-id': null, 'x-credential-identifier': null },
  },
  {
    what: 'key-auth: a guest that there is not',
    plugins: key({ anonymous: 'ghost' }),
    status: 500,
    body: refused("anonymous consumer ghost is configured but doesn't exist"),
  },
  {
    what: 'key-auth: refused as text',
    plugins: [KEY],
    asked: { headers: { accept: 'text/plain' } },
    status: 401,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: /^No API key found in request\nrequest_id: [0-9a-f]{32}\n?$/,
  },
]
