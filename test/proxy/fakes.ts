import type { Peer } from '../../src/balancer/algorithm.ts'
import type { Balancers } from '../../src/balancer/balancers.ts'
import type { PeerOutcome } from '../../src/balancer/judge.ts'
import type { Balancer } from '../../src/balancer/picking.ts'
import type { Body } from '../../src/lib/bytes.ts'
import type { HeaderList } from '../../src/lib/header-list.ts'
import { parseIpRange } from '../../src/lib/ip.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { ClientRequest, RequestBody } from '../../src/ports/server.ts'
import type {
  Failure,
  Incoming,
  Outgoing,
  Transport,
  TransportCaps,
} from '../../src/ports/transport.ts'
import { DEFAULT_DNS } from '../../src/settings/dns.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { ALL_CAPS } from '../caps.ts'

/** A clock that stands still until told, dice that always show the same, and the log's lines. */
export interface FakeRuntime extends Runtime {
  time: number
  readonly lines: string[]
  /** The environment. */
  readonly variables: Record<string, string>
}

/** A runtime without a machine. */
export function fakeRuntime(): FakeRuntime {
  let ids = 0
  const runtime: FakeRuntime = {
    name: 'node',
    time: 1_700_000_000_000,
    lines: [],
    variables: {},
    now: () => runtime.time,
    random: () => 0.5,
    environment: (name) => runtime.variables[name],
    uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    log: (level, message) => {
      runtime.lines.push(`${level}: ${message}`)
    },
    background: (work) => {
      work.catch(() => {})
    },
  }
  return runtime
}

/** Settings as they are when nobody chose any. */
export function settingsWith(
  chosen: Partial<Omit<Settings, 'trustedIps'>> & { trust?: readonly string[] } = {},
): Settings {
  const { trust = [], ...rest } = chosen
  return {
    trustedIps: trust.flatMap((text) => parseIpRange(text) ?? []),
    realIpHeader: 'x-real-ip',
    realIpRecursive: false,
    headers: new Set(['server_tokens', 'latency_tokens', 'x-kong-request-id']),
    headersUpstream: new Set(['x-kong-request-id']),
    errorDefaultType: 'text/plain',
    allowDebugHeader: false,
    maxQueryArgs: 100,
    database: 'memory',
    routerFlavor: 'traditional_compatible',
    connectBackoff: 200,
    slowStart: 0,
    upstreamMaxInFlight: 0,
    upstreamMaxWaiting: 100,
    upstreamMaxWait: 1000,
    dns: DEFAULT_DNS,
    dohUrl: undefined,
    adminGuiUrls: [],
    logLevel: 'notice',
    plugins: undefined,
    unimplementedPlugins: 'ignore',
    adminToken: undefined,
    revisionHistory: 100,
    shown: {},
    ...rest,
  }
}

/** A request as a server adapter would hand it over. */
export function clientRequest(
  given: Partial<ClientRequest> & { host?: string } = {},
): ClientRequest {
  const { host = 'example.com', headers = [], ...rest } = given
  return {
    method: 'GET',
    target: '/mock',
    headers: host === '' ? headers : ['Host', host, ...headers],
    httpVersion: '1.1',
    scheme: 'http',
    ip: '10.0.0.9',
    port: 50000,
    localPort: 8000,
    body: undefined,
    upgrade: false,
    gone: false,
    onGone() {},
    ...rest,
  }
}

/** A body of these chunks; its length is told only when asked. */
export function requestBody(chunks: readonly string[], known = true): RequestBody {
  const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk))
  return {
    length: known ? bytes.reduce((sum, chunk) => sum + chunk.length, 0) : undefined,
    bytes: async () => new TextEncoder().encode(chunks.join('')),
    async *stream() {
      yield* bytes
    },
  }
}

/** What a fake upstream answers. */
export type Answering = (outgoing: Outgoing, sent: number) => Incoming | Failure

/** A transport that records what was sent; headers are copied as they were then. */
export interface FakeTransport extends Transport {
  readonly sent: Outgoing[]
}

/** A transport to upstreams made of one function. */
export function fakeTransport(answering: Answering, caps?: Partial<TransportCaps>): FakeTransport {
  const sent: Outgoing[] = []
  return {
    sent,
    caps: {
      ...ALL_CAPS,
      ...caps,
    },
    send: async (outgoing) => {
      sent.push({ ...outgoing, headers: [...outgoing.headers] })
      return answering(outgoing, sent.length)
    },
    probe: async () => undefined,
    close: async () => {},
  }
}

/** An upstream's answer. */
export function incoming(
  given: Partial<Omit<Incoming, 'body'>> & { body?: Body | string } = {},
): Incoming {
  const { body, ...rest } = given
  return {
    ok: true,
    status: 200,
    reason: 'OK',
    httpVersion: '1.1',
    headers: [],
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    ...rest,
  }
}

/** A try that came to nothing; refused, unless said otherwise. */
export function failure(given: Partial<Failure> = {}): Failure {
  return {
    ok: false,
    phase: 'connect',
    code: 'ECONNREFUSED',
    timeout: false,
    reused: false,
    byClient: false,
    ...given,
  }
}

/** A peer called `name:port`. */
export function peer(name: string, port = 80): Peer {
  return { id: `${name}:${port}`, host: name, address: name, port, weight: 100, targetId: name }
}

/** A balancer that gives its peers in order and writes down what it is told. */
export interface FakeBalancer extends Balancer {
  readonly told: string[]
}

/** A balancer without health or algorithm. */
export function fakeBalancer(
  peers: readonly Peer[],
  hostHeader: string | null = null,
): FakeBalancer {
  const told: string[] = []
  const say = (word: string) => (about: Peer) => {
    told.push(`${word} ${about.host}`)
  }
  const balancer = {
    told,
    upstream: { host_header: hostHeader },
    available: peers.length > 0,
    freshen: () => undefined,
    unresolved: undefined,
    pick: (tried: ReadonlySet<Peer>) => peers.find((one) => !tried.has(one)),
    started: say('started'),
    ended: say('ended'),
    connectFailed: say('connectFailed'),
    connected: say('connected'),
    observe: (about: Peer, outcome: PeerOutcome) => {
      told.push(`${outcome.kind === 'status' ? outcome.status : outcome.kind} ${about.host}`)
    },
  }
  // The proxy reads no more of an Upstream than is given here.
  return balancer as unknown as FakeBalancer
}

/** Balancers by Upstream name; any other host is a peer of its own. */
export function fakeBalancers(named: Readonly<Record<string, Balancer>> = {}): Balancers {
  const known = new Map(Object.entries(named))
  const singles = new Map<string, Balancer>()
  const balancers = {
    find: (name: string) => known.get(name),
    single: (host: string, port: number) => {
      const found = singles.get(host) ?? fakeBalancer([peer(host, port)])
      singles.set(host, found)
      return found
    },
    sync() {},
    tick: async () => 1000,
  }
  // The rooms under test call no other method.
  return balancers as unknown as Balancers
}

/** Every value of a header, by its lower-case name. */
export function valuesOf(headers: HeaderList, name: string): string[] {
  return headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === name)
}

/** A body read whole, as text. */
export async function textOf(body: Body | undefined): Promise<string> {
  if (body === undefined) return ''
  if (body instanceof Uint8Array) return new TextDecoder().decode(body)
  let text = ''
  for await (const chunk of body) text += new TextDecoder().decode(chunk)
  return text
}
