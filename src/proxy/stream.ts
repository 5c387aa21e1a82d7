import type { Peer } from '../balancer/algorithm.ts'
import type { Balancers } from '../balancer/balancers.ts'
import type { PeerOutcome } from '../balancer/judge.ts'
import type { Balancer } from '../balancer/picking.ts'
import { isOwnLack } from '../lib/own-lacks.ts'
import type { Hooks } from '../pdk/hooks.ts'
import type { Runtime } from '../ports/runtime.ts'
import type {
  Dial,
  Dialled,
  OpenStream,
  PlanStream,
  StreamClient,
  StreamPlace,
  StreamPlan,
} from '../ports/stream.ts'
import type { TransportCaps } from '../ports/transport.ts'
import type { Connection } from '../router/stream.ts'
import { type PortMaps, seenPort } from '../settings/port-maps.ts'
import type { Settings } from '../settings/settings.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { createTrust } from './forwarded.ts'
import { LiveSession } from './live-session.ts'
import type { StoredRows } from './log-record.ts'
import { tlsFor } from './outgoing.ts'
import { pickUntried } from './pick-untried.ts'
import { runPreread, runSessionLog } from './run-session.ts'
import { tryRecord } from './try-record.ts'

/** What serving streams takes. */
export interface StreamOptions {
  readonly snapshot: () => Snapshot
  readonly balancers: Balancers
  readonly runtime: Runtime
  readonly settings: Settings
  readonly caps: TransportCaps
  /** Where log records look up what they name. */
  readonly rows?: StoredRows
}

/** Makes what finds a connection's route, its service and a peer of it. */
export function createStreams(options: StreamOptions): PlanStream {
  const { trustedIps, portMaps } = options.settings
  const trusts = createTrust(trustedIps)

  return (client) => {
    const { streams, serviceOf, chains } = options.snapshot()
    const connection = connectionOf(client, { trusts, portMaps })
    const route = streams(connection)
    const service = route === undefined ? undefined : serviceOf(route)
    if (route === undefined || service === undefined) return undefined

    const way = { connection, route, service, session: undefined }
    const hooks = chains.streamOf(route)
    if (hooks === undefined) return planOf(options, way)
    return watched(options, { ...way, hooks, peerIp: client.source.ip })
  }
}

/** What is known of a connection before it is opened. */
interface Way {
  readonly connection: Connection
  readonly route: CompiledRoute
  readonly service: CompiledService
  /** Absent where no plugin looks. */
  readonly session: LiveSession | undefined
}

function planOf(options: StreamOptions, way: Way): StreamPlan {
  const { route, service } = way
  const passthrough = route.protocols.includes('tls_passthrough')
  return {
    passthrough,
    readTimeout: service.readTimeout,
    writeTimeout: service.writeTimeout,
    open: (dial) => openStream({ ...options, ...way, passthrough, dial }),
  }
}

interface Watched extends Way {
  readonly hooks: readonly Hooks[]
  readonly peerIp: string
}

/** A plan that plugins look at. */
function watched(options: StreamOptions, { hooks, peerIp, ...way }: Watched): StreamPlan {
  const { runtime, rows } = options
  const session = new LiveSession({ ...way, peerIp, rows, now: () => runtime.now() })
  return {
    ...planOf(options, { ...way, session }),
    async admit() {
      const refused = await runPreread(hooks, session, runtime)
      if (refused !== undefined) session.status = refused.status
      return refused?.said
    },
    ended(figures) {
      session.ended(figures)
      runSessionLog(hooks, session, runtime)
    },
  }
}

/** What is believed of a connection. */
interface Believed {
  readonly trusts: (ip: string) => boolean
  readonly portMaps: PortMaps | undefined
}

/** Kong: what a PROXY header said counts when the peer that sent it is trusted. */
function connectionOf(client: StreamClient, { trusts, portMaps }: Believed): Connection {
  const { protocol, destination, proxied, sni } = client
  const source = proxied !== undefined && trusts(client.source.ip) ? proxied : client.source
  return {
    protocol,
    sourceIp: source.ip,
    sourcePort: source.port,
    destinationIp: destination.ip,
    destinationPort: seenPort(destination.port, portMaps),
    ...(sni === undefined ? {} : { sni }),
  }
}

interface Opening<S> extends StreamOptions, Way {
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
  if (opening.session !== undefined) opening.session.status = 502
  runtime.log('error', 'Cannot connect a stream', { service: service.name ?? service.id, reason })
  return undefined
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
  const { runtime, connection, dial, session } = opening
  const startedAt = runtime.now()
  if (session !== undefined) session.sentAt = startedAt
  balancer.started(peer)
  const dialled = await dial(placeOf(opening, { balancer, peer }))
  const endedAt = runtime.now()
  const outcome = outcomeOf(dialled, Math.max(0, endedAt - startedAt))
  session?.tries.push(tryRecord({ peer, outcome, startedAt, endedAt }))
  // A datagram that could be sent says nothing of who should receive it.
  const isSilent = dialled.ok && connection.protocol === 'udp'
  balancer.observe(peer, isSilent ? LEFT : outcome)
  if (dialled.ok) {
    if (!isSilent) balancer.connected(peer)
    return dialled
  }
  balancer.ended(peer)
  if (outcome.kind !== 'left') balancer.connectFailed(peer)
  return dialled
}

const LEFT: PeerOutcome = { kind: 'left' }

/** A connection that stands is a good answer; one that could not even be begun blames nobody. */
function outcomeOf(dialled: Dialled<unknown>, took: number): PeerOutcome {
  if (dialled.ok) return { kind: 'status', status: 200, took }
  return isOwnLack(dialled.code) ? LEFT : { kind: dialled.failure, took }
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
