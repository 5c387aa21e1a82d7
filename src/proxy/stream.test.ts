import { describe, expect, it } from 'vitest'
import { ALL_CAPS } from '../../test/caps.ts'
import {
  type FakeBalancer,
  fakeBalancer,
  fakeBalancers,
  fakeRuntime,
  peer,
  settingsWith,
} from '../../test/proxy/fakes.ts'
import type { Hooks } from '../pdk/hooks.ts'
import type { SessionRecord } from '../pdk/session.ts'
import { WORKSPACE } from '../pdk/workspace.ts'
import type { Dialled, StreamClient, StreamPlace, StreamPlan } from '../ports/stream.ts'
import type { Connection } from '../router/stream.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import { NO_CHAINS } from '../snapshot/plugins.ts'
import { createStreams } from './stream.ts'

const route: CompiledRoute = {
  id: '11111111-1111-4111-8111-111111111111',
  protocols: ['tcp'],
  methods: null,
  hosts: null,
  paths: null,
  snis: null,
  headers: null,
  regex_priority: null,
  name: 'db',
  serviceId: 'service',
  stripPath: false,
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
  name: 'db',
  scheme: 'http',
  grpc: false,
  host: 'up',
  port: 80,
  path: null,
  attempts: 3,
  connectTimeout: 1000,
  writeTimeout: 2000,
  readTimeout: 3000,
  tlsVerify: true,
  tlsVerifyDepth: undefined,
  ca: undefined,
  clientCertificate: undefined,
}

const CLIENT: StreamClient = {
  protocol: 'tcp',
  source: { ip: '10.0.0.1', port: 4000 },
  destination: { ip: '10.0.0.2', port: 9000 },
}

type Answer = 'ok' | 'tcp' | 'timeout' | 'left' | 'EMFILE'

interface Given {
  readonly balancer?: FakeBalancer
  readonly client?: Partial<StreamClient>
  readonly service?: Partial<CompiledService>
  readonly protocols?: readonly string[]
  readonly route?: Partial<CompiledRoute>
  readonly trust?: readonly string[]
  readonly wanted?: boolean
  readonly answers?: readonly Answer[]
  readonly hooks?: readonly Hooks[]
}

function setUp(given: Given = {}) {
  const balancer = given.balancer ?? fakeBalancer([peer('a', 1), peer('b', 2), peer('c', 3)])
  const asked: Connection[] = []
  const found = { ...route, protocols: given.protocols ?? route.protocols, ...given.route }
  const runtime = fakeRuntime()
  const plan = createStreams({
    snapshot: () => ({
      revision: 1,
      // No request comes here.
      router: { find: () => undefined } as never,
      streams: (connection) => {
        asked.push(connection)
        return given.wanted === false ? undefined : found
      },
      chains: { ...NO_CHAINS, streamOf: () => given.hooks },
      serviceOf: () => ({ ...service, ...given.service }),
    }),
    balancers: fakeBalancers({ up: balancer }),
    runtime,
    settings: settingsWith({ trust: given.trust ?? [] }),
    caps: ALL_CAPS,
    rows: { get: (entity, id) => ({ id: `${entity} ${id}` }) },
  })({ ...CLIENT, ...given.client })
  const places: StreamPlace[] = []
  const dial = async (place: StreamPlace): Promise<Dialled<string>> => {
    const answer = given.answers?.[places.length] ?? 'ok'
    places.push(place)
    if (answer === 'ok') return { ok: true, socket: place.host }
    if (answer === 'EMFILE') return { ok: false, failure: 'tcp', code: answer }
    return { ok: false, failure: answer, code: 'ECONNREFUSED' }
  }
  const open = () => (plan as StreamPlan).open(dial) // Proof: asked where a route is found
  return { plan, open, asked, places, balancer, told: balancer.told, runtime }
}

