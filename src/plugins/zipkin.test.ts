import { describe, expect, it } from 'vitest'
import { type Logging, openLogging } from '../../test/logs/open-logging.ts'
import { failure, incoming, valuesOf } from '../../test/proxy/fakes.ts'
import type { ZipkinSpan } from './zipkin/span.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const PARENT = '00f067aa0ba902b7'

async function open(config: object = {}, given: object = {}) {
  const http_endpoint = 'http://zipkin:9411/api/v2/spans'
  const plugins = [{ name: 'zipkin', config: { http_endpoint, sample_ratio: 1, ...config } }]
  const rig = await openLogging({ plugins, ...given })
  let dice = 0
  rig.runtime.random = () => (dice++ % 50) / 100
  return rig
}

const toZipkin = ({ transport }: Logging) => transport.sent.filter(({ host }) => host === 'zipkin')
const toUpstream = ({ transport }: Logging) => transport.sent.find(({ host }) => host !== 'zipkin')

async function spansOf(rig: Logging): Promise<ZipkinSpan[]> {
  await rig.gateway.close()
  return toZipkin(rig).flatMap(({ body }) =>
    JSON.parse(new TextDecoder().decode(body as Uint8Array)),
  )
}

const told = (rig: Logging, name: string) => valuesOf(toUpstream(rig)?.headers ?? [], name)[0]

it('reports the try, what lies behind us and the whole', async () => {
  const rig = await open()
  await rig.ask('/a?b=1', { port: 5555 })
  const [attempt, proxy, whole] = await spansOf(rig)
  const at = 1_700_000_000_000_000
  const kong = { localEndpoint: { serviceName: 'kong' }, timestamp: at, duration: 0 }
  const place = {
    'kong.service': expect.any(String),
    'kong.service_name': 'echo',
    'kong.route': expect.any(String),
    'kong.route_name': 'all',
  }
  expect(whole).toEqual({
    ...kong,
    traceId: expect.stringMatching(/^[\da-f]{32}$/),
    id: expect.stringMatching(/^[\da-f]{16}$/),
    name: 'GET',
    kind: 'SERVER',
    remoteEndpoint: { ipv4: '10.0.0.9', port: 5555 },
    tags: {
      lc: 'kong',
      'kong.node.id': expect.any(String),
      'http.method': 'GET',
      'http.host': 'a.test',
      'http.path': '/a',
      'http.protocol': 'HTTP/1.1',
      'http.status_code': '200',
    },
    annotations: ['krs', 'krf'].map((value) => ({ value, timestamp: at })),
  })
  const echo = { serviceName: 'echo', ipv4: 'echo.test', port: 80 }
  expect(proxy).toEqual({
    ...kong,
    traceId: whole?.traceId,
    id: told(rig, 'x-b3-spanid'),
    parentId: whole?.id,
    name: 'GET (proxy)',
    kind: 'CLIENT',
    remoteEndpoint: echo,
    tags: { 'peer.hostname': 'echo.test', ...place },
    annotations: ['khs', 'khf', 'kbs', 'kas', 'kaf', 'kbf'].map((value) => ({
      value,
      timestamp: at,
    })),
  })
  expect(attempt).toMatchObject({
    parentId: whole?.id,
    name: 'GET (balancer try 1)',
    kind: 'CLIENT',
    remoteEndpoint: echo,
    tags: { 'kong.balancer.try': '1', ...place },
  })
  expect(told(rig, 'x-b3-traceid')).toBe(whole?.traceId)
  expect(told(rig, 'x-b3-parentspanid')).toBe(whole?.id)
  expect(told(rig, 'x-b3-sampled')).toBe('1')
})

it('tells of a failed try what failed', async () => {
  let tries = 0
  const upstream = ({ host }: { host: string }) =>
    host !== 'zipkin' && tries++ === 0 ? failure() : incoming()
  const rig = await open({}, { upstream, config: TWO_TARGETS })
  await rig.ask('/')
  const [first, second] = await spansOf(rig)
  expect(first?.tags).toMatchObject({
    error: 'true',
    'kong.balancer.state': 'failed',
    'http.status_code': '502',
  })
  expect(second?.tags).toMatchObject({ 'kong.balancer.try': '2' })
  expect(second?.tags).not.toHaveProperty('error')
})

const TWO_TARGETS = {
  upstreams: [
    { name: 'echo.test', targets: [{ target: '10.1.0.1:80' }, { target: '10.1.0.2:80' }] },
  ],
}

describe('a trace that came', () => {
  it.each([
    { headers: ['b3', `${TRACE}-${SPAN}-1-${PARENT}`], ids: { id: SPAN, parentId: PARENT } },
    { headers: ['traceparent', `00-${TRACE}-${SPAN}-01`], ids: { parentId: SPAN } },
  ])('goes on from $headers', async ({ headers, ids }) => {
    const rig = await open({ sample_ratio: 0 })
    await rig.ask('/', { headers })
    const whole = (await spansOf(rig)).at(-1)
    expect(whole).toMatchObject({ traceId: TRACE, ...ids })
    expect(told(rig, headers[0] ?? '')).toContain(TRACE)
  })

  it('is not reported when its caller does not want it', async () => {
    const rig = await open()
    await rig.ask('/', { headers: ['b3', '0'] })
    expect(await spansOf(rig)).toEqual([])
    expect(told(rig, 'b3')).toMatch(/-0-[\da-f]{16}$/)
  })
})

