import { describe, expect, it } from 'vitest'
import {
  type Answering,
  clientRequest,
  type FakeBalancer,
  failure,
  fakeBalancer,
  fakeBalancers,
  fakeRuntime,
  fakeTransport,
  incoming,
  peer,
  requestBody,
  settingsWith,
  textOf,
  valuesOf,
} from '../../test/proxy/fakes.ts'
import type { ClientRequest } from '../ports/server.ts'
import type { TransportCaps } from '../ports/transport.ts'
import { buildCompatibleRouter } from '../router/compatible.ts'
import type { Settings } from '../settings/settings.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import { NO_CHAINS } from '../snapshot/plugins.ts'
import { createProxy } from './handler.ts'

const route: CompiledRoute = {
  id: '11111111-1111-4111-8111-111111111111',
  protocols: ['http', 'https'],
  methods: null,
  hosts: null,
  paths: ['/mock'],
  snis: null,
  headers: null,
  regex_priority: 0,
  name: 'mocking',
  serviceId: 'service',
  stripPath: true,
  pathHandling: 'v0',
  preserveHost: false,
  requestBuffering: true,
  httpsOnly: false,
  redirectStatus: 426,
  grpc: false,
  grpcsOnly: false,
  countedIn: undefined,
}

const service: CompiledService = {
  id: 'service',
  name: 'example_service',
  scheme: 'http',
  grpc: false,
  host: 'example_upstream',
  port: 80,
  path: null,
  attempts: 6,
  connectTimeout: 60000,
  writeTimeout: 60000,
  readTimeout: 60000,
  tlsVerify: false,
  tlsVerifyDepth: undefined,
  ca: undefined,
  clientCertificate: undefined,
}

interface Given {
  readonly answering?: Answering
  readonly route?: Partial<CompiledRoute>
  readonly service?: Partial<CompiledService> | null
  readonly balancer?: FakeBalancer
  readonly settings?: Settings
  readonly caps?: Partial<TransportCaps>
}

const twoPeers = () => fakeBalancer([peer('a', 9001), peer('b', 9002)])

function setUp(given: Given = {}) {
  const runtime = fakeRuntime()
  const transport = fakeTransport(given.answering ?? (() => incoming()), given.caps)
  const balancer = given.balancer ?? twoPeers()
  const router = buildCompatibleRouter([{ ...route, ...given.route }])
  const found = given.service === null ? undefined : { ...service, ...given.service }
  const handle = createProxy({
    snapshot: () => ({
      revision: 1,
      router,
      streams: () => undefined,
      chains: NO_CHAINS,
      serviceOf: () => found,
    }),
    balancers: fakeBalancers({ example_upstream: balancer }),
    transport,
    runtime,
    settings: given.settings ?? settingsWith(),
  })
  const send = (request: Partial<ClientRequest> & { host?: string } = {}) =>
    handle(clientRequest(request))
  return { runtime, transport, balancer, handle, send }
}

async function sentHeaders(given: Given, request: Partial<ClientRequest> & { host?: string }) {
  const { send, transport } = setUp(given)
  await send(request)
  const headers = transport.sent[0]?.headers ?? []
  return (name: string) => valuesOf(headers, name)
}

describe('what is refused', () => {
  it.each([
    { why: 'TRACE', request: { method: 'TRACE' }, status: 405, text: 'Method not allowed' },
    { why: 'no path', request: { target: '*' }, status: 400, text: 'Bad request' },
    { why: 'no Host', request: { host: '' }, status: 400, text: 'Bad request' },
    { why: 'an odd Host', request: { host: 'a/b' }, status: 400, text: 'Bad request' },
    { why: 'two Hosts', request: { headers: ['Host', 'x'] }, status: 400, text: 'Bad request' },
    {
      why: 'a header of more than 8 KiB',
      request: { headers: ['X-Long', 'a'.repeat(8192 - 9)] },
      status: 400,
      text: 'Bad request',
    },
    {
      why: 'a first line of more than 8 KiB',
      request: { target: `/mock?${'a'.repeat(8192 - 15 - 5)}` },
      status: 414,
      text: 'URI too long',
    },
    {
      why: 'no route',
      request: { target: '/x' },
      status: 404,
      text: 'no Route matched with those values',
    },
  ])('answers $status to $why', async ({ request, status, text }) => {
    const { send, transport } = setUp()
    const answer = await send(request)
    expect(answer.status).toBe(status)
    expect(await textOf(answer.body)).toContain(text)
    expect(transport.sent).toEqual([])
  })

  it.each([
    { what: 'a header', request: { headers: ['X-Long', 'a'.repeat(8192 - 10)] } },
    { what: 'a first line', request: { target: `/mock?${'a'.repeat(8192 - 15 - 6)}` } },
  ])('takes $what of 8 KiB', async ({ request }) => {
    expect((await setUp().send(request)).status).toBe(200)
  })

  it('answers 503 for a route without a service', async () => {
    const answer = await setUp({ service: null }).send()
    expect(answer.status).toBe(503)
    expect(await textOf(answer.body)).toContain('no Service found with those values')
  })

  it('takes HTTP/1.0 without Host', async () => {
    expect((await setUp().send({ host: '', httpVersion: '1.0' })).status).toBe(200)
  })
})

