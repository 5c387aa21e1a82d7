import type { Peer } from '../balancer/algorithm.ts'
import type { Balancer } from '../balancer/picking.ts'
import type { Body } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { ClientRequest } from '../ports/server.ts'
import type {
  ClientCertificate,
  Outgoing,
  Transport,
  TransportCaps,
  UpstreamTls,
} from '../ports/transport.ts'
import type { CompiledService } from '../snapshot/compiled.ts'
import type { Admission } from './admission.ts'
import { hostName } from './forwarded.ts'
import type { Asked } from './hash-input.ts'
import type { SendableBody } from './sendable-body.ts'
import type { Tried } from './try-record.ts'

/** A request ready to go to a peer, once one is chosen. */
export interface Plan {
  readonly request: ClientRequest
  /** The client's unless a plugin set another. */
  readonly method: string
  /** What the request was found to be; only upstreams that hash look at it. */
  readonly asked: Asked
  readonly service: CompiledService
  readonly target: string
  /** Its second entry is Host's value, written for each try. */
  readonly headers: HeaderList
  /** The client's Host when the route preserves it. */
  readonly preservedHost: string | undefined
  /** A small body may be read whole first, and so be sent again. */
  readonly buffering: boolean
  /** What plugins made of the body; undefined for the client's own. */
  readonly body?: Body | undefined
  /** Hears what became of each try; undefined where no plugin runs. */
  readonly told?: TriesTold | undefined
}

/** Who hears of tries. */
export interface TriesTold {
  tried(one: Tried): void
}

/** A plan on its way through one balancer. */
export interface Call {
  readonly plan: Plan
  readonly balancer: Balancer
  readonly transport: Transport
  readonly body: SendableBody
  readonly now: () => number
  /** When the first try begins. */
  readonly sentAt: number
  /** What its choices go by; undefined where the upstream does not hash. */
  readonly key: string | undefined
  /** The upstream's door, in which a slot was taken; undefined where there is none. */
  readonly door: Admission | undefined
}

/** Whether anybody goes by how many calls are under way to each peer, so that each end counts at once. */
export function countsCalls({ door, balancer }: Pick<Call, 'door' | 'balancer'>): boolean {
  return door !== undefined || COUNTING.has(balancer.upstream?.algorithm ?? '')
}

/** The algorithms that choose by what is in flight. */
const COUNTING: ReadonlySet<string> = new Set(['least-connections', 'latency'])

/** What goes to the transport; only Host and where it goes differ from try to try. */
export function outgoingFor(
  { plan, balancer, body, transport }: Call,
  { peer, name, fresh, lost }: Attempt,
): Outgoing {
  const { service, request, headers } = plan
  const host = plan.preservedHost ?? upstreamHost(service, name, peer.port)
  headers[1] = host
  const { caps } = transport
  const http2 = service.grpc && caps.http2 === true
  const certificate = service.clientCertificate ?? balancer.clientCertificate
  // One literal: a spread that adds a property costs V8 five microseconds.
  return {
    scheme: service.scheme,
    host: peer.address,
    port: peer.port,
    method: plan.method,
    target: plan.target,
    headers,
    body: body.body,
    trailers: http2 ? trailersOf(request) : undefined,
    http2,
    connectTimeout: service.connectTimeout,
    writeTimeout: service.writeTimeout,
    readTimeout: service.readTimeout,
    tls: service.scheme === 'http' ? undefined : tlsFor(service, { host, caps, certificate }),
    upgrade: request.upgrade,
    fresh,
    client: request,
    lost,
  }
}

interface Attempt {
  readonly peer: Peer
  /** What it is called. */
  readonly name: string
  /** Not on a pooled connection. */
  readonly fresh: boolean
  /** Tells of a departure later. */
  readonly lost: (() => void) | undefined
}

/** What a peer is called: its upstream's `host_header` where it has one, else name or address. */
export function peerName({ upstream }: Balancer, peer: Peer): string {
  return upstream?.host_header ?? peer.host
}

/** gRPC ends its calls by trailers, a client's streams too. */
function trailersOf({ body }: ClientRequest): (() => HeaderList) | undefined {
  return body?.trailers === undefined ? undefined : () => body.trailers?.() ?? []
}

/** Kong: the target's name or the Upstream's `host_header`, and the port unless it is the usual one. */
export function upstreamHost(service: CompiledService, name: string, port: number): string {
  const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name
  const usual = service.scheme === 'https' ? 443 : 80
  return port === usual ? host : `${host}:${port}`
}

interface TlsParts {
  readonly host: string
  readonly caps: TransportCaps
  readonly certificate: ClientCertificate | undefined
}

/** How to speak TLS to a service's peer. */
export function tlsFor(
  { tlsVerify, tlsVerifyDepth, ca }: CompiledService,
  { host, caps, certificate }: TlsParts,
): UpstreamTls {
  return {
    serverName: withoutBrackets(hostName(host)),
    verify: tlsVerify || !caps.verifyOff,
    verifyDepth: tlsVerifyDepth,
    ca,
    clientCertificate: certificate,
  }
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}
