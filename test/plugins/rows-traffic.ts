import { bare, type PluginRow } from './rows-row.ts'

const terminate = (config: object) => [{ name: 'request-termination', config }]

const terminations: readonly PluginRow[] = [
  ...[
    { code: 401, message: 'Unauthorized' },
    { code: 404, message: 'Not found' },
    { code: 405, message: 'Method not allowed' },
    { code: 500, message: 'An unexpected error occurred' },
    { code: 502, message: 'Bad Gateway' },
    { code: 503, message: 'Service unavailable' },
  ].map(({ code, message }) => ({
    what: `request-termination: ${code}`,
    plugins: terminate({ status_code: code }),
    status: code,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: bare(message),
  })),
  {
    what: 'request-termination: another status',
    plugins: terminate({ status_code: 418 }),
    status: 418,
    body: '',
  },
  {
    what: 'request-termination: a message',
    plugins: terminate({ status_code: 403, message: 'Not today' }),
    status: 403,
    body: bare('Not today'),
  },
  {
    what: 'request-termination: a body of a type',
    plugins: terminate({ status_code: 451, body: '<no/>', content_type: 'application/xml' }),
    status: 451,
    headers: { 'content-type': 'application/xml' },
    body: '<no/>',
  },
  {
    what: 'request-termination: no trigger',
    plugins: terminate({ trigger: 'x-stop' }),
    status: 200,
  },
  {
    what: 'request-termination: a trigger in the query',
    plugins: terminate({ trigger: 'x-stop' }),
    asked: { path: '?x-stop=1' },
    status: 503,
    body: bare('Service unavailable'),
  },
  {
    what: 'request-termination: an echo',
    plugins: terminate({ status_code: 404, echo: true }),
    asked: { method: 'POST', path: '?a=1', body: 'x' },
    status: 404,
    body: { message: 'Not found', request: { method: 'POST', raw_body: 'x', query: { a: '1' } } },
  },
]

const redirect = (config: object) => [{ name: 'redirect', config }]

const redirects: readonly PluginRow[] = [
  {
    what: 'redirect',
    plugins: redirect({ location: 'https://other.test/x' }),
    status: 301,
    headers: { location: 'https://other.test/x' },
    body: 'redirecting',
    reached: 0,
  },
  {
    what: 'redirect: another status, the path kept',
    plugins: redirect({
      status_code: 308,
      location: 'https://other.test/x?y=1',
      keep_incoming_path: true,
    }),
    asked: { path: '/a%20b?c=%2F' },
    status: 308,
    headers: { location: /^https:\/\/other\.test\/row-\d+\/a%20b\?c=%2F$/ },
    reached: 0,
  },
]

const cache = (config: object = {}) => [
  {
    name: 'proxy-cache',
    config: { strategy: 'memory', content_type: ['application/json'], ...config },
  },
]

const caching: readonly PluginRow[] = [
  {
    what: 'proxy-cache: a miss',
    plugins: cache(),
    status: 200,
    headers: { 'x-cache-status': 'Miss', 'x-cache-key': /^[0-9a-f]{64}$/, age: null },
  },
  {
    what: 'proxy-cache: a hit',
    plugins: cache(),
    times: 2,
    reached: 1,
    status: 200,
    headers: { 'x-cache-status': 'Hit', 'x-cache-key': /^[0-9a-f]{64}$/, age: /^\d+$/ },
  },
  {
    what: 'proxy-cache: a method that is not kept',
    plugins: cache(),
    asked: { method: 'POST', body: 'x' },
    times: 2,
    reached: 2,
    status: 200,
    headers: { 'x-cache-status': 'Bypass' },
  },
  {
    what: 'proxy-cache: a type that is not kept',
    plugins: cache({ content_type: ['text/plain'] }),
    times: 2,
    reached: 2,
    status: 200,
    headers: { 'x-cache-status': 'Bypass' },
  },
  {
    what: 'proxy-cache: told nothing of it',
    plugins: cache({
      response_headers: { age: false, 'X-Cache-Status': false, 'X-Cache-Key': false },
    }),
    times: 2,
    reached: 1,
    status: 200,
    headers: { 'x-cache-status': null, 'x-cache-key': null, age: null },
  },
  {
    what: 'proxy-cache: arguments in another order',
    plugins: cache(),
    before: [{ path: '?a=1&b=2' }],
    asked: { path: '?b=2&a=1' },
    reached: 1,
    status: 200,
    headers: { 'x-cache-status': 'Hit' },
  },
  {
    what: 'proxy-cache: arguments that make no difference',
    plugins: cache({ vary_query_params: ['a'] }),
    before: [{ path: '?a=1&b=2' }],
    asked: { path: '?a=1&b=3' },
    reached: 1,
    status: 200,
    headers: { 'x-cache-status': 'Hit' },
  },
  {
    what: 'proxy-cache: a header that makes a difference',
    plugins: cache({ vary_headers: ['x-a'] }),
    before: [{ headers: { 'x-a': '1' } }],
    asked: { headers: { 'x-a': '2' } },
    reached: 2,
    status: 200,
    headers: { 'x-cache-status': 'Miss' },
  },
  {
    what: 'proxy-cache: only what is kept',
    plugins: cache({ cache_control: true }),
    asked: { headers: { 'cache-control': 'only-if-cached' } },
    status: 504,
    headers: { 'x-cache-status': null },
    body: '',
  },
]

/** What is answered here, where to, and what is kept. */
export const TRAFFIC_ROWS: readonly PluginRow[] = [...terminations, ...redirects, ...caching]
