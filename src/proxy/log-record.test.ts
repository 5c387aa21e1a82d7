import { describe, expect, it } from 'vitest'
import { openLogging } from '../../test/logs/open-logging.ts'
import {
  type Answering,
  type clientRequest,
  failure,
  incoming,
  requestBody,
} from '../../test/proxy/fakes.ts'
import type { LogRecord } from '../pdk/log-record.ts'

const UUID = expect.stringMatching(/^[\da-f-]{36}$/)
const CREDENTIAL = '4c1a4a4e-1111-4000-8000-000000000001'
const ann = { username: 'ann', keyauth_credentials: [{ id: CREDENTIAL, key: 'k' }] }

interface Story {
  readonly given?: Parameters<typeof clientRequest>[0]
  readonly upstream?: Answering
  readonly guarded?: boolean
  readonly config?: object
  readonly settings?: Parameters<typeof openLogging>[0]['settings']
}

/** What was written of one request. */
async function recordOf(target: string, story: Story = {}): Promise<LogRecord> {
  const guard = story.guarded === true ? [{ name: 'key-auth' }] : []
  const rig = await openLogging({
    plugins: [{ name: 'file-log', config: { path: '/log' } }, ...guard],
    config: { consumers: [ann], ...story.config },
    upstream:
      story.upstream ?? (() => incoming({ headers: ['X-A', '1', 'X-A', '2'], body: 'hello' })),
    settings: story.settings,
  })
  await rig.ask(target, story.given)
  await rig.settle()
  return JSON.parse(rig.files.appended[0]?.text ?? '')
}

it('tells of entities what is set, and their workspace', async () => {
  const record = await recordOf('/?apikey=k', { guarded: true })
  const told = { route: record.route, service: record.service, consumer: record.consumer }
  for (const row of Object.values(told)) {
    expect(Object.values(row ?? {})).not.toContain(null)
    expect(row).toMatchObject({ id: UUID, ws_id: record.workspace })
  }
  expect(record.consumer).toEqual({
    id: UUID,
    username: 'ann',
    created_at: expect.any(Number),
    updated_at: expect.any(Number),
    ws_id: record.workspace,
  })
})

it('tells the port that clients see', async () => {
  const settings = { portMaps: new Map([[8443, 443]]) }
  const given = { scheme: 'https', localPort: 8443 } as const
  const { request } = await recordOf('/a?x=1', { given, settings })
  expect(request.url).toBe('https://a.test:443/a?x=1')
})

it('tells all that Kong tells of a request that was answered', async () => {
  const headers = ['X-One', '1', 'Authorization', 'Basic sesame', 'Proxy-Authorization', 'x']
  const body = requestBody(['four'])
  const given = { method: 'POST', headers, body, scheme: 'https', localPort: 8443 } as const
  const record = await recordOf('/a%20b?x=1&y&x=2&z=%C3%A9', { given })
  expect(record).toEqual({
    request: {
      id: expect.stringMatching(/^[\da-f]{32}$/),
      method: 'POST',
      uri: '/a%20b?x=1&y&x=2&z=%C3%A9',
      url: 'https://a.test:8443/a%20b?x=1&y&x=2&z=%C3%A9',
      size: expect.any(Number),
      querystring: { x: ['1', '2'], y: true, z: 'é' },
      headers: {
        host: 'a.test',
        'x-one': '1',
        authorization: 'REDACTED',
      },
    },
    response: {
      status: 200,
      size: expect.any(Number),
      headers: expect.objectContaining({ 'x-a': ['1', '2'] }),
    },
    latencies: { kong: 0, proxy: 0, request: 0, receive: 0 },
    tries: [
      {
        ip: 'echo.test',
        port: 80,
        balancer_start: 1_700_000_000_000,
        balancer_start_ns: 1_700_000_000_000_000_000,
        balancer_latency: 0,
        balancer_latency_ns: 0,
      },
    ],
    client_ip: '10.0.0.9',
    started_at: 1_700_000_000_000,
    upstream_uri: '/a%20b?x=1&y&x=2&z=%C3%A9',
    upstream_status: '200',
    source: 'upstream',
    workspace: '0dc6f45b-8f8d-40d2-a504-473544ee190b',
    workspace_name: 'default',
    route: expect.objectContaining({ id: UUID, name: 'all', paths: ['/'] }),
    service: expect.objectContaining({ id: UUID, name: 'echo', host: 'echo.test' }),
  })
  expect(record.request.size).toBe(
    'POST /a%20b?x=1&y&x=2&z=%C3%A9 HTTP/1.1\r\n'.length +
      [
        'Host: a.test',
        'X-One: 1',
        'Authorization: Basic sesame',
        'Proxy-Authorization: x',
        '',
      ].join('\r\n').length +
      '\r\nfour'.length,
  )
})

it('hides what proves who asks to a proxy, where it goes no further', async () => {
  const headers = ['Proxy-Authorization', 'x']
  const { request } = await recordOf('/', { given: { headers }, guarded: true })
  expect(request.headers['proxy-authorization']).toBe('REDACTED')
})

