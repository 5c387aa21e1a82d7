import { expect, it } from 'vitest'
import { type Logging, type LoggingOptions, openLogging } from '../../test/logs/open-logging.ts'
import { attributesIn, fieldOf, inProto, readProto } from '../../test/logs/read-protobuf.ts'
import { openLua } from '../../test/lua/open-lua.ts'
import { failure, incoming, valuesOf } from '../../test/proxy/fakes.ts'
import { toHex } from '../lib/hex.ts'
import { opentelemetry } from './opentelemetry.ts'
import { postFunction } from './post-function.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const PARENT_HEADER = ['traceparent', `00-${TRACE}-${SPAN}-01`]
const decoder = new TextDecoder()

function open(config: object = {}, given: Partial<LoggingOptions> = {}) {
  const traces_endpoint = 'http://collector:4318/v1/traces'
  const name = 'opentelemetry'
  const plugins = [{ name, config: { traces_endpoint, sampling_rate: 1, ...config } }]
  return openLogging({ plugins, ...given })
}

const toUpstream = ({ transport }: Logging) => transport.sent.find(({ port }) => port === 80)
const toCollector = ({ transport }: Logging) => transport.sent.filter(({ port }) => port === 4318)

/** The exported spans, read. */
function spansOf(rig: Logging) {
  return toCollector(rig).flatMap(({ body }) =>
    readProto(inProto(body as Uint8Array, 1, 2))
      .filter(({ field }) => field === 2)
      .map(({ bytes }) => ({
        traceId: toHex(inProto(bytes, 1)),
        spanId: toHex(inProto(bytes, 2)),
        parentId: toHex(inProto(bytes, 4)),
        name: decoder.decode(inProto(bytes, 5)),
        kind: Number(fieldOf(bytes, 6).number),
        from: fieldOf(bytes, 7).number,
        to: fieldOf(bytes, 8).number,
        status: Number(fieldOf(inProto(bytes, 15), 3).number),
        attributes: attributesIn(bytes, 9),
      })),
  )
}

it('tells the upstream which span asks, and exports that span and the whole’s', async () => {
  const rig = await open()
  let dice = 0
  rig.runtime.random = () => dice++ / 100
  await rig.ask('/a?b=1', { headers: [...PARENT_HEADER] })
  await rig.gateway.close()
  const [root, balancer] = spansOf(rig)
  const [told = ''] = valuesOf(toUpstream(rig)?.headers ?? [], 'traceparent')
  expect(told).toBe(`00-${TRACE}-${balancer?.spanId}-01`)
  const at = 1_700_000_000_000_000_000n
  expect(root).toMatchObject({ traceId: TRACE, parentId: SPAN, name: 'kong', kind: 2, from: at })
  expect(root?.attributes).toEqual({
    'http.method': 'GET',
    'http.url': 'http://a.test/a?b=1',
    'http.host': 'a.test',
    'http.scheme': 'http',
    'http.flavor': '1.1',
    'http.client_ip': '10.0.0.9',
    'net.peer.ip': '10.0.0.9',
    'kong.request.id': expect.stringMatching(/^[\da-f]{32}$/),
    'http.status_code': 200,
    'http.route': '/',
  })
  expect(balancer).toMatchObject({ parentId: root?.spanId, name: 'kong.balancer', kind: 3 })
  expect(balancer?.attributes).toEqual({
    try_count: 1,
    'net.peer.ip': 'echo.test',
    'net.peer.port': 80,
    'net.peer.name': 'echo.test',
  })
})

it.each([
  ['the name of the target that was tried last', {}, 'second.test'],
  ['the host header of its upstream', { host_header: 'shown.test' }, 'shown.test'],
])('calls every try after %s', async (_what, upstream, name) => {
  const targets = ['first.test', 'second.test'].map((target) => ({ target: `${target}:80` }))
  const plugins = [
    {
      name: 'opentelemetry',
      config: { traces_endpoint: 'http://collector:4318', sampling_rate: 1 },
    },
  ]
  const rig = await openLogging({
    plugins,
    upstream: ({ host }) => (host === 'first.test' ? failure({ phase: 'connect' }) : incoming()),
    config: { upstreams: [{ name: 'echo.test', ...upstream, targets }] },
  })
  await rig.ask('/')
  await rig.gateway.close()
  const tries = spansOf(rig).filter((span) => span.name === 'kong.balancer')
  expect(tries.map(({ attributes }) => attributes['net.peer.ip'])).toEqual([
    'first.test',
    'second.test',
  ])
  expect(tries.map(({ attributes }) => attributes['net.peer.name'])).toEqual([name, name])
})