describe('protocols', () => {
  it('asks for https with 426', async () => {
    const answer = await setUp({ route: { httpsOnly: true } }).send()
    expect(answer.status).toBe(426)
    expect(valuesOf(answer.headers, 'upgrade')).toEqual(['TLS/1.2, HTTP/1.1'])
    expect(await textOf(answer.body)).toContain('Please use HTTPS protocol')
  })

  it.each([301, 302, 307, 308])('redirects with %i to the raw target', async (redirectStatus) => {
    const { send } = setUp({ route: { httpsOnly: true, redirectStatus } })
    const answer = await send({ target: '/mock/%7Ex?a=b', host: 'Example.com:8000' })
    expect(answer.status).toBe(redirectStatus)
    expect(valuesOf(answer.headers, 'location')).toEqual(['https://example.com/mock/%7Ex?a=b'])
  })

  it.each([
    ['http://example.com/mock?a=/b', '/mock?a=/b'],
    ['http://example.com?a=/b', '?a=/b'],
    ['http://example.com', '/'],
  ])('redirects %s to what stands behind its host', async (target, rest) => {
    const route = { httpsOnly: true, redirectStatus: 301, paths: ['/'] }
    const answer = await setUp({ route }).send({ target, host: 'example.com' })
    expect(valuesOf(answer.headers, 'location')).toEqual([`https://example.com${rest}`])
  })

  it('believes a trusted X-Forwarded-Proto only', async () => {
    const claimed = { headers: ['X-Forwarded-Proto', 'https'] }
    const route = { httpsOnly: true }
    const settings = settingsWith({ trust: ['10.0.0.0/8'] })
    expect((await setUp({ route }).send(claimed)).status).toBe(426)
    expect((await setUp({ route, settings }).send(claimed)).status).toBe(200)
  })

  it.each([
    { version: '1.1', type: 'text/plain', only: false, status: 415 },
    { version: '1.1', type: 'application/grpc', only: false, status: 426 },
    { version: '2', type: 'application/grpc', only: true, status: 200 },
  ] as const)('answers $status on a gRPC route', async ({ version, type, only, status }) => {
    const { send, transport } = setUp({ route: { grpc: true, grpcsOnly: only } })
    const answer = await send({ httpVersion: version, headers: ['Content-Type', type] })
    expect(answer.status).toBe(status)
    expect(valuesOf(answer.headers, 'grpc-status')).toEqual(status === 200 ? ['1'] : [])
    if (status === 426) {
      expect(await textOf(answer.body)).toContain('"message":"Please use HTTP2 protocol"')
      expect(valuesOf(answer.headers, 'upgrade')).toEqual(['HTTP/2'])
    }
    expect(transport.sent).toEqual([])
  })
})

