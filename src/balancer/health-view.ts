import type { LiveBalancer } from './balancer.ts'
import { weightOf } from './choice.ts'
import { isUp } from './health.ts'
import type { TrackedPeer } from './tracked-peer.ts'

/** Kong's words for the health of a target, an address or an upstream. */
export type ShownHealth = 'HEALTHY' | 'UNHEALTHY' | 'HEALTHCHECKS_OFF'

/** How weight is shared out; `available` may take traffic. */
export interface ShownWeight {
  readonly total: number
  readonly unavailable: number
  readonly available: number
}

/** A target with its addresses, as `A` says how they are known. */
export interface ShownTarget<A> {
  readonly host: string
  readonly port: number
  readonly dns: string
  readonly nodeWeight: number
  readonly weight: ShownWeight
  readonly addresses: readonly ({
    readonly ip: string
    readonly port: number
    readonly weight: number
  } & A)[]
}

/** One row of `GET /upstreams/{upstream}/health`. */
export interface TargetHealth {
  readonly targetId: string
  readonly health: ShownHealth
  readonly data: ShownTarget<{ readonly health: ShownHealth }>
}

/** `data` of `GET /upstreams/{upstream}/health?balancer_health=1`. */
export interface BalancerHealth {
  readonly health: ShownHealth
  readonly balancer_health: ShownHealth
  readonly id: string
  readonly details: {
    readonly healthy: boolean
    readonly weight: ShownWeight
    readonly hosts: readonly ShownTarget<{ readonly healthy: boolean }>[]
  }
}

/** Shows each target of an upstream. */
export function targetHealths({ peers, plan }: LiveBalancer): TargetHealth[] {
  return peers.map((peer) => {
    const said = isTakingTraffic(peer, plan.checked) ? 'HEALTHY' : 'UNHEALTHY'
    return {
      targetId: peer.targetId,
      health: plan.checked && peer.weight > 0 ? said : 'HEALTHCHECKS_OFF',
      data: shownTarget(peer, plan.checked, { health: plan.checked ? said : 'HEALTHCHECKS_OFF' }),
    }
  })
}

/** Shows an upstream as a whole. Kong: `balancer_health` is real even when checks are off. */
export function balancerHealth(balancer: LiveBalancer, id: string): BalancerHealth {
  const { available: healthy, peers, plan } = balancer
  const word = healthy ? 'HEALTHY' : 'UNHEALTHY'
  return {
    health: plan.checked ? word : 'HEALTHCHECKS_OFF',
    balancer_health: word,
    id,
    details: {
      healthy,
      weight: shownWeight(peers, plan.checked),
      hosts: peers.map((peer) =>
        shownTarget(peer, plan.checked, { healthy: isTakingTraffic(peer, plan.checked) }),
      ),
    },
  }
}

/** A name stands for one address here, and is shown as that. */
function shownTarget<A>(peer: TrackedPeer, checked: boolean, known: A): ShownTarget<A> {
  const { host, port, weight } = peer
  return {
    host,
    port,
    dns: host.startsWith('[') ? 'AAAA' : 'A',
    nodeWeight: weight,
    weight: shownWeight([peer], checked),
    addresses: [{ ip: host, port, weight, ...known }],
  }
}

function shownWeight(peers: readonly TrackedPeer[], checked: boolean): ShownWeight {
  const total = weightOf(peers)
  const available = weightOf(peers.filter((peer) => isTakingTraffic(peer, checked)))
  return { total, unavailable: total - available, available }
}

function isTakingTraffic({ health }: TrackedPeer, checked: boolean): boolean {
  return !checked || isUp(health)
}
