import { expect, it, vi } from 'vitest'
import { type Logging, openLogging } from '../../test/logs/open-logging.ts'
import { failure, incoming, valuesOf } from '../../test/proxy/fakes.ts'

const ENDPOINT = 'http://collector:8080/logs?source=kong'
const SERVER = 'collector'

function plugins(config: object = {}) {
  return [{ name: 'http-log', config: { http_endpoint: ENDPOINT, ...config } }]
}

/** What went to the log server. */
function sentTo({ transport }: Logging, server = SERVER) {
  return transport.sent
    .filter(({ host }) => host === server)
    .map(({ body, ...call }) => ({ ...call, text: new TextDecoder().decode(body as Uint8Array) }))
}

it('sends an object for each request', async () => {
  const rig = await openLogging({ plugins: plugins({ timeout: 321 }) })
  await rig.ask('/a')
  await rig.gateway.close()
  const [call] = sentTo(rig)
  expect(call).toMatchObject({
    scheme: 'http',
    port: 8080,
    method: 'POST',
    target: '/logs?source=kong',
    connectTimeout: 321,
    readTimeout: 321,
  })
  expect(valuesOf(call?.headers ?? [], 'host')).toEqual(['collector:8080'])
  expect(valuesOf(call?.headers ?? [], 'content-type')).toEqual(['application/json'])
  expect(valuesOf(call?.headers ?? [], 'content-length')).toEqual([`${call?.text.length}`])
  expect(JSON.parse(call?.text ?? '')).toMatchObject({ request: { uri: '/a' } })
})

it.each([
  { how: 'queue.max_batch_size', config: { queue: { max_batch_size: 2 } } },
  { how: 'the older queue_size', config: { queue_size: 2 } },
])('sends an array for as many as $how says', async ({ config }) => {
  const rig = await openLogging({ plugins: plugins(config) })
  for (const path of ['/a', '/b', '/c']) await rig.ask(path)
  await rig.gateway.close()
  const uris = sentTo(rig).map(({ text }) =>
    JSON.parse(text).map(({ request }: { request: { uri: string } }) => request.uri),
  )
  expect(uris).toEqual([['/a', '/b'], ['/c']])
})

const PAIR = { max_batch_size: 2, max_coalescing_delay: 1000 }

/** A route for each path, each with a plugin of its own. */
function routesOf(paths: Readonly<Record<string, object>>) {
  const routes = Object.entries(paths).map(([path, config]) => ({
    name: path.slice(1),
    paths: [path],
    plugins: plugins({ queue: PAIR, ...config }),
  }))
  return { services: [{ name: 'two', url: 'http://two.test:80', routes }] }
}

function twoRoutes(one: object, other: object): Promise<Logging> {
  return openLogging({ plugins: [], config: routesOf({ '/one': one, '/other': other }) })
}

it.each([
  { how: 'the same settings', other: {}, bodies: 1 },
  { how: 'another endpoint', other: { http_endpoint: 'http://collector/other' }, bodies: 0 },
  { how: 'other headers', other: { headers: { 'X-Key': 'b' } }, bodies: 0 },
  { how: 'another timeout', other: { timeout: 5 }, bodies: 0 },
  { how: 'another batch', other: { queue: { ...PAIR, max_batch_size: 3 } }, bodies: 0 },
  {
    how: 'other fields alone',
    other: { custom_fields_by_lua: {} },
    bodies: 1,
  },
])('gathers what two plugins write with $how in $bodies bodies', async ({ other, bodies }) => {
  const rig = await twoRoutes({}, other)
  await rig.ask('/one')
  await rig.ask('/other')
  await rig.settle()
  expect(sentTo(rig)).toHaveLength(bodies)
  await rig.gateway.close()
  const entries = sentTo(rig).flatMap(({ text }) => JSON.parse(text))
  expect(entries).toHaveLength(2)
})

it('keeps what one of them wrote for the one that stays', async () => {
  const rig = await twoRoutes({}, {})
  await rig.ask('/one')
  await rig.gateway.applyConfig({ _format_version: '3.0', ...routesOf({ '/other': {} }) })
  await rig.settle()
  expect(sentTo(rig)).toEqual([])
  await rig.ask('/other')
  await rig.settle()
  expect(sentTo(rig).map(({ text }) => JSON.parse(text).length)).toEqual([2])
  await rig.gateway.close()
})

it('sends what is left when the last of them is gone', async () => {
  const rig = await twoRoutes({}, {})
  await rig.ask('/one')
  await rig.gateway.applyConfig({ _format_version: '3.0' })
  await rig.settle()
  expect(sentTo(rig).flatMap(({ text }) => JSON.parse(text))).toHaveLength(1)
  await rig.gateway.close()
})

