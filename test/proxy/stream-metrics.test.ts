import { describe, expect, it } from 'vitest'
import type { ZipkinSpan } from '../../src/plugins/zipkin/span.ts'
import { openSessions, TWO_PEERS } from './open-sessions.ts'

const PROTOCOLS = ['tcp', 'tls', 'udp']
const DENIED = { source: { ip: '10.0.0.8', port: 1 } }
const guard = { name: 'ip-restriction', config: { deny: ['10.0.0.8'] } }

/** The lines of a session that took 3 ms until its peer was tried. */
async function linesOf(name: string, config: object, client: object = {}): Promise<string[]> {
  const rig = await openSessions([{ name, protocols: PROTOCOLS, config }, guard])
  await rig.come(client, { prereadTakes: 3, tryTakes: 2, lasts: 40 })
  await rig.close()
  return rig.sockets.datagrams.map(({ text }) => text)
}

const metric = (name: string, rest: object = {}) => ({
  metrics: [{ name, stat_type: 'counter', sample_rate: 1, ...rest }],
})
const WORKSPACE = '0dc6f45b-8f8d-40d2-a504-473544ee190b'

describe('statsd', () => {
  it('tells of a session what it has a value of, when it has ended', async () => {
    expect(await linesOf('statsd', {})).toEqual([
      'kong.service.db.request.count:1|c',
      'kong.service.db.status.200:1|c',
      'kong.service.db.kong_latency:3|ms',
      `kong.service.db.workspace.${WORKSPACE}.status.200:1|c`,
    ])
  })

  it.each([
    { config: metric('status_count'), lines: ['kong.service.db.status.403:1|c'] },
    { config: { ...metric('status_count'), allow_status_codes: ['200-299'] }, lines: [] },
    {
      config: { ...metric('request_count'), allow_status_codes: ['400-499'] },
      lines: ['kong.service.db.request.count:1|c'],
    },
    {
      config: metric('request_count', { service_identifier: 'service_host' }),
      lines: ['kong.service.db_test.request.count:1|c'],
    },
    {
      config: { ...metric('request_count'), tag_style: 'dogstatsd' },
      lines: [
        `kong.request.count:1|c|#service:db,route:tcp,workspace:${WORKSPACE},node:localhost,status:403`,
      ],
    },
    { config: { ...metric('request_size'), tag_style: 'dogstatsd' }, lines: [] },
    { config: metric('latency', { stat_type: 'timer' }), lines: [] },
    { config: metric('unique_users', { stat_type: 'set' }), lines: [] },
  ])('with $config tells of a refused one $lines', async ({ config, lines }) => {
    expect(await linesOf('statsd', config, DENIED)).toEqual(lines)
  })
})

describe('datadog', () => {
  it('tells of a session what it has a value of, its status as a hyphen', async () => {
    const tags = '#name:db,status:-,app:kong'
    const lines = [`kong.request.count:1|c|${tags}`, `kong.kong_latency:3|ms|${tags}`]
    expect(await linesOf('datadog', {})).toEqual(lines)
    expect(await linesOf('datadog', { metrics: [] }, DENIED)).toEqual([])
  })
})

const AT = 1_700_000_000_000_000

/** The spans of one session, as they come to the collector. */
async function spansOf(
  config: object,
  course: Parameters<Awaited<ReturnType<typeof openSessions>>['come']>[1] = {},
  client: object = {},
) {
  const http_endpoint = 'http://collector/api/v2/spans'
  const zipkin = {
    name: 'zipkin',
    protocols: PROTOCOLS,
    config: { http_endpoint, sample_ratio: 1, ...config },
  }
  const rig = await openSessions([zipkin, guard], { config: TWO_PEERS })
  await rig.come(client, course)
  // The collector is sent arrays of spans.
  return (await rig.entries()).flat() as unknown as ZipkinSpan[]
}

