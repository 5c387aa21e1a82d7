import { createNames, type Names } from '../dns/names.ts'
import { parseAddress } from '../entities/address.ts'
import type { Target } from '../entities/target.ts'
import type { Upstream } from '../entities/upstream.ts'
import { type After, afterTimeout, settledWithin } from '../lib/after.ts'
import type { KV } from '../ports/kv.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import type { LiveBalancer } from './balancer.ts'
import { createElection, type Election } from './election.ts'
import type { HealthEvent } from './health-event.ts'
import {
  type BalancerHealth,
  balancerHealth,
  type TargetHealth,
  targetHealths,
} from './health-view.ts'
import { createHints } from './hints.ts'
import { type BalancerLook, lookAt } from './look.ts'
import { type PeerStats, peerStats } from './peer-stats.ts'
import type { Balancer, BalancerOptions, PickOptions } from './picking.ts'
import { Prober } from './prober.ts'
import { Registry } from './registry.ts'
import { createSingles } from './singles.ts'
import type { TrackedPeer } from './tracked-peer.ts'

/** The balancers of all upstreams, and what keeps them going. */
export interface Balancers {
  /** By an upstream's name, to the letter. */
  find(name: string): Balancer | undefined
  /** The implicit one of a service whose host is no upstream: one peer, never checked. */
  single(host: string, port: number): Balancer
  /** Takes all of the configuration in, and touches only what changed. */
  sync(upstreams: readonly Upstream[], targets: readonly Target[]): void
  /** Takes one upstream in as it is now, with all of its targets; undefined when it is gone. */
  update(upstreamId: string, now: ConfiguredUpstream | undefined): void
  /** The rows of `GET /upstreams/{upstream}/health`; none for an unknown upstream. */
  health(upstreamId: string): readonly TargetHealth[]
  /** The answer to `?balancer_health=1`; undefined for an unknown upstream. */
  summary(upstreamId: string): BalancerHealth | undefined
  /** The last changes of health in an upstream, newest first; none for an unknown one. */
  events(upstreamId: string): readonly HealthEvent[]
  /** What was counted and measured of each peer; none for an unknown upstream. */
  stats(upstreamId: string): readonly PeerStats[]
  /** An upstream as its next pick will find it, by its name; nothing changes by looking. */
  look(name: string, options?: PickOptions): BalancerLook | undefined
  /**
   * Settles when the names of an upstream's targets were looked up, so that who asks or marks finds
   * what was just written; not later than in a second. Undefined, nearly always, for nothing.
   */
  lookedUp(upstreamId: string): Promise<void> | undefined
  /** Sets a target's state by a person's word; the error's text when that cannot be. */
  mark(
    upstreamId: string,
    targetId: string,
    address: string | undefined,
    healthy: boolean,
  ): string | undefined
  /** Starts what is due, waiting for none of it; gives the milliseconds until something is next. */
  tick(now: number): Promise<number>
  /** Leaves to other nodes what this one does for all. */
  close(): Promise<void>
}

/** An upstream and all that is in it. */
export interface ConfiguredUpstream {
  readonly upstream: Upstream
  readonly targets: readonly Target[]
}

/** What balancers work with. */
export interface BalancersOptions {
  readonly runtime: Runtime
  readonly kv: KV
  readonly transport: Transport
  /** Where targets are; by default every name is left to the transport. */
  readonly names?: Names
  /** Finds an upstream's certificate by its id; without it none is shown. */
  readonly certificateOf?: BalancerOptions['certificateOf']
  /** What is shown where an upstream has none of its own. */
  readonly clientCertificate?: BalancerOptions['clientCertificate']
  /** First pause after a connection failed, in milliseconds; 0: none. */
  readonly connectBackoff: number
  /** How long a recovered target takes to get its whole weight, in milliseconds; 0, the default: none. */
  readonly slowStart?: number
  /**
   * Whether this process asks the targets; one of all that share the KV does when it is not said,
   * and tells the others through it.
   */
  readonly probing?: boolean
  /** By default the runtime's own timers. */
  readonly after?: After
}

/** The longest a tick is put off: configuration may change meanwhile. */
const LONGEST_PAUSE = 1_000
const SHORTEST_PAUSE = 10
/** The longest somebody at the Admin API waits for a name server. */
const LONGEST_LOOKUP = 1_000
const DEFAULT_PORT = 8000