describe('a stream', () => {
  it('goes nowhere without a route', () => {
    expect(setUp({ wanted: false }).plan).toBeUndefined()
  })

  it('counts from its connection to its end, once', async () => {
    const { open, told, places } = setUp()
    const opened = await open()
    expect(opened?.socket).toBe('a')
    expect(places).toMatchObject([{ host: 'a', port: 1, connectTimeout: 1000, tls: undefined }])
    expect(told).toEqual(['started a', '200 a', 'connected a'])
    opened?.release()
    opened?.release()
    expect(told.slice(3)).toEqual(['ended a'])
  })

  it('is connected to a peer not tried where one cannot be reached', async () => {
    const { open, told } = setUp({ answers: ['tcp', 'timeout', 'ok'] })
    expect((await open())?.socket).toBe('c')
    expect(told).toEqual([
      ...['started a', 'tcp a', 'ended a', 'connectFailed a'],
      ...['started b', 'timeout b', 'ended b', 'connectFailed b'],
      ...['started c', '200 c', 'connected c'],
    ])
  })

  it.each([
    ['there is no peer', { balancer: fakeBalancer([]) }, 0],
    ['retries are used up', { service: { attempts: 2 }, answers: ['tcp', 'tcp'] }, 2],
    ['every peer failed', { service: { attempts: 9 }, answers: ['tcp', 'tcp', 'tcp'] }, 3],
  ] as [string, Given, number][])('is given up and logged when %s', async (_why, given, tries) => {
    const { open, places, runtime } = setUp(given)
    expect(await open()).toBeUndefined()
    expect(places).toHaveLength(tries)
    expect(runtime.lines).toEqual(['error: Cannot connect a stream'])
  })

  it('is given up in silence when its client has left, and nobody is blamed', async () => {
    const { open, told, runtime } = setUp({ answers: ['left'] })
    expect(await open()).toBeUndefined()
    expect(told).toEqual(['started a', 'left a', 'ended a'])
    expect(runtime.lines).toEqual([])
  })

  it('that we have no file for goes on, and nobody is blamed', async () => {
    const { open, told } = setUp({ answers: ['EMFILE', 'ok'] })
    expect((await open())?.socket).toBe('b')
    expect(told.slice(0, 3)).toEqual(['started a', 'left a', 'ended a'])
    expect(told.slice(3)).toEqual(['started b', '200 b', 'connected b'])
  })

  it('of datagrams says nothing of its peer', async () => {
    const { open, told } = setUp({ client: { protocol: 'udp' }, service: { scheme: 'https' } })
    const opened = await open()
    opened?.release()
    expect(told).toEqual(['started a', 'left a', 'ended a'])
  })

  it.each([
    ['tls', ['tls'], 'https', true, false],
    ['tls', ['tls_passthrough'], 'https', false, true],
    ['tcp', ['tcp'], 'https', true, false],
    ['tcp', ['tcp'], 'http', false, false],
    ['udp', ['udp'], 'https', false, false],
  ] as const)(
    'of %s by a route of %j to a service of %s speaks TLS upstream: %s',
    async (...row) => {
      const [protocol, protocols, scheme, spoken, passthrough] = row
      const { plan, open, places } = setUp({ client: { protocol }, protocols, service: { scheme } })
      await open()
      expect(plan?.passthrough).toBe(passthrough)
      expect(places[0]?.tls).toEqual(spoken ? { serverName: 'a', verify: true } : undefined)
    },
  )

  it.each([
    ['the name of the target', {}, 'a'],
    ["the upstream's host_header", { hostHeader: 'up.test' }, 'up.test'],
    ['the name the client asked for, where the route keeps it', { preserve: true }, 'c.test'],
    ['that name before host_header', { preserve: true, hostHeader: 'up.test' }, 'c.test'],
    ['its own where the client asked for none', { preserve: true, sni: undefined }, 'a'],
  ] as [string, { hostHeader?: string; preserve?: boolean; sni?: undefined }, string][])(
    'speaks TLS upstream under %s',
    async (_which, { hostHeader, preserve = false, ...client }, serverName) => {
      const { open, places } = setUp({
        balancer: fakeBalancer([peer('a', 1)], hostHeader),
        client: { protocol: 'tls', sni: 'c.test', ...client },
        route: { protocols: ['tls'], preserveHost: preserve },
        service: { scheme: 'https' },
      })
      await open()
      expect(places[0]?.tls?.serverName).toBe(serverName)
    },
  )

  it.each([
    [['10.0.0.1'], '192.0.2.1'],
    [['10.0.0.9'], '10.0.0.1'],
  ])('comes from where a PROXY header says if its sender is among %j: %s', (trust, ip) => {
    const proxied = { ip: '192.0.2.1', port: 5 }
    expect(setUp({ trust, client: { proxied } }).asked[0]?.sourceIp).toBe(ip)
  })
})

const FIGURES = { received: 5, sent: 7, upstreamReceived: 7, upstreamSent: 5 }

/** Plugins that write down when they run, and the records they see at the end. */
function watching() {
  const order: string[] = []
  const records: SessionRecord[] = []
  const hooks = (name: string, preread: Hooks['preread'] = () => undefined): Hooks => ({
    preread(session) {
      order.push(`preread ${name}`)
      return preread(session)
    },
    logSession(session) {
      order.push(`log ${name}`)
      records.push(session.record())
    },
  })
  return { order, records, hooks }
}

