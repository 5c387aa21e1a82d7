import { describe, expect, it } from 'vitest'
import { type Asked, openGateway, type Rig } from '../../test/plugins/open-gateway.ts'

function closed(config: object): Promise<Rig> {
  return openGateway({ plugins_of_route: [{ name: 'request-termination', config }] })
}

async function answered(config: object, path = '/', init?: RequestInit): Promise<Asked> {
  return (await closed(config)).ask(path, init)
}

describe('the answer', () => {
  it.each([
    { config: {}, status: 503, text: '{"message":"Service unavailable"}' },
    { config: { status_code: 401 }, status: 401, text: '{"message":"Unauthorized"}' },
    { config: { status_code: 404 }, status: 404, text: '{"message":"Not found"}' },
    { config: { status_code: 405 }, status: 405, text: '{"message":"Method not allowed"}' },
    {
      config: { status_code: 500 },
      status: 500,
      text: '{"message":"An unexpected error occurred"}',
    },
    { config: { status_code: 502 }, status: 502, text: '{"message":"Bad Gateway"}' },
    { config: { status_code: 418 }, status: 418, text: '' },
    { config: { status_code: 204 }, status: 204, text: '' },
    {
      config: { status_code: 100 },
      status: 500,
      text: '{"message":"An unexpected error occurred"}',
    },
    { config: { message: 'A "b"' }, status: 503, text: '{"message":"A \\"b\\""}' },
    { config: { status_code: 200, body: 'as it is' }, status: 200, text: 'as it is' },
  ])('of $config is $status $text', async ({ config, status, text }) => {
    const rig = await closed(config)
    const answer = await rig.ask('/')
    expect(answer.status).toBe(status)
    expect(answer.text).toBe(text)
    expect(rig.transport.sent).toHaveLength(0)
  })

  it.each([
    { config: { message: 'x' }, type: 'application/json; charset=utf-8' },
    { config: { body: '<b>', content_type: 'text/html' }, type: 'text/html' },
    { config: { body: 'x' }, type: null },
  ])('of $config has the type $type', async ({ config, type }) => {
    expect((await answered(config)).headers.get('content-type')).toBe(type)
  })
})

describe('a trigger', () => {
  it.each([
    { why: 'in a header', path: '/', headers: { 'x-stop': '1' }, status: 503 },
    { why: 'in the query', path: '/?X-Stop=1', headers: {}, status: 503 },
    { why: 'in the query, without a value', path: '/?X-Stop', headers: {}, status: 503 },
    { why: 'nowhere', path: '/?y=X-Stop', headers: {}, status: 200 },
  ])('$why answers $status', async ({ path, headers, status }) => {
    expect((await answered({ trigger: 'X-Stop' }, path, { headers })).status).toBe(status)
  })

  it('may have underscores where its header has hyphens', async () => {
    const headers = { 'x-stop': '1' }
    expect((await answered({ trigger: 'x_stop' }, '/', { headers })).status).toBe(503)
  })
})

it('echoes the request, and where it would have gone', async () => {
  const answer = await answered({ echo: true, status_code: 404 }, '/x?a=1&a=2&b', {
    method: 'POST',
    body: '{"c":3}',
    headers: { 'content-type': 'application/json', 'x-own': 'é' },
  })
  expect(answer.status).toBe(404)
  expect(answer.json).toMatchObject({
    message: 'Not found',
    request: {
      scheme: 'http',
      host: 'a.test',
      headers: { 'content-type': 'application/json', 'x-own': expect.any(String) },
      query: { a: ['1', '2'], b: true },
      body: { c: 3 },
      raw_body: '{"c":3}',
      method: 'POST',
      path: '/x',
    },
    matched_route: { name: 'all' },
    matched_service: { name: 'echo' },
  })
})

it.each([
  { path: '~/(?<first>[^/]+)/(\\d+)', captures: { unnamed: ['a', '7'], named: { first: 'a' } } },
  { path: '/a', captures: { unnamed: [], named: {} } },
])('echoes what $path captured, without the whole match', async ({ path, captures }) => {
  const plugins = [{ name: 'request-termination', config: { echo: true } }]
  const routes = [{ name: 'caught', paths: [path], plugins }]
  const services = [{ name: 'echo', url: 'http://echo.test:80', routes }]
  const { ask } = await openGateway({ config: { services } })
  expect((await ask('/a/7')).json).toMatchObject({ request: { uri_captures: captures } })
})