it.each([
  { how: 'with the newest headers', config: {}, keys: ['old', 'new'] },
  { how: 'as it was to the old server', config: { method: 'PUT' }, keys: ['old', 'old'] },
])('what was refused goes $how when a plugin changes', async ({ config, keys }) => {
  const withKey = (key: string, more: object) =>
    routesOf({
      '/one': { queue: { initial_retry_delay: 1000 }, headers: { 'X-Key': key }, ...more },
    })
  let refusing = true
  const rig = await openLogging({
    plugins: [],
    config: withKey('old', {}),
    upstream: ({ host }) => incoming({ status: host === SERVER && refusing ? 401 : 200 }),
  })
  await rig.ask('/one')
  await rig.settle()
  refusing = false
  await rig.gateway.applyConfig({ _format_version: '3.0', ...withKey('new', config) })
  await rig.settle()
  expect(sentTo(rig).flatMap(({ headers }) => valuesOf(headers, 'x-key'))).toEqual(keys)
  await rig.gateway.close()
})

it('goes with its own headers beside a plugin whose headers change', async () => {
  const rig = await twoRoutes({}, {})
  await rig.ask('/other')
  const routes = routesOf({ '/one': { headers: { 'X-Key': 'new' } }, '/other': {} })
  await rig.gateway.applyConfig({ _format_version: '3.0', ...routes })
  await rig.ask('/other')
  await rig.settle()
  const sent = sentTo(rig).map(({ headers, text }) => [
    valuesOf(headers, 'x-key'),
    JSON.parse(text).length,
  ])
  expect(sent).toEqual([[[], 2]])
  await rig.gateway.close()
})

it('is tried again for a plugin that was taken away', async () => {
  const statuses = [500, 500, 200]
  const rig = await openLogging({
    plugins: plugins({ queue: { initial_retry_delay: 0.001 } }),
    upstream: ({ host }) => incoming(host === SERVER ? { status: statuses.shift() ?? 200 } : {}),
  })
  await rig.ask('/a')
  await rig.gateway.applyConfig({ _format_version: '3.0' })
  await vi.waitFor(() => expect(sentTo(rig)).toHaveLength(3))
  expect(rig.runtime.lines.join()).not.toContain('lost')
  await rig.gateway.close()
})

it.each([
  { config: { method: 'PUT' }, expected: { method: 'PUT' }, headers: {} },
  {
    config: { content_type: 'application/json; charset=utf-8' },
    expected: {},
    headers: { 'content-type': 'application/json; charset=utf-8' },
  },
  { config: { headers: { 'X-Key': 'é' } }, expected: {}, headers: { 'x-key': 'Ã©' } },
  {
    config: { http_endpoint: 'https://ann:s%C3%A9same@collector/' },
    expected: { scheme: 'https', port: 443, tls: { serverName: 'collector', verify: false } },
    headers: { authorization: `Basic ${btoa('ann:s%C3%A9same')}`, host: 'collector' },
  },
])('does as $config says', async ({ config, expected, headers }) => {
  const rig = await openLogging({ plugins: plugins(config) })
  await rig.ask('/')
  await rig.gateway.close()
  const [call] = sentTo(rig)
  expect(call).toMatchObject(expected)
  for (const [name, value] of Object.entries(headers)) {
    expect(valuesOf(call?.headers ?? [], name)).toEqual([value])
  }
})

it.each([
  { why: 'does not answer', answer: failure() },
  { why: 'answers 300', answer: incoming({ status: 300, body: 'no' }) },
  { why: 'answers 500', answer: incoming({ status: 500 }) },
])('answers all the same and counts what is lost when the server $why', async ({ answer }) => {
  const rig = await openLogging({
    plugins: plugins({ queue: { max_retry_time: 0 } }),
    upstream: ({ host }) => (host === SERVER ? answer : incoming()),
  })
  expect((await rig.ask('/')).status).toBe(200)
  await rig.settle()
  expect(rig.runtime.lines).toContain(
    'error: could not send entries due to max_retry_time exceeded. 1 queue entries were lost',
  )
  expect(sentTo(rig)).toHaveLength(1)
})

it('is content with any status below 300', async () => {
  const rig = await openLogging({
    plugins: plugins(),
    upstream: () => incoming({ status: 204 }),
  })
  await rig.ask('/')
  await rig.gateway.close()
  expect(rig.runtime.lines).toEqual([])
})

it('writes what a plugin has hidden from its records nowhere', async () => {
  const rig = await openLogging({ plugins: plugins() })
  await rig.ask('/', { headers: ['Authorization', 'Bearer sesame', 'Proxy-Authorization', 'x y'] })
  await rig.gateway.close()
  const text = sentTo(rig)[0]?.text ?? ''
  expect(text).not.toContain('sesame')
  expect(text).not.toContain('x y')
  expect(JSON.parse(text).request.headers).toMatchObject({ authorization: 'REDACTED' })
})