it.each([
  { config: { sample_ratio: 0 }, count: 0 },
  { config: { http_endpoint: null }, count: 0 },
  { config: { queue: { max_batch_size: 3 } }, count: 1 },
  { config: {}, count: 3 },
])('sends $count requests to the collector with $config', async ({ config, count }) => {
  const rig = await open(config)
  await rig.ask('/')
  await rig.gateway.close()
  expect(toZipkin(rig)).toHaveLength(count)
  expect(told(rig, 'x-b3-traceid')).toBeDefined()
})

const consumer = { username: 'ann', keyauth_credentials: [{ key: 'k' }] }

it.each<{ config: object; whole: object; path?: string; headers?: string[] }>([
  { config: { local_service_name: 'edge' }, whole: { localEndpoint: { serviceName: 'edge' } } },
  { config: { default_service_name: 'x' }, whole: { remoteEndpoint: { serviceName: 'x' } } },
  { config: { http_span_name: 'method_path' }, whole: { name: 'GET /a' } },
  { config: { static_tags: [{ name: 'zone', value: 'a' }] }, whole: { tags: { zone: 'a' } } },
  {
    config: { tags_header: 'X-Tags' },
    headers: ['X-Tags', 'a=b; c = d ;', 'X-Tags', 'e=f'],
    whole: { tags: { a: 'b', c: 'd', e: 'f' } },
  },
  {
    config: { phase_duration_flavor: 'tags' },
    whole: { tags: { 'kong.rewrite.duration_ms': '0' }, annotations: undefined },
  },
  { config: {}, whole: { tags: { 'kong.consumer': expect.any(String) } } },
])('does as $config says', async ({ config, whole, headers = [] }) => {
  const guard = [{ name: 'key-auth' }]
  const rig = await open(config, { config: { consumers: [consumer], plugins: guard } })
  await rig.ask('/a?apikey=k', { headers })
  const spans = await spansOf(rig)
  expect({ annotations: undefined, ...spans.at(-1) }).toMatchObject(whole)
})

it.each([
  { include_credential: true, told: true },
  { include_credential: false, told: false },
])('names the credential: $include_credential', async ({ include_credential, told: isTold }) => {
  const guard = [{ name: 'key-auth' }]
  const rig = await open(
    { include_credential },
    { config: { consumers: [consumer], plugins: guard } },
  )
  await rig.ask('/?apikey=k')
  const tags = (await spansOf(rig)).at(-1)?.tags ?? {}
  expect('kong.credential' in tags).toBe(isTold)
})

it('makes ids as short as it is told, and tells clients', async () => {
  const rig = await open({ traceid_byte_count: 8, http_response_header_for_traceid: 'X-Trace' })
  const { headers } = await rig.ask('/')
  const [span] = await spansOf(rig)
  expect(span?.traceId).toMatch(/^[\da-f]{16}$/)
  expect(valuesOf([...headers], 'x-trace')).toEqual([span?.traceId])
})

it('goes on without the tags it cannot read', async () => {
  const rig = await open()
  await rig.ask('/', { headers: ['Zipkin-Tags', 'good=1; bad'] })
  const tags = (await spansOf(rig)).at(-1)?.tags
  expect(tags).toMatchObject({ good: '1' })
  expect(rig.runtime.lines).toContain('warn: Cannot read some Zipkin tags of a request')
})

it('names the route of a request that has no service', async () => {
  const config = { http_endpoint: 'http://zipkin:9411/api/v2/spans', sample_ratio: 1 }
  const plugins = [{ name: 'zipkin', config }, { name: 'request-termination' }]
  const routes = [{ name: 'bare', paths: ['/bare'], plugins }]
  const rig = await openLogging({ plugins: [], config: { routes } })
  await rig.ask('/bare')
  const proxy = (await spansOf(rig)).find(({ name }) => name === 'GET (proxy)')
  expect(proxy?.tags).toEqual({ 'kong.route': expect.any(String), 'kong.route_name': 'bare' })
})

// Kong: the newest configuration counts for all that is in a queue.
it('sends what still waits where the newest configuration says', async () => {
  const queue = { max_batch_size: 10, max_coalescing_delay: 1000 }
  const rig = await open({ queue })
  await rig.ask('/a')
  const config = { http_endpoint: 'http://other:9411/spans', queue }
  const routes = [{ name: 'all', paths: ['/'], plugins: [{ name: 'zipkin', config }] }]
  const services = [{ name: 'echo', url: 'http://echo.test:80', routes }]
  await rig.gateway.applyConfig({ _format_version: '3.0', services })
  await rig.gateway.close()
  const collectors = rig.transport.sent
    .map(({ host }) => host)
    .filter((host) => host !== 'echo.test')
  expect(collectors).toEqual(['other'])
})