/** Makes the one place all balancers are found in. */
export function createBalancers(options: BalancersOptions): Balancers {
  const { runtime, connectBackoff, clientCertificate } = options
  const names = options.names ?? createNames({ runtime })
  const { registry, hints } = openRegistry(options, names)
  const { election, probe } = openProbing(options)
  return {
    find: (name) => registry.byName(name),
    single: createSingles({ runtime, names, connectBackoff, slowStart: 0, clientCertificate }),
    sync: (upstreams, targets) => registry.sync(upstreams, targets),
    update(upstreamId, now) {
      if (now === undefined) registry.remove(upstreamId)
      else registry.put(now.upstream, now.targets)
    },
    events: (upstreamId) => registry.byId(upstreamId)?.events ?? [],
    stats: (upstreamId) => registry.byId(upstreamId)?.peers.map(peerStats) ?? [],
    health(upstreamId) {
      const balancer = registry.byId(upstreamId)
      return balancer === undefined ? [] : targetHealths(balancer)
    },
    look(name, options) {
      const balancer = registry.byName(name)
      return balancer && lookAt(balancer, options)
    },
    summary(upstreamId) {
      const balancer = registry.byId(upstreamId)
      return balancer && balancerHealth(balancer, upstreamId)
    },
    lookedUp(upstreamId) {
      const wait = registry.byId(upstreamId)?.names.lookedUp()
      return wait && settledWithin(LONGEST_LOOKUP, wait, options.after ?? afterTimeout)
    },
    mark(upstreamId, targetId, address, healthy) {
      const balancer = registry.byId(upstreamId)
      if (balancer === undefined) return 'upstream not found'
      return markIn(balancer, { targetId, address, healthy }, runtime)
    },
    async tick(now) {
      registry.forget(now)
      const soonest = [hints.poll(now), probe(registry.all(), now), names.tick(now)]
      return Math.max(SHORTEST_PAUSE, Math.min(LONGEST_PAUSE, ...soonest))
    },
    close: async () => election?.resign(),
  }
}

/** All balancers, which hear from those of other nodes what happened to a peer. */
function openRegistry(options: BalancersOptions, names: Names) {
  const { runtime, kv, connectBackoff, slowStart = 0, certificateOf, clientCertificate } = options
  const registry = new Registry({
    runtime,
    names,
    connectBackoff,
    slowStart,
    certificateOf,
    clientCertificate,
    flipped(balancer, peer, hint) {
      if (balancer.upstream !== undefined) hints.publish(balancer.upstream.id, peer.id, hint)
    },
  })
  const hints = createHints(
    kv,
    runtime,
    (id, peerId, hint) => registry.byId(id)?.receive(peerId, hint) ?? false,
  )
  return { registry, hints }
}

/** What asks the targets, where that is this node's to do, and how it was chosen. */
function openProbing({ runtime, kv, transport, probing }: BalancersOptions) {
  const elects = probing === undefined && kv.traits.shared
  const election = elects ? createElection({ kv, runtime, nodeId: runtime.uuid() }) : undefined
  const probe =
    probing === false ? () => LONGEST_PAUSE : createProbing({ transport, runtime, election })
  return { election, probe }
}

/** Says why nothing can be marked there. */
function markIn(
  balancer: LiveBalancer,
  mark: Parameters<typeof markTarget>[1],
  runtime: Runtime,
): string | undefined {
  const upstream = balancer.upstream?.name
  if (!balancer.plan.checked) return `no healthchecker found for ${upstream}`
  if (!markTarget(balancer, mark)) {
    const { targetId: target, address } = mark
    // Kong: warns, and says that all is well.
    runtime.log('warn', 'Nothing to mark is known', { upstream, target, address })
  }
  return undefined
}

interface ProbingOptions {
  readonly transport: Transport
  readonly runtime: Runtime
  readonly election: Election | undefined
}

/** Ticks the prober of every balancer that has active checks, where those are this node's to make. */
function createProbing({
  transport,
  runtime,
  election,
}: ProbingOptions): (balancers: Iterable<LiveBalancer>, now: number) => number {
  const probers = new WeakMap<LiveBalancer, Prober>()

  return (balancers, now) => {
    let pause = LONGEST_PAUSE
    const ids: string[] = []
    for (const balancer of balancers) {
      const { upInterval, downInterval } = balancer.plan.active
      const id = balancer.upstream?.id
      if (upInterval + downInterval === 0 || id === undefined) continue
      ids.push(id)
      const prober = probers.get(balancer) ?? new Prober({ balancer, transport, runtime })
      probers.set(balancer, prober)
      const ours = election?.probes(id, now) ?? true
      pause = Math.min(pause, ours ? prober.tick(now) : prober.rest(now))
    }
    return Math.min(pause, election?.poll(ids, now) ?? pause)
  }
}

/** Marks an address of a target, or all of them; false when there is none. */
function markTarget(
  balancer: LiveBalancer,
  order: { targetId: string; address: string | undefined; healthy: boolean },
): boolean {
  const { address } = order
  const marked = balancer.peers.filter((peer) => {
    return peer.targetId === order.targetId && (address === undefined || isAt(peer, address))
  })
  for (const peer of marked) balancer.mark(peer, order.healthy)
  return marked.length > 0
}

/** Kong: one address of a target is told by its IP or its record's name, port 8000 where it has none. */
function isAt({ host, recordName, address, port }: TrackedPeer, text: string): boolean {
  const asked = parseAddress(text)
  if (asked.kind === 'invalid' || (asked.port ?? DEFAULT_PORT) !== port) return false
  const itself = [host, recordName, address, `[${address}]`].includes(asked.host)
  return itself || (address === 'localhost' && LOOPBACKS.has(asked.host))
}

/** One peer stands for both, as the transport tries them both. */
const LOOPBACKS: ReadonlySet<string> = new Set([
  '127.0.0.1',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
])