const refused = { status: 403, said: new TextEncoder().encode('no') }

describe('plugins of a stream', () => {
  it('cost nothing where there are none', () => {
    expect(setUp().plan).not.toHaveProperty('admit')
    expect(setUp().plan).not.toHaveProperty('ended')
  })

  it('run in their order, before any peer is asked and after the end', async () => {
    const { order, hooks } = watching()
    const late = hooks('b', async () => undefined)
    const { plan, open, told } = setUp({ hooks: [hooks('a'), late, hooks('c')] })
    expect(await plan?.admit?.()).toBeUndefined()
    expect(order).toEqual(['preread a', 'preread b', 'preread c'])
    expect(told).toEqual([])
    await open()
    plan?.ended?.(FIGURES)
    expect(order.slice(3)).toEqual(['log a', 'log b', 'log c'])
  })

  it.each([
    ['at once', () => refused],
    ['later', async () => refused],
  ] as [string, Hooks['preread']][])('end it %s: others see its end alone', async (_, preread) => {
    const { order, records, hooks } = watching()
    const { plan } = setUp({ hooks: [hooks('a', preread), hooks('b')] })
    expect(await plan?.admit?.()).toBe(refused.said)
    plan?.ended?.({ ...FIGURES, received: 0, sent: 2 })
    expect(order).toEqual(['preread a', 'log a', 'log b'])
    expect(records[1]?.session).toMatchObject({ status: 403, sent: 2 })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ] as [string, Hooks['preread']][])('let nobody in where one %s', async (_, preread) => {
    const { order, records, hooks } = watching()
    const { plan, runtime } = setUp({ hooks: [hooks('a', preread), hooks('b')] })
    expect(await plan?.admit?.()).toHaveLength(0)
    plan?.ended?.(FIGURES)
    expect(order).toEqual(['preread a', 'log a', 'log b'])
    expect(records[0]?.session.status).toBe(500)
    expect(runtime.lines).toEqual(['error: A plugin failed'])
  })

  it('fail alone when they write of it', () => {
    const { order, hooks } = watching()
    const broken: Hooks = {
      logSession() {
        throw new Error('broken')
      },
    }
    const { plan, runtime } = setUp({ hooks: [broken, hooks('b')] })
    plan?.ended?.(FIGURES)
    expect(order).toEqual(['log b'])
    expect(runtime.lines).toEqual(['error: A plugin failed'])
  })

  it("see what passed, in Kong's words", async () => {
    const { records, hooks } = watching()
    const { workspace: ws_id } = WORKSPACE
    const { plan, open, runtime } = setUp({
      hooks: [hooks('a')],
      answers: ['tcp', 'ok'],
      trust: ['10.0.0.1'],
      client: { protocol: 'tls', sni: 'a.test', proxied: { ip: '192.0.2.1', port: 5 } },
    })
    const began = runtime.time
    runtime.time += 3
    await open()
    runtime.time += 40
    plan?.ended?.({ ...FIGURES, tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' } })
    expect(records).toEqual([
      {
        session: {
          tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', client_verify: 'NONE' },
          received: 5,
          sent: 7,
          status: 200,
          server_port: 9000,
        },
        upstream: { received: 7, sent: 5 },
        latencies: { kong: 3, session: 43 },
        tries: [
          expect.objectContaining({ ip: 'a', port: 1, state: 'failed', code: 502 }),
          expect.not.objectContaining({ state: 'failed' }),
        ],
        client_ip: '192.0.2.1',
        started_at: began,
        route: { id: `routes ${route.id}`, ws_id },
        service: { id: 'services service', ws_id },
      },
    ])
  })

  it.each([
    ['no peer is there', { balancer: fakeBalancer([]) }, 502],
    ['none can be reached', { answers: ['tcp', 'tcp', 'timeout'] }, 502],
    ['the client left before', { answers: ['left'] }, 200],
    ['it stood', {}, 200],
    ['a datagram was sent', { client: { protocol: 'udp' } }, 200],
  ] as [string, Given, number][])(
    'are told of its status when %s: %#',
    async (_, given, status) => {
      const { records, hooks } = watching()
      const { plan, open } = setUp({ ...given, hooks: [hooks('a')] })
      await open()
      plan?.ended?.(FIGURES)
      expect(records[0]?.session.status).toBe(status)
      const failed = records[0]?.tries.filter(({ state }) => state === 'failed') ?? []
      expect(failed).toHaveLength(given.answers?.length ?? 0)
    },
  )
})
