import type { Peer } from '../balancer/algorithm.ts'
import type { Balancers } from '../balancer/balancers.ts'
import type { PeerOutcome } from '../balancer/judge.ts'
import type { Balancer } from '../balancer/picking.ts'
import type { Runtime } from '../ports/runtime.ts'
import type {
  Dial,
  Dialled,
  OpenStream,
  PlanStream,
  StreamClient,
  StreamPlace,
} from '../ports/stream.ts'
import type { TransportCaps } from '../ports/transport.ts'
import type { Connection } from '../router/stream.ts'
import type { Settings } from '../settings/settings.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { createTrust } from './forwarded.ts'
import { tlsFor } from './outgoing.ts'

/** What serving streams takes. */
export interface StreamOptions {
  readonly snapshot: () => Snapshot
  readonly balancers: Balancers
  readonly runtime: Runtime
  readonly settings: Settings
  readonly caps: TransportCaps
}

/** Makes what finds a connection's route, its service and a peer of it. */
export function createStreams(options: StreamOptions): PlanStream {
  const trusts = createTrust(options.settings.trustedIps)

  return (client) => {
    const { streams, serviceOf } = options.snapshot()
    const connection = connectionOf(client, trusts)
    const route = streams(connection)
    const service = route === undefined ? undefined : serviceOf(route)
    if (route === undefined || service === undefined) return undefined

    const passthrough = route.protocols.includes('tls_passthrough')
    return {
      passthrough,
      readTimeout: service.readTimeout,
      writeTimeout: service.writeTimeout,
      open: (dial) => openStream({ ...options, connection, route, service, passthrough, dial }),
    }
  }
}

/** Kong: what a PROXY header said counts when the peer that sent it is trusted. */
function connectionOf(client: StreamClient, trusts: (ip: string) => boolean): Connection {
  const { protocol, destination, proxied, sni } = client
  const source = proxied !== undefined && trusts(client.source.ip) ? proxied : client.source
  return {
    protocol,
    sourceIp: source.ip,
    sourcePort: source.port,
    destinationIp: destination.ip,
    destinationPort: destination.port,
    ...(sni === undefined ? {} : { sni }),
  }
}

interface Opening<S> extends StreamOptions {
  readonly connection: Connection
  readonly route: CompiledRoute
  readonly service: CompiledService
  readonly passthrough: boolean
  readonly dial: Dial<S>
}

/** Tries peers in the balancer's order, each at most once: what was not connected saw no byte. */
async function openStream<S>(opening: Opening<S>): Promise<OpenStream<S> | undefined> {
  const { balancers, service, runtime } = opening
  const { host, port, attempts } = service
  const balancer = balancers.find(host) ?? balancers.single(host, port)
  const wait = balancer.freshen()
  if (wait !== undefined) await wait

  const key = keyOf(balancer, opening.connection)
  const tried = new Set<Peer>()
  let reason = 'no peer'
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const peer = pickUntried(balancer, tried, key)
    if (peer === undefined) break
    tried.add(peer)
    const dialled = await dialPeer(opening, { balancer, peer })
    if (dialled.ok) return { socket: dialled.socket, release: releaseOf(balancer, peer) }
    if (dialled.failure === 'left') return undefined
    reason = dialled.code
  }
  runtime.log('error', 'Cannot connect a stream', { service: service.name ?? service.id, reason })
  return undefined
}

/** A configuration change between two tries makes new peers of old addresses: those count as tried. */
function pickUntried(
  balancer: Balancer,
  tried: ReadonlySet<Peer>,
  key: string | undefined,
): Peer | undefined {
  const ids = new Set(Array.from(tried, (peer) => peer.id))
  const excluded = new Set(tried)
  for (;;) {
    const peer = balancer.pick(excluded, { key })
    if (peer === undefined || !ids.has(peer.id)) return peer
    if (excluded.has(peer)) return undefined
    excluded.add(peer)
  }
}

/** Of all that upstreams hash a connection has an address alone. */
function keyOf({ hashing }: Balancer, { sourceIp }: Connection): string | undefined {
  if (hashing === undefined) return undefined
  return hashing.input.on === 'ip' || hashing.fallback.on === 'ip' ? sourceIp : ''
}

interface Try {
  readonly balancer: Balancer
  readonly peer: Peer
}

/** One try; whatever comes of it the balancer is told once. */
async function dialPeer<S>(opening: Opening<S>, { balancer, peer }: Try): Promise<Dialled<S>> {
  const { runtime, connection, dial } = opening
  const startedAt = runtime.now()
  balancer.started(peer)
  const dialled = await dial(placeOf(opening, { balancer, peer }))
  const took = Math.max(0, runtime.now() - startedAt)
  // A datagram that could be sent says nothing of who should receive it.
  if (!dialled.ok) balancer.observe(peer, { kind: dialled.failure, took })
  else balancer.observe(peer, connection.protocol === 'udp' ? { kind: 'left' } : standing(took))
  if (dialled.ok) {
    if (connection.protocol !== 'udp') balancer.connected(peer)
    return dialled
  }
  balancer.ended(peer)
  if (dialled.failure !== 'left') balancer.connectFailed(peer)
  return dialled
}

/** A connection that stands is a good answer. */
function standing(took: number): PeerOutcome {
  return { kind: 'status', status: 200, took }
}

function placeOf<S>(
  { route, service, passthrough, connection, caps }: Opening<S>,
  { balancer, peer }: Try,
): StreamPlace {
  const spoken = service.scheme === 'https' && !passthrough && connection.protocol !== 'udp'
  // Kong: what a request preserves of its Host, a connection does of its server name.
  const preserved = route.preserveHost ? connection.sni : undefined
  const host = preserved ?? balancer.upstream?.host_header ?? peer.host
  const certificate = service.clientCertificate ?? balancer.clientCertificate
  return {
    host: peer.address,
    port: peer.port,
    connectTimeout: service.connectTimeout,
    tls: spoken ? tlsFor(service, { host, caps, certificate }) : undefined,
  }
}

function releaseOf(balancer: Balancer, peer: Peer): () => void {
  let released = false
  return () => {
    if (released) return
    released = true
    balancer.ended(peer)
  }
}
