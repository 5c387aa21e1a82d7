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

type Answer = 'ok' | 'tcp' | 'timeout' | 'left'

interface Given {
  readonly balancer?: FakeBalancer
  readonly client?: Partial<StreamClient>
  readonly service?: Partial<CompiledService>
  readonly protocols?: readonly string[]
  readonly route?: Partial<CompiledRoute>
  readonly trust?: readonly string[]
  readonly wanted?: boolean
  readonly answers?: readonly Answer[]
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
      chains: NO_CHAINS,
      serviceOf: () => ({ ...service, ...given.service }),
    }),
    balancers: fakeBalancers({ up: balancer }),
    runtime,
    settings: settingsWith({ trust: given.trust ?? [] }),
    caps: ALL_CAPS,
  })({ ...CLIENT, ...given.client })
  const places: StreamPlace[] = []
  const dial = async (place: StreamPlace): Promise<Dialled<string>> => {
    const answer = given.answers?.[places.length] ?? 'ok'
    places.push(place)
    if (answer === 'ok') return { ok: true, socket: place.host }
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