it.each([
  { target: '/%zz?a=b', given: { method: 'POST' }, status: 400, uri: '/%zz?a=b' },
  { target: '/?a=b', given: { method: 'TRACE' }, status: 405, uri: '/?a=b' },
])('tells what was refused before there was a route: $status', async (row) => {
  const { target, given, status, uri } = row
  const config = { plugins: [{ name: 'file-log', config: { path: '/all' } }] }
  const record = await recordOf(target, { given: { ...given, headers: ['X-One', '1'] }, config })
  expect(record).toMatchObject({
    request: { method: given.method, uri, querystring: { a: 'b' }, headers: { 'x-one': '1' } },
    response: { status },
    latencies: { proxy: -1 },
    upstream_uri: '',
    source: 'kong',
  })
  expect(record.route).toBeUndefined()
})

it('tells no header of a request whose first line is too long', async () => {
  const config = { plugins: [{ name: 'file-log', config: { path: '/all' } }] }
  const given = { method: 'POST', headers: ['X-One', '1', 'Accept', 'text/html'] }
  const record = await recordOf(`/?a=${'b'.repeat(10_240)}`, { given, config })
  expect(record).toMatchObject({ response: { status: 414 }, upstream_uri: '', source: 'kong' })
  expect(record.request).toMatchObject({ method: 'POST', headers: {} })
  expect(record.request.headers).toEqual({})
  expect(record.response.headers['content-type']).toBe('text/plain; charset=utf-8')
})

it('tells how long a failing upstream took', async () => {
  const { latencies, source } = await recordOf('/', { upstream: () => failure() })
  expect([latencies.proxy, source]).toEqual([0, 'kong'])
})

it('reads bytes of headers as the UTF-8 they are', async () => {
  const { request } = await recordOf('/', { given: { headers: ['X-Name', 'Ã©', 'X-Odd', 'é'] } })
  expect(request.headers).toMatchObject({ 'x-name': 'é', 'x-odd': 'é' })
})

describe('who asked', () => {
  it('is told once it is known', async () => {
    const record = await recordOf('/?apikey=k', { guarded: true })
    expect(record.consumer).toMatchObject({ username: 'ann' })
    expect(record.authenticated_entity).toEqual({ id: CREDENTIAL })
  })

  it('is told of what a plugin has added for the upstream too', async () => {
    const { request } = await recordOf('/?apikey=k', { guarded: true })
    expect(Object.keys(request.headers)).not.toContain('x-forwarded-for')
    expect(request.headers).toMatchObject({ 'x-consumer-username': 'ann' })
  })
})

it('tells how the connection was encrypted', async () => {
  const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }
  const { request } = await recordOf('/', { given: { scheme: 'https', tls } })
  expect(request.tls).toEqual({ ...tls, client_verify: 'NONE' })
  expect(Object.keys((await recordOf('/')).request)).not.toContain('tls')
})

it('tells why the certificate is not trusted that a client has shown', async () => {
  const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }
  const certificate = { chain: 'PEM', error: 'self-signed certificate' }
  const { request } = await recordOf('/', {
    given: { scheme: 'https', tls: { ...tls, certificate } },
  })
  expect(request.tls).toEqual({ ...tls, client_verify: 'FAILED:self-signed certificate' })
})

describe('what no upstream has answered', () => {
  it('is ours when a plugin ends it', async () => {
    const record = await recordOf('/', { guarded: true })
    expect(record).toMatchObject({
      response: { status: 401 },
      source: 'kong',
      upstream_status: '',
      tries: [],
      latencies: { proxy: -1 },
    })
    expect(record.consumer).toBeUndefined()
  })

  it('is ours when nobody can be reached, and each try is told', async () => {
    const record = await recordOf('/', { upstream: () => failure() })
    expect(record).toMatchObject({ response: { status: 502 }, source: 'kong', upstream_status: '' })
    expect(record.tries?.map(({ state, code }) => [state, code])).toContainEqual(['failed', 502])
  })

  it('has neither route nor service when none wants it', async () => {
    const plugins = [{ name: 'file-log', config: { path: '/all' } }]
    const record = await recordOf('/none', { config: { plugins, services: [] } })
    expect(record).toMatchObject({ response: { status: 404 }, upstream_uri: '', source: 'kong' })
    expect([record.route, record.service]).toEqual([undefined, undefined])
    // Kong: no balancer was asked.
    expect(Object.keys(record)).not.toContain('tries')
  })
})

it('does not tell what a plugin took out of the query', async () => {
  const rig = await openLogging({
    plugins: [
      { name: 'file-log', config: { path: '/log' } },
      { name: 'key-auth', config: { hide_credentials: true } },
    ],
    config: { consumers: [ann] },
  })
  await rig.ask('/?a=1&apikey=k')
  await rig.settle()
  expect(rig.files.appended[0]?.text).not.toContain('apikey')
})

it.each(['/x?', '/x?a=1', '/x'])('tells what %s was sent on as', async (target) => {
  const record = await recordOf(target)
  expect(record).toMatchObject({ request: { uri: target }, upstream_uri: target })
})