describe('headers to the upstream', () => {
  it('are ours where they must be', async () => {
    const of = await sentHeaders({}, { target: '/mock/a?b', host: 'Shop.Example:8443' })
    expect(of('host')).toEqual(['a:9001'])
    expect(of('connection')).toEqual(['keep-alive'])
    expect(of('x-forwarded-for')).toEqual(['10.0.0.9'])
    expect(of('x-real-ip')).toEqual(['10.0.0.9'])
    expect(of('x-forwarded-proto')).toEqual(['http'])
    expect(of('x-forwarded-host')).toEqual(['shop.example'])
    expect(of('x-forwarded-port')).toEqual(['8000'])
    expect(of('x-forwarded-path')).toEqual(['/mock/a'])
    expect(of('x-forwarded-prefix')).toEqual(['/mock'])
    expect(of('via')[0]).toMatch(/^1\.1 gibbon\/\d/)
    expect(of('x-kong-request-id')[0]).toMatch(/^[0-9a-f]{32}$/)
  })

  const claims = [
    'X-Forwarded-For',
    '6.6.6.6',
    'X-Forwarded-Proto',
    'https',
    'X-Forwarded-Host',
    'evil',
    'X-Forwarded-Port',
    '1',
    'X-Forwarded-Path',
    '/evil',
    'X-Forwarded-Prefix',
    '/evil',
    'X-Real-IP',
    '6.6.6.6',
    'X-Kong-Request-Id',
    'mine',
  ]

  it('do not believe an untrusted peer', async () => {
    const of = await sentHeaders({ route: { stripPath: false } }, { headers: claims })
    expect(of('x-forwarded-for')).toEqual(['6.6.6.6, 10.0.0.9'])
    expect(of('x-forwarded-proto')).toEqual(['http'])
    expect(of('x-forwarded-host')).toEqual(['example.com'])
    expect(of('x-forwarded-port')).toEqual(['8000'])
    expect(of('x-forwarded-path')).toEqual(['/mock'])
    expect(of('x-forwarded-prefix')).toEqual([])
    expect(of('x-real-ip')).toEqual(['10.0.0.9'])
    expect(of('x-kong-request-id')).not.toContain('mine')
    expect(of('x-kong-request-id')).toHaveLength(1)
  })

  it('believe a trusted one', async () => {
    const settings = settingsWith({ trust: ['10.0.0.0/8'] })
    const of = await sentHeaders({ settings }, { headers: claims })
    expect(of('x-forwarded-for')).toEqual(['6.6.6.6, 10.0.0.9'])
    expect(of('x-forwarded-proto')).toEqual(['https'])
    expect(of('x-forwarded-host')).toEqual(['evil'])
    expect(of('x-forwarded-port')).toEqual(['1'])
    expect(of('x-forwarded-path')).toEqual(['/evil'])
    expect(of('x-forwarded-prefix')).toEqual(['/evil'])
    expect(of('x-real-ip')).toEqual(['6.6.6.6'])
  })

  it.each([
    { recursive: false, list: '1.1.1.1, 10.0.0.2', ip: '10.0.0.2' },
    { recursive: true, list: '6.6.6.6, 1.1.1.1, 10.0.0.2', ip: '1.1.1.1' },
    { recursive: true, list: '10.0.0.3, 10.0.0.2', ip: '10.0.0.3' },
    { recursive: true, list: 'garbage, 10.0.0.2', ip: '10.0.0.2' },
    { recursive: false, list: '[2001:db8::1]:443', ip: '2001:db8::1' },
    { recursive: false, list: '1.1.1.1:99', ip: '1.1.1.1' },
    { recursive: false, list: 'garbage', ip: '10.0.0.9' },
    { recursive: false, list: '1.1.1.1 2.2.2.2 , ', ip: '2.2.2.2' },
    { recursive: true, list: '1.1.1.1 10.0.0.2', ip: '1.1.1.1' },
  ])('read $list as $ip, recursive: $recursive', async ({ recursive, list, ip }) => {
    const settings = settingsWith({
      trust: ['10.0.0.0/8'],
      realIpHeader: 'x-forwarded-for',
      realIpRecursive: recursive,
    })
    const of = await sentHeaders({ settings }, { headers: ['X-Forwarded-For', list] })
    expect(of('x-real-ip')).toEqual([ip])
  })

  it.each([
    { trust: ['10.0.0.0/8'], proxied: '1.1.1.1', ip: '1.1.1.1' },
    { trust: ['10.0.0.0/8'], proxied: undefined, ip: '10.0.0.9' },
    { trust: [], proxied: '1.1.1.1', ip: '10.0.0.9' },
  ])('read a PROXY header of $proxied from one in $trust as $ip', async (row) => {
    const settings = settingsWith({ trust: row.trust, realIpHeader: 'proxy_protocol' })
    const told = row.proxied === undefined ? {} : { proxied: { ip: row.proxied, port: 1 } }
    const headers = ['Proxy_Protocol', '6.6.6.6', 'X-Real-IP', '6.6.6.6']
    const of = await sentHeaders({ settings }, { ...told, headers })
    expect(of('x-real-ip')).toEqual([row.ip])
  })

  // Traefik CVE-2024-45410
  it('cannot be dropped by naming them in Connection', async () => {
    const named = 'close, X-Forwarded-For, x-real-ip, X-Kong-Request-Id, Via, Host, X-Mine, te'
    const headers = ['Connection', named, 'X-Mine', '1', 'X-Other', '2']
    const of = await sentHeaders({}, { headers })
    for (const name of ['x-forwarded-for', 'x-real-ip', 'x-kong-request-id', 'via', 'host']) {
      expect(of(name)).toHaveLength(1)
    }
    expect(of('x-mine')).toEqual([])
    expect(of('x-other')).toEqual(['2'])
    expect(of('connection')).toEqual(['keep-alive'])
  })

  it('leave out what belongs to one connection', async () => {
    const headers = [
      'Proxy',
      'x',
      'Proxy-Connection',
      'x',
      'Keep-Alive',
      'x',
      'TE',
      'gzip',
      'Transfer-Encoding',
      'chunked',
      'Upgrade',
      'h2c',
      'HTTP2-Settings',
      'x',
      'Expect',
      '100-continue',
      'Trailer',
      'x',
      'Proxy-Authorization',
      'Basic x',
      'proxy-authorization',
      'y',
    ]
    const { send, transport } = setUp()
    await send({ headers })
    const names = transport.sent[0]?.headers.filter((_, i) => i % 2 === 0)
    expect(names).toEqual([
      'Host',
      'Connection',
      'X-Forwarded-For',
      'X-Forwarded-Proto',
      'X-Forwarded-Host',
      'X-Forwarded-Port',
      'X-Forwarded-Path',
      'X-Forwarded-Prefix',
      'Via',
      'X-Real-IP',
      'X-Kong-Request-Id',
    ])
  })

  it('keep duplicates, case, bytes and underscores', async () => {
    const headers = [
      'X-A',
      '1',
      'x-a',
      '\xe9',
      'Cookie',
      'a=1',
      'Cookie',
      'b=2',
      'X_Forwarded_For',
      '6.6.6.6',
    ]
    const { send, transport } = setUp()
    await send({ headers })
    expect(transport.sent[0]?.headers.slice(2, 12)).toEqual(headers)
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-forwarded-for')).toEqual(['10.0.0.9'])
  })

  it('ask for trailers only when the client did', async () => {
    expect((await sentHeaders({}, { headers: ['TE', 'gzip;q=1, Trailers'] }))('te')).toEqual([
      'trailers',
    ])
  })

  it('append to Via', async () => {
    const of = await sentHeaders(
      {},
      { headers: ['Via', '1.0 x', 'Via', '1.1 y'], httpVersion: '1.0' },
    )
    expect(of('via')[0]).toMatch(/^1\.0 x, 1\.1 y, 1 gibbon\//)
  })

  it('say WebSocket when it is one', async () => {
    const of = await sentHeaders(
      {},
      {
        upgrade: true,
        headers: ['Connection', 'Upgrade', 'Upgrade', 'websocket', 'Sec-WebSocket-Key', 'k'],
      },
    )
    expect(of('connection')).toEqual(['keep-alive, Upgrade'])
    expect(of('upgrade')).toEqual(['websocket'])
    expect(of('sec-websocket-key')).toEqual(['k'])
  })

  it.each([
    { body: undefined, headers: [], length: [] },
    { body: undefined, headers: ['Content-Length', '0'], length: ['0'] },
    { body: requestBody(['abc']), headers: ['Content-Length', '3'], length: ['3'] },
    { body: requestBody(['abc'], false), headers: [], length: [] },
  ])('have length $length', async ({ body, headers, length }) => {
    expect((await sentHeaders({}, { method: 'POST', body, headers }))('content-length')).toEqual(
      length,
    )
  })

  it('keep a matched prefix from splitting the head', async () => {
    const of = await sentHeaders({ route: { paths: ['~/mock.*'] } }, { target: '/mock%0D%0AX:y' })
    expect(of('x-forwarded-prefix')[0]).not.toMatch(/[\r\n]/)
  })

  it('say a matched prefix as it was matched', async () => {
    const of = await sentHeaders({ route: { paths: ['~/m.*k'] } }, { target: '/m%c3%bc%20k' })
    expect(of('x-forwarded-prefix')).toEqual(['/m\xc3\xbc k'])
  })
})

describe('Host and TLS', () => {
  const single = { host: 'plain.example', port: 443 }
  it.each([
    { given: {}, host: 'a:9001' },
    { given: { balancer: fakeBalancer([peer('a', 80)]) }, host: 'a' },
    { given: { balancer: fakeBalancer([peer('a', 443)]) }, host: 'a:443' },
    { given: { balancer: fakeBalancer([peer('a', 80)], 'h.example') }, host: 'h.example' },
    { given: { balancer: fakeBalancer([peer('a', 81)], 'h.example') }, host: 'h.example:81' },
    { given: { balancer: fakeBalancer([peer('[::1]', 81)]) }, host: '[::1]:81' },
    { given: { balancer: fakeBalancer([peer('::1', 81)]) }, host: '[::1]:81' },
    { given: { service: { ...single, scheme: 'https' as const } }, host: 'plain.example' },
    { given: { service: single }, host: 'plain.example:443' },
    { given: { route: { preserveHost: true } }, host: 'Client.Example:8000' },
  ])('sends Host $host', async ({ given, host }) => {
    expect((await sentHeaders(given, { host: 'Client.Example:8000' }))('host')).toEqual([host])
  })

  it.each([
    { tlsVerify: false, verifyOff: true, verify: false },
    { tlsVerify: true, verifyOff: true, verify: true },
    { tlsVerify: false, verifyOff: false, verify: true },
  ])('verifies $verify for $tlsVerify where it can be off: $verifyOff', async (row) => {
    const { send, transport } = setUp({
      service: { scheme: 'https', tlsVerify: row.tlsVerify },
      caps: { verifyOff: row.verifyOff },
    })
    await send()
    expect(transport.sent[0]?.tls).toEqual({ serverName: 'a', verify: row.verify })
  })

  const own = { id: 'own', cert: 'c', key: 'k' }
  const shared = { id: 'shared', cert: 'c', key: 'k' }
  it.each([
    { of: "the upstream's", certificate: undefined, shown: shared },
    { of: "the service's own first", certificate: own, shown: own },
  ])('shows a certificate: $of', async ({ certificate, shown }) => {
    const { send, transport } = setUp({
      service: { scheme: 'https', ca: ['root'], clientCertificate: certificate },
      balancer: { ...twoPeers(), clientCertificate: shared },
    })
    await send()
    expect(transport.sent[0]?.tls).toMatchObject({ ca: ['root'], clientCertificate: shown })
  })
})

describe('gRPC', () => {
  const call = {
    method: 'POST',
    httpVersion: '2' as const,
    headers: ['Content-Type', 'application/grpc'],
    body: { ...requestBody(['abc'], false), trailers: () => ['x-checksum', '1'] },
  }
  const given = { service: { grpc: true }, route: { grpc: true } }

  it('goes out by HTTP/2 with its trailers, and ends by the answer’s', async () => {
    const answered = incoming({ body: 'x', trailers: () => ['grpc-status', '0'] })
    const { send, transport } = setUp({ ...given, answering: () => answered })
    const answer = await send(call)
    expect(transport.sent[0]?.http2).toBe(true)
    expect(transport.sent[0]?.trailers?.()).toEqual(['x-checksum', '1'])
    expect(answer.trailers?.()).toEqual(['grpc-status', '0'])
  })

  it('is answered by trailers alone, without a length', async () => {
    const { body: _, ...bare } = incoming({ headers: ['grpc-status', '5'] })
    const answer = await setUp({ ...given, answering: () => ({ ...bare, body: undefined }) }).send(
      call,
    )
    expect(answer.body).toBeUndefined()
    expect(valuesOf(answer.headers, 'content-length')).toEqual([])
    expect(valuesOf(answer.headers, 'grpc-status')).toEqual(['5'])
  })

  it('moves on, blaming nobody, from a target that did not look at it', async () => {
    const refused = failure({ phase: 'head', code: 'GOAWAY', unprocessed: true })
    const balancer = twoPeers()
    const { send, transport } = setUp({
      ...given,
      balancer,
      answering: (_, sent) => (sent <= 2 ? refused : incoming()),
    })
    const answer = await send({ ...call, body: undefined })
    expect(answer.status).toBe(200)
    expect(transport.sent.map(({ port, fresh }) => `${port} ${fresh}`)).toEqual([
      '9001 false',
      '9001 true',
      '9002 false',
    ])
    expect(balancer.told).toContain('left a')
    expect(balancer.told).not.toContain('connectFailed a')
  })
})

it.each([
  { target: '/mock/a%7Eb/../c?x=%2F&y', sent: '/c?x=%2F&y' },
  { target: '/mock?', sent: '/?' },
  { target: 'http://other.example/mock/x', sent: '/x' },
])('asks the upstream for $sent', async ({ target, sent }) => {
  const { send, transport } = setUp()
  await send({ target })
  expect(transport.sent[0]?.target).toBe(sent)
})

it('answers with what the upstream said, and ours', async () => {
  const upstream = [
    'Content-Type',
    'x/y',
    'Set-Cookie',
    'a=1',
    'Set-Cookie',
    'b=2',
    'Connection',
    'close, X-Hop, Content-Length',
    'X-Hop',
    '1',
    'Keep-Alive',
    'timeout=5',
    'Transfer-Encoding',
    'chunked',
    'Upgrade',
    'h2c',
    'Proxy-Authenticate',
    'Basic',
    'Via',
    '1.1 u',
    'Trailer',
    'x',
    'X-Kong-Request-Id',
    'theirs',
    'Content-Length',
    '2',
  ]
  const { send, runtime, balancer } = setUp({
    answering: () => {
      runtime.time += 7
      return incoming({ status: 201, reason: 'Made', headers: upstream, body: 'ok' })
    },
  })
  const answer = await send()
  const of = (name: string) => valuesOf(answer.headers, name)
  expect([answer.status, answer.reason]).toEqual([201, 'Made'])
  expect(of('set-cookie')).toEqual(['a=1', 'b=2'])
  expect(of('content-length')).toEqual(['2'])
  for (const name of [
    'connection',
    'x-hop',
    'keep-alive',
    'transfer-encoding',
    'upgrade',
    'proxy-authenticate',
    'trailer',
  ]) {
    expect(of(name)).toEqual([])
  }
  expect(of('via')[0]).toMatch(/^1\.1 u, 1\.1 gibbon\//)
  expect(of('server')[0]).toMatch(/^gibbon\//)
  expect(of('x-kong-upstream-latency')).toEqual(['7'])
  expect(of('x-kong-proxy-latency')).toEqual(['0'])
  expect(of('x-kong-request-id')).toHaveLength(1)
  expect(of('x-kong-request-id')).not.toContain('theirs')
  expect(await textOf(answer.body)).toBe('ok')

  expect(balancer.told).toEqual(['started a', 'connected a', '201 a'])
  answer.finished?.(true)
  answer.finished?.(false)
  expect(balancer.told.slice(3)).toEqual(['ended a'])
})

it("leaves the upstream's Server", async () => {
  const { send } = setUp({ answering: () => incoming({ headers: ['Server', 'nginx'] }) })
  expect(valuesOf((await send()).headers, 'server')).toEqual(['nginx'])
})

it('sends none of its own headers when told so', async () => {
  const settings = settingsWith({ headers: new Set(), headersUpstream: new Set() })
  const { send, transport } = setUp({
    settings,
    answering: () => incoming({ headers: ['A', 'b'] }),
  })
  expect((await send({ headers: ['X-Kong-Request-Id', 'mine'] })).headers).toEqual(['A', 'b'])
  expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-kong-request-id')).toEqual(['mine'])
})

it.each([
  { method: 'HEAD', status: 200 },
  { method: 'GET', status: 304 },
  { method: 'GET', status: 204 },
])('keeps Content-Length and sends no body for $method $status', async ({ method, status }) => {
  const headers = ['Content-Length', '5']
  const answer = await setUp({ answering: () => incoming({ status, headers, body: 'x' }) }).send({
    method,
  })
  expect(answer.body).toBeUndefined()
  expect(valuesOf(answer.headers, 'content-length')).toEqual(['5'])
})

it('passes trailers on only when asked for', async () => {
  const answering = () =>
    incoming({ headers: ['Trailer', 'T'], body: 'x', trailers: () => ['T', '1'] })
  const asked = await setUp({ answering }).send({ headers: ['TE', 'trailers'] })
  const not = await setUp({ answering }).send()
  expect([asked.trailers?.(), not.trailers]).toEqual([['T', '1'], undefined])
})

it.each([
  { why: 'a body in pieces', named: ['T'] },
  { why: 'HTTP/1.0', request: { httpVersion: '1.0' }, named: [] },
  { why: 'HEAD', request: { method: 'HEAD' }, named: [] },
  { why: 'a length', length: ['Content-Length', '1'], named: [] },
  { why: 'a body behind which none came', none: true, named: ['T'] },
] as const)('names trailers where they can follow: $why', async (row) => {
  const length = 'length' in row ? row.length : []
  const trailers = 'none' in row ? {} : { trailers: () => [] }
  const answering = () => incoming({ headers: ['Trailer', 'T', ...length], body: 'x', ...trailers })
  const request = 'request' in row ? row.request : {}
  const answer = await setUp({ answering }).send({ headers: ['TE', 'trailers'], ...request })
  expect(valuesOf(answer.headers, 'trailer')).toEqual(row.named)
  expect(answer.body instanceof Uint8Array).toBe(row.named.length === 0 && row.why !== 'HEAD')
  expect(await textOf(answer.body)).toBe(row.why === 'HEAD' ? '' : 'x')
})

describe('upgrades', () => {
  const switched = () =>
    incoming({
      status: 101,
      reason: 'Switching Protocols',
      headers: ['Connection', 'Upgrade', 'Upgrade', 'websocket', 'Sec-WebSocket-Accept', 'y'],
      tunnel: { kind: 'fake' },
    })

  it('pass when asked for', async () => {
    const answer = await setUp({ answering: switched }).send({ upgrade: true })
    expect([answer.status, answer.tunnel?.kind]).toEqual([101, 'fake'])
    expect(valuesOf(answer.headers, 'upgrade')).toEqual(['websocket'])
    expect(valuesOf(answer.headers, 'sec-websocket-accept')).toEqual(['y'])
  })

  it.each([
    { upgrade: false, answering: switched },
    { upgrade: true, answering: () => incoming({ status: 101 }) },
    { upgrade: false, answering: () => incoming({ status: 103 }) },
  ])('are 502 when not', async ({ upgrade, answering }) => {
    const { send, balancer } = setUp({ answering })
    const answer = await send({ upgrade })
    expect([answer.status, answer.tunnel]).toEqual([502, undefined])
    expect(balancer.told.filter((line) => line.startsWith('ended'))).toHaveLength(1)
  })
})

it('answers 500 and logs when something throws', async () => {
  const { send, runtime, balancer } = setUp({
    answering: () => {
      throw new Error('bug')
    },
  })
  const answer = await send()
  expect(answer.status).toBe(500)
  expect(await textOf(answer.body)).toContain('An unexpected error occurred')
  expect(runtime.lines).toEqual(['error: Cannot serve a request'])
  expect(balancer.told).toEqual(['started a', 'left a', 'ended a'])
})

describe('retries', () => {
  const firstFails = (given: Parameters<typeof failure>[0]) => (_: unknown, sent: number) =>
    sent === 1 ? failure(given) : incoming()

  it('move on to a peer not tried, with its own Host', async () => {
    const { send, transport, balancer } = setUp({ answering: firstFails({}) })
    expect((await send()).status).toBe(200)
    expect(transport.sent.map((one) => [one.host, one.port, one.headers[1]])).toEqual([
      ['a', 9001, 'a:9001'],
      ['b', 9002, 'b:9002'],
    ])
    expect(balancer.told).toEqual([
      'started a',
      'tcp a',
      'ended a',
      'connectFailed a',
      'started b',
      'connected b',
      '200 b',
    ])
  })

  it('blame no target for what this process has run out of', async () => {
    const given = { code: 'EMFILE' }
    const { send, balancer } = setUp({ answering: firstFails(given) })
    expect((await send()).status).toBe(200)
    expect(balancer.told.slice(0, 4)).toEqual(['started a', 'left a', 'ended a', 'started b'])
  })

  it.each([
    { given: {}, status: 502 },
    { given: { timeout: true, code: 'ETIMEDOUT' }, status: 504 },
    { given: { phase: 'head', timeout: true }, status: 504 },
    { given: { phase: 'head', code: 'ECONNRESET' }, status: 502 },
  ] as const)('end with $status when every peer fails by $given', async ({ given, status }) => {
    const { send, transport } = setUp({ answering: () => failure(given) })
    expect((await send()).status).toBe(status)
    expect(transport.sent.map((one) => one.host)).toEqual(['a', 'b'])
  })

  it.each([
    { why: 'a refused connection', result: failure(), status: 502 },
    { why: 'silence', result: failure({ phase: 'head', timeout: true }), status: 504 },
    { why: 'no sound answer', result: incoming({ status: 103 }), status: 502 },
  ])('end in the headers of a proxied answer, by $why', async ({ result, status }) => {
    const headers = new Set(['server_tokens', 'latency_tokens', 'x-kong-upstream-status'])
    const { send, runtime } = setUp({
      settings: settingsWith({ headers }),
      service: { attempts: 1 },
      answering: () => {
        runtime.time += 7
        return result
      },
    })
    const answer = await send()
    const of = (name: string) => valuesOf(answer.headers, name)
    expect([answer.status, of('x-kong-upstream-status')]).toEqual([status, [`${status}`]])
    expect(of('x-kong-upstream-latency')).toEqual(['7'])
    expect(of('x-kong-proxy-latency')).toEqual(['0'])
    expect(of('x-kong-response-latency')).toEqual([])
    expect(of('via').join()).toMatch(/^1\.1 gibbon\//)
    expect(of('server').join()).toMatch(/^gibbon\//)
  })

  it('stop at the attempts there are', async () => {
    const { send, transport } = setUp({ service: { attempts: 1 }, answering: () => failure() })
    expect((await send()).status).toBe(502)
    expect(transport.sent).toHaveLength(1)
  })

  it('never send a POST twice', async () => {
    const { send, transport } = setUp({ answering: firstFails({ phase: 'head' }) })
    expect((await send({ method: 'POST', body: requestBody(['x']) })).status).toBe(502)
    expect(transport.sent).toHaveLength(1)
  })

  it('send a refused POST elsewhere, small or streamed, while nothing of it is gone', async () => {
    for (const body of [requestBody(['x']), requestBody(['x'], false)]) {
      const { send, transport } = setUp({ answering: firstFails({}) })
      expect((await send({ method: 'POST', body })).status).toBe(200)
      expect(await textOf(transport.sent[1]?.body)).toBe('x')
    }
  })

  it('do not repeat a stream that was touched', async () => {
    const { send, transport } = setUp({
      answering: (outgoing) => {
        if (outgoing.body !== undefined && !(outgoing.body instanceof Uint8Array)) {
          void outgoing.body[Symbol.asyncIterator]().next()
        }
        return failure({ phase: 'send' })
      },
    })
    expect((await send({ method: 'PUT', body: requestBody(['x'], false) })).status).toBe(502)
    expect(transport.sent).toHaveLength(1)
  })

  it('stream when the route does not buffer', async () => {
    const { send, transport } = setUp({ route: { requestBuffering: false } })
    await send({ method: 'POST', body: requestBody(['x']) })
    expect(transport.sent[0]?.body).not.toBeInstanceOf(Uint8Array)
  })

  it('try a stale connection once more, fresh, and blame nobody', async () => {
    const { send, transport, balancer } = setUp({
      answering: firstFails({ phase: 'head', reused: true }),
      service: { attempts: 1 },
    })
    expect((await send()).status).toBe(200)
    expect(transport.sent.map((one) => [one.host, one.fresh])).toEqual([
      ['a', false],
      ['a', true],
    ])
    expect(balancer.told).toEqual(['started a', 'connected a', '200 a'])
  })

  it('blame no peer for what the client did', async () => {
    for (const gone of [false, true]) {
      const { send, transport, balancer } = setUp({
        answering: () => failure({ phase: 'send', byClient: !gone }),
      })
      expect((await send({ gone })).status).toBe(400)
      expect(transport.sent).toHaveLength(1)
      expect(balancer.told).toEqual(['started a', 'left a', 'ended a'])
    }
  })

  it('answer 400 when the body breaks while it is read', async () => {
    const body = { ...requestBody(['x']), bytes: () => Promise.reject(new Error('cut')) }
    const { send, transport } = setUp()
    expect((await send({ method: 'POST', body })).status).toBe(400)
    expect(transport.sent).toEqual([])
  })

  it.each([
    { host: 'example_upstream', text: 'failure to get a peer from the ring-balancer' },
    { host: 'nowhere.example', text: 'name resolution failed' },
  ])('answer 503 when $host does not resolve', async ({ host, text }) => {
    const { send } = setUp({ service: { host }, answering: () => failure({ phase: 'dns' }) })
    const answer = await send()
    expect(answer.status).toBe(503)
    expect(await textOf(answer.body)).toContain(text)
  })

  it('say what was not sent at all in the headers of our own answers', async () => {
    const answer = await setUp({ balancer: fakeBalancer([]) }).send()
    expect(valuesOf(answer.headers, 'x-kong-response-latency')).toHaveLength(1)
    expect(valuesOf(answer.headers, 'via')).toEqual([])
  })

  it('answer 503 without any peer', async () => {
    const answer = await setUp({ balancer: fakeBalancer([]) }).send()
    expect(answer.status).toBe(503)
    expect(await textOf(answer.body)).toContain('failure to get a peer from the ring-balancer')
  })

  it('take a peer made anew by a configuration change for the one tried', async () => {
    let made = 0
    const balancer = { ...twoPeers(), pick: () => (made++ < 5 ? peer('a', 9001) : undefined) }
    const { send, transport } = setUp({ balancer, answering: () => failure() })
    expect((await send()).status).toBe(502)
    expect(transport.sent).toHaveLength(1)
  })

  it('keep delivered retries within the budget once they fail', async () => {
    const waiting: (() => void)[] = []
    const balancer = twoPeers()
    const { handle, transport } = setUp({ balancer })
    let isFailing = true
    transport.send = (outgoing) => {
      transport.sent.push(outgoing)
      if (outgoing.host === 'a' || isFailing) return Promise.resolve(failure({ phase: 'head' }))
      return new Promise((resolve) => waiting.push(() => resolve(incoming())))
    }
    for (let i = 0; i < 10; i++) await handle(clientRequest())
    isFailing = false
    transport.sent.length = 0
    const answers = Array.from({ length: 30 }, () => handle(clientRequest()))
    while (transport.sent.length < 40) await Promise.resolve()
    for (let i = 0; i < 50; i++) await Promise.resolve()
    for (const answerNow of waiting) answerNow()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(10)
    expect(transport.sent).toHaveLength(40)
  })
})
