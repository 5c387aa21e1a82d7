import type { Target } from '../entities/target.ts'
import type { Upstream } from '../entities/upstream.ts'
import type { KV } from '../ports/kv.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import type { Balancer, LiveBalancer } from './balancer.ts'
import {
  type BalancerHealth,
  balancerHealth,
  type TargetHealth,
  targetHealths,
} from './health-view.ts'
import { createHints } from './hints.ts'
import { Prober } from './prober.ts'
import { Registry } from './registry.ts'
import { createSingles } from './singles.ts'
import { trackPeer } from './tracked-peer.ts'

/** The balancers of all upstreams, and what keeps them going. */
export interface Balancers {
  /** By an upstream's name, to the letter. */
  find(name: string): Balancer | undefined
  /** The implicit one of a service whose host is no upstream: one peer, never checked. */
  single(host: string, port: number): Balancer
  /** Takes all of the configuration in, and touches only what changed. */
  sync(upstreams: readonly Upstream[], targets: readonly Target[]): void
  /** The rows of `GET /upstreams/{upstream}/health`; none for an unknown upstream. */
  health(upstreamId: string): readonly TargetHealth[]
  /** The answer to `?balancer_health=1`; undefined for an unknown upstream. */
  summary(upstreamId: string): BalancerHealth | undefined
  /** Sets a target's state by a person's word; the error's text when that cannot be. */
  mark(
    upstreamId: string,
    targetId: string,
    address: string | undefined,
    healthy: boolean,
  ): string | undefined
  /** Starts what is due, waiting for none of it; gives the milliseconds until something is next. */
  tick(now: number): Promise<number>
}

/** What balancers work with. */
export interface BalancersOptions {
  readonly runtime: Runtime
  readonly kv: KV
  readonly transport: Transport
  /** First pause after a connection failed, in milliseconds; 0: none. */
  readonly connectBackoff: number
  /** False where another process probes for this one; its word comes through the KV. */
  readonly probing?: boolean
}

/** The longest a tick is put off: configuration may change meanwhile. */
const LONGEST_PAUSE = 1_000
const SHORTEST_PAUSE = 10

/** Makes the one place all balancers are found in. */
export function createBalancers(options: BalancersOptions): Balancers {
  const { runtime, kv, transport, connectBackoff, probing = true } = options
  const registry = new Registry({
    runtime,
    connectBackoff,
    flipped(balancer, peer, hint) {
      if (balancer.upstream !== undefined) hints.publish(balancer.upstream.id, peer.id, hint)
    },
  })
  const hints = createHints(
    kv,
    runtime,
    (id, peerId, hint) => registry.byId(id)?.receive(peerId, hint) ?? false,
  )
  const probe = probing ? createProbing(transport, runtime) : () => LONGEST_PAUSE

  return {
    find: (name) => registry.byName(name),
    single: createSingles({ runtime, connectBackoff }),
    sync: (upstreams, targets) => registry.sync(upstreams, targets),
    health(upstreamId) {
      const balancer = registry.byId(upstreamId)
      return balancer === undefined ? [] : targetHealths(balancer)
    },
    summary(upstreamId) {
      const balancer = registry.byId(upstreamId)
      return balancer && balancerHealth(balancer, upstreamId)
    },
    mark(upstreamId, targetId, address, healthy) {
      const balancer = registry.byId(upstreamId)
      if (balancer === undefined) return 'upstream not found'
      return markTarget(balancer, { targetId, address, healthy })
    },
    async tick(now) {
      registry.forget(now)
      const pause = Math.min(LONGEST_PAUSE, hints.poll(now), probe(registry.all(), now))
      return Math.max(SHORTEST_PAUSE, pause)
    },
  }
}

/** Ticks the prober of every balancer that has active checks. */
function createProbing(
  transport: Transport,
  runtime: Runtime,
): (balancers: Iterable<LiveBalancer>, now: number) => number {
  const probers = new WeakMap<LiveBalancer, Prober>()

  return (balancers, now) => {
    let pause = LONGEST_PAUSE
    for (const balancer of balancers) {
      const { upInterval, downInterval } = balancer.plan.active
      if (upInterval + downInterval === 0) continue
      const prober = probers.get(balancer) ?? new Prober({ balancer, transport, runtime })
      probers.set(balancer, prober)
      pause = Math.min(pause, prober.tick(now))
    }
    return pause
  }
}

function markTarget(
  balancer: LiveBalancer,
  order: { targetId: string; address: string | undefined; healthy: boolean },
): string | undefined {
  if (!balancer.plan.checked) return `no healthchecker found for ${balancer.upstream?.name}`
  const peer = balancer.peers.find(({ targetId }) => targetId === order.targetId)
  if (peer === undefined) return 'target not found'
  if (order.address !== undefined && trackPeer(order.address)?.id !== peer.id) {
    return 'target address not found'
  }
  balancer.mark(peer, order.healthy)
  return undefined
}
