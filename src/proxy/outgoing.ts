import type { Peer } from '../balancer/algorithm.ts'
import type { Balancer } from '../balancer/balancer.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { ClientRequest } from '../ports/server.ts'
import type { Outgoing, Transport, TransportCaps, UpstreamTls } from '../ports/transport.ts'
import type { CompiledService } from '../snapshot/compiled.ts'
import { hostName } from './forwarded.ts'
import type { SendableBody } from './sendable-body.ts'

/** A request ready to go to a peer, once one is chosen. */
export interface Plan {
  readonly request: ClientRequest
  readonly service: CompiledService
  readonly target: string
  /** Its second entry is Host's value, written for each try. */
  readonly headers: HeaderList
  /** The client's Host when the route preserves it. */
  readonly preservedHost: string | undefined
  /** A small body may be read whole first, and so be sent again. */
  readonly buffering: boolean
}

/** A plan on its way through one balancer. */
export interface Call {
  readonly plan: Plan
  readonly balancer: Balancer
  readonly transport: Transport
  readonly body: SendableBody
}

/** What goes to the transport; only Host and where it goes differ from try to try. */
export function outgoingFor(
  { plan, balancer, body, transport }: Call,
  { peer, fresh }: { readonly peer: Peer; readonly fresh: boolean },
): Outgoing {
  const { service, request, headers } = plan
  const host =
    plan.preservedHost ??
    upstreamHost(service, balancer.upstream?.host_header ?? peer.host, peer.port)
  headers[1] = host
  const outgoing: Outgoing = {
    scheme: service.scheme,
    host: withoutBrackets(peer.host),
    port: peer.port,
    method: request.method,
    target: plan.target,
    headers,
    body: body.body,
    connectTimeout: service.connectTimeout,
    writeTimeout: service.writeTimeout,
    readTimeout: service.readTimeout,
    upgrade: request.upgrade,
    fresh,
    client: request,
  }
  return service.scheme === 'http'
    ? outgoing
    : { ...outgoing, tls: tlsFor(service, host, transport.caps) }
}

/** Kong: the target's name or the Upstream's `host_header`, and the port unless it is the usual one. */
function upstreamHost(service: CompiledService, name: string, port: number): string {
  const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name
  const usual = service.scheme === 'https' ? 443 : 80
  return port === usual ? host : `${host}:${port}`
}

function tlsFor(service: CompiledService, host: string, caps: TransportCaps): UpstreamTls {
  const serverName = withoutBrackets(hostName(host))
  const verify = service.tlsVerify || !caps.verifyOff
  const { tlsVerifyDepth } = service
  return tlsVerifyDepth === undefined
    ? { serverName, verify }
    : { serverName, verify, verifyDepth: tlsVerifyDepth }
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}