it('has a span of each try, the failed ones marked', async () => {
  const upstream = ({ port }: { port: number }) =>
    port === 4318 ? incoming() : failure({ phase: 'connect' })
  const rig = await open({}, { upstream })
  await rig.ask('/')
  await rig.gateway.close()
  const [root, ...tries] = spansOf(rig)
  expect(root?.attributes['http.status_code']).toBe(502)
  expect(tries.length).toBeGreaterThan(0)
  for (const one of tries) {
    expect(one).toMatchObject({ status: 2, attributes: { 'http.status_code': 502 } })
  }
})

it('sends protobuf with the headers and attributes it is told to', async () => {
  const rig = await open({
    headers: { 'X-Auth': 'sesame' },
    resource_attributes: { 'service.name': 'edge', zone: 'a' },
    read_timeout: 7,
    connect_timeout: 8,
    send_timeout: 9,
  })
  await rig.ask('/')
  await rig.gateway.close()
  const [call] = toCollector(rig)
  expect(call).toMatchObject({ method: 'POST', target: '/v1/traces' })
  expect(call).toMatchObject({ readTimeout: 7, connectTimeout: 8, writeTimeout: 9 })
  expect(valuesOf(call?.headers ?? [], 'content-type')).toEqual(['application/x-protobuf'])
  expect(valuesOf(call?.headers ?? [], 'x-auth')).toEqual(['sesame'])
  const exported = inProto(call?.body as Uint8Array, 1)
  expect(attributesIn(inProto(exported, 1), 1)).toMatchObject({ 'service.name': 'edge', zone: 'a' })
  expect(decoder.decode(inProto(exported, 2, 1, 1))).toBe('kong-internal')
})

it.each([
  {
    why: 'the caller does not want it',
    config: {},
    headers: [PARENT_HEADER[0], `00-${TRACE}-${SPAN}-00`],
  },
  { why: 'no trace is to be', config: { sampling_rate: 0 }, headers: PARENT_HEADER },
  {
    why: 'its id is not among a hundredth',
    config: { sampling_rate: null },
    headers: PARENT_HEADER,
  },
])('exports nothing when $why, and tells the upstream', async ({ config, headers }) => {
  const rig = await open(config)
  await rig.ask('/', { headers: headers as string[] })
  await rig.gateway.close()
  expect(toCollector(rig)).toEqual([])
  expect(valuesOf(toUpstream(rig)?.headers ?? [], 'traceparent')[0]).toMatch(/-00$/)
})

it.each([
  { config: {}, headers: [], has: 'traceparent' },
  { config: { propagation: { default_format: 'jaeger' } }, headers: [], has: 'uber-trace-id' },
  { config: {}, headers: ['b3', `${TRACE}-${SPAN}-1`], has: 'b3' },
  { config: { header_type: 'aws' }, headers: [], has: 'x-amzn-trace-id' },
  {
    config: {
      propagation: { extract: ['ot'], inject: ['gcp'], clear: ['b3'], default_format: 'w3c' },
    },
    headers: ['b3', `${TRACE}-${SPAN}-1`],
    has: 'x-cloud-trace-context',
    lacks: 'b3',
  },
])('writes headers as $config says', async ({ config, headers, has, lacks = 'none' }) => {
  const rig = await open(config)
  await rig.ask('/', { headers })
  expect(valuesOf(toUpstream(rig)?.headers ?? [], has)).toHaveLength(1)
  expect(valuesOf(toUpstream(rig)?.headers ?? [], lacks)).toEqual([])
})

it('tells clients, and other log plugins, the trace’s id', async () => {
  const rig = await open(
    { http_response_header_for_traceid: 'X-Trace' },
    {
      config: { plugins: [{ name: 'udp-log', config: { host: 'logs', port: 1 } }] },
    },
  )
  const { headers } = await rig.ask('/', { headers: [...PARENT_HEADER] })
  expect(valuesOf([...headers], 'x-trace')).toEqual([TRACE])
  expect(JSON.parse(rig.sockets.datagrams[0]?.text ?? '').trace_id).toEqual({ w3c: TRACE })
})

