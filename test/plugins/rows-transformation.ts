import type { PluginRow } from './rows-row.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }
const request = (config: object) => [{ name: 'request-transformer', config }]

const requests: readonly PluginRow[] = [
  {
    what: 'request-transformer: templates, and what is removed',
    plugins: request({
      add: { headers: ['x-host:$(headers.host)'], querystring: ['b:2'] },
      remove: { headers: ['x-old'], querystring: ['a'] },
    }),
    asked: { path: '?a=1', headers: { 'x-old': '1' } },
    status: 200,
    upstream: { 'x-old': null, 'x-host': /^127\.0\.0\.1/ },
    upstreamPath: '?b=2',
  },
  {
    what: 'request-transformer: headers',
    plugins: request({
      rename: { headers: ['x-a:x-renamed'] },
      replace: { headers: ['x-b:new', 'x-none:new'] },
      add: { headers: ['x-b:not', 'x-c:added'] },
      append: { headers: ['x-d:appended'] },
    }),
    asked: { headers: { 'x-a': '1', 'x-b': '2' } },
    status: 200,
    upstream: {
      'x-a': null,
      'x-renamed': '1',
      'x-b': 'new',
      'x-none': null,
      'x-c': 'added',
      'x-d': 'appended',
    },
  },
  {
    what: 'request-transformer: a JSON body',
    plugins: request({
      remove: { body: ['a'] },
      rename: { body: ['b:c'] },
      add: { body: ['d:4'] },
    }),
    asked: { method: 'POST', headers: JSON_TYPE, body: '{"a":1,"b":2}' },
    status: 200,
    upstreamBody: /^\{("c":2,"d":"?4"?|"d":"?4"?,"c":2)\}$/,
  },
  {
    what: 'request-transformer: a form',
    plugins: request({ remove: { body: ['a'] }, replace: { body: ['b:9'] } }),
    asked: { method: 'POST', headers: FORM_TYPE, body: 'a=1&b=2' },
    status: 200,
    upstreamBody: 'b=9',
  },
  {
    what: 'request-transformer: the method',
    plugins: request({ http_method: 'PUT' }),
    asked: { method: 'POST', body: 'x' },
    status: 200,
    upstreamMethod: 'PUT',
    upstreamBody: 'x',
  },
  {
    what: 'request-transformer: a form that becomes a query',
    plugins: request({ http_method: 'GET' }),
    asked: { method: 'POST', headers: FORM_TYPE, body: 'b=2' },
    status: 200,
    upstreamMethod: 'GET',
    upstreamPath: '?b=2',
  },
  {
    what: 'request-transformer: a path that is none',
    plugins: request({ replace: { uri: 'x' } }),
    status: 500,
    body: { message: 'An unexpected error occurred' },
  },
  {
    what: 'request-transformer: a header that cannot be cut in two',
    plugins: request({ add: { headers: ['x-q:$(query_params.q)'] } }),
    asked: { path: '?q=a%0d%0ax-evil:%201' },
    status: 200,
    upstream: { 'x-evil': null },
  },
]

const response = (config: object) => [{ name: 'response-transformer', config }]

const responses: readonly PluginRow[] = [
  {
    what: 'response-transformer: headers and members',
    plugins: response({
      add: { headers: ['x-added:1'], json: ['added:1'], json_types: ['number'] },
      remove: { headers: ['x-target'], json: ['headers'] },
    }),
    status: 200,
    headers: { 'x-added': '1', 'x-target': null },
    body: /^\{"target":"a","url":"\/row-\d+","added":1\}$/,
  },
  {
    what: 'response-transformer: renamed, replaced, appended',
    plugins: response({
      rename: { headers: ['x-target:x-renamed'], json: ['target:aim'] },
      replace: { json: ['url:none'] },
      append: { headers: ['x-more:2'] },
      remove: { json: ['headers'] },
    }),
    status: 200,
    headers: { 'x-target': null, 'x-renamed': 'a', 'x-more': '2' },
    body: { aim: 'a', url: 'none' },
  },
  {
    what: 'response-transformer: no JSON',
    plugins: response({ add: { json: ['a:1'] } }),
    asked: { path: '/answer?content-type=text/plain' },
    status: 200,
    body: /^\{"target":"a","url":"[^"]+","headers":\{.*\}\}$/,
  },
  {
    what: 'response-transformer: of a refusal',
    plugins: [...response({ add: { headers: ['x-a:1'] } }), { name: 'key-auth' }],
    status: 401,
    headers: { 'x-a': '1' },
  },
]

/** What is changed on the way. */
export const TRANSFORMATION_ROWS: readonly PluginRow[] = [...requests, ...responses]