describe('zipkin', () => {
  const place = {
    'kong.service': expect.any(String),
    'kong.service_name': 'db',
    'kong.route': expect.any(String),
    'kong.route_name': 'tcp',
  }
  const course = { failing: 1, prereadTakes: 3, tryTakes: 2, lasts: 40 }

  it('reports each try, what lies behind us and the whole of a session', async () => {
    const static_tags = [{ name: 'team', value: 'a' }]
    const [first, second, proxy, whole, ...more] = await spansOf({ static_tags }, course)
    expect(more).toEqual([])
    expect(whole).toEqual({
      traceId: expect.stringMatching(/^[\da-f]{32}$/),
      id: expect.stringMatching(/^[\da-f]{16}$/),
      name: 'stream',
      kind: 'SERVER',
      timestamp: AT,
      duration: 47_000,
      localEndpoint: { serviceName: 'kong' },
      remoteEndpoint: { ipv4: '10.0.0.9', port: 4000 },
      tags: { lc: 'kong', team: 'a', 'kong.node.id': expect.any(String) },
    })
    const behind = {
      traceId: whole?.traceId,
      parentId: whole?.id,
      id: expect.stringMatching(/^[\da-f]{16}$/),
      kind: 'CLIENT',
      localEndpoint: { serviceName: 'kong' },
    }
    expect(proxy).toEqual({
      ...behind,
      name: 'stream (proxy)',
      timestamp: AT,
      duration: 47_000,
      remoteEndpoint: {
        serviceName: 'db',
        ipv4: second?.remoteEndpoint?.ipv4,
        port: second?.remoteEndpoint?.port,
      },
      tags: { 'peer.hostname': 'db.test', ...place },
      annotations: [
        { value: 'kps', timestamp: AT },
        { value: 'kpf', timestamp: AT + 3000 },
      ],
    })
    expect(first).toEqual({
      ...behind,
      name: 'stream (balancer try 1)',
      timestamp: AT + 3000,
      duration: 2000,
      remoteEndpoint: { serviceName: 'db', ipv4: expect.any(String), port: expect.any(Number) },
      tags: {
        'kong.balancer.try': '1',
        error: 'true',
        'kong.balancer.state': 'failed',
        'http.status_code': '502',
        ...place,
      },
    })
    expect(second).toMatchObject({
      ...behind,
      name: 'stream (balancer try 2)',
      timestamp: AT + 5000,
      tags: { 'kong.balancer.try': '2' },
    })
    expect(second?.tags).not.toHaveProperty('error')
  })

  it('tells how long plugins took in a tag, where tags are wanted', async () => {
    const spans = await spansOf({ phase_duration_flavor: 'tags' }, course)
    const proxy = spans.at(-2)
    expect(proxy?.tags).toMatchObject({ 'kong.preread.duration_ms': '3' })
    expect(proxy).not.toHaveProperty('annotations')
  })

  it('reports what was refused, and of no peer', async () => {
    const [proxy, whole, ...more] = await spansOf({}, { prereadTakes: 3, lasts: 4 }, DENIED)
    expect(more).toEqual([])
    expect(proxy).toMatchObject({
      name: 'stream (proxy)',
      remoteEndpoint: { serviceName: 'db' },
      annotations: [
        { value: 'kps', timestamp: AT },
        { value: 'kpf', timestamp: AT + 7000 },
      ],
    })
    expect(proxy?.tags).not.toHaveProperty('peer.hostname')
    expect(whole).toMatchObject({ name: 'stream', duration: 7000 })
  })

  it.each([
    [{ sample_ratio: 0 }, 0],
    [{ http_endpoint: null }, 0],
    [{ traceid_byte_count: 8 }, 3],
  ])('with %j reports %i spans', async (config, count) => {
    const spans = await spansOf(config)
    expect(spans).toHaveLength(count)
    for (const { traceId } of spans) expect(traceId).toHaveLength(16)
  })

  it('costs a session nothing where nothing is reported', async () => {
    const rig = await openSessions([{ name: 'zipkin', protocols: PROTOCOLS, config: {} }])
    const plan = rig.gateway.stream({
      protocol: 'tcp',
      source: { ip: '10.0.0.9', port: 4000 },
      destination: { ip: '10.0.0.1', port: 9000 },
    })
    expect(plan).toBeDefined()
    expect(plan).not.toHaveProperty('admit')
  })
})