it('sends spans in batches', async () => {
  const rig = await open({ queue: { max_batch_size: 3 } })
  for (let i = 0; i < 3; i++) await rig.ask('/')
  await rig.gateway.close()
  expect(toCollector(rig)).toHaveLength(2)
  expect(spansOf(rig)).toHaveLength(6)
})

it('sends lines about a request with the ids of its trace', async () => {
  const logs_endpoint = 'http://collector:4318/v1/logs'
  const config = { traces_endpoint: 'http://collector:4318/v1/traces', logs_endpoint }
  const { ask, transport, close } = await openLua({
    plugins: [opentelemetry, postFunction],
    plugins_of_route: [
      { name: 'opentelemetry', config: { ...config, sampling_rate: 1 } },
      { name: 'post-function', config: { access: ['kong.log.info("a line of mine")'] } },
    ],
  })
  await ask('/', { headers: [[...PARENT_HEADER] as [string, string]] })
  await close()
  const sent = (path: string) =>
    transport.sent.flatMap(({ target, body }) =>
      target === path
        ? readProto(inProto(body as Uint8Array, 1, 2)).filter(({ field }) => field === 2)
        : [],
    )
  const [root] = sent('/v1/traces')
  const line = sent('/v1/logs').find(({ bytes }) =>
    decoder.decode(inProto(bytes, 5, 1)).endsWith('a line of mine'),
  )
  const [span, log] = [root?.bytes ?? new Uint8Array(), line?.bytes ?? new Uint8Array()]
  expect([toHex(inProto(log, 9)), fieldOf(log, 8).number]).toEqual([TRACE, 1n])
  expect(inProto(log, 10)).toEqual(inProto(span, 2))
})

it.each([
  { tracing: { requests: false, tries: false, samplingRate: 1 }, names: [] },
  { tracing: { requests: true, tries: false, samplingRate: 1 }, names: ['kong'] },
  { tracing: { requests: true, tries: true, samplingRate: 1 }, names: ['kong', 'kong.balancer'] },
  { tracing: { requests: true, tries: true, samplingRate: 0 }, names: [] },
])('makes the spans the settings name: $tracing', async ({ tracing, names }) => {
  const rig = await open({ sampling_rate: null }, { settings: { tracing } })
  await rig.ask('/')
  await rig.gateway.close()
  expect(spansOf(rig).map(({ name }) => name)).toEqual(names)
  expect(valuesOf(toUpstream(rig)?.headers ?? [], 'traceparent')).toHaveLength(1)
})

it.each([
  { tracing: { requests: true, tries: true, samplingRate: 1 }, teller: 'kong.balancer' },
  { tracing: { requests: true, tries: false, samplingRate: 1 }, teller: 'kong' },
])('names $teller as the span that asks, with $tracing', async ({ tracing, teller }) => {
  const rig = await open({ header_type: 'b3' }, { settings: { tracing } })
  await rig.ask('/', { headers: ['b3', `${TRACE}-${SPAN}-1`] })
  await rig.gateway.close()
  const asking = spansOf(rig).find(({ name }) => name === teller)
  const told = (name: string) => valuesOf(toUpstream(rig)?.headers ?? [], name)[0]
  expect(told('b3')).toBe(`${TRACE}-${asking?.spanId}-1-${asking?.parentId}`)
  expect(told('x-b3-parentspanid')).toBe(asking?.parentId)
})

it('passes traces on unsampled where nothing is traced', async () => {
  const tracing = { requests: false, tries: false, samplingRate: 1 }
  const rig = await open({}, { settings: { tracing } })
  await rig.ask('/', { headers: [...PARENT_HEADER] })
  const [told] = valuesOf(toUpstream(rig)?.headers ?? [], 'traceparent')
  expect(told).toMatch(new RegExp(`^00-${TRACE}-[\\da-f]{16}-00$`))
})

it('tells the trace’s id of what was refused before, too', async () => {
  const config = { plugins: [{ name: 'request-termination' }] }
  const rig = await open({ http_response_header_for_traceid: 'X-Trace' }, { config })
  const { status, headers } = await rig.ask('/')
  expect(status).toBe(503)
  expect(valuesOf([...headers], 'x-trace')[0]).toMatch(/^[\da-f]{32}$/)
})
