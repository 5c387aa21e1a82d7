import type { LookupFailure } from '../ports/resolver.ts'
import type { LiveBalancer } from './balancer.ts'
import { weightOf } from './choice.ts'
import { isUp } from './health.ts'
import { type Source, sourceAddress } from './source.ts'
import type { TrackedPeer } from './tracked-peer.ts'

/** Kong's words for the health of a target, an address or an upstream. */
export type ShownHealth = 'HEALTHY' | 'UNHEALTHY' | 'HEALTHCHECKS_OFF'

/** A target's: its name may have no address. */
export type ShownTargetHealth = ShownHealth | 'DNS_ERROR'

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
  readonly health: ShownTargetHealth
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
export function targetHealths(balancer: LiveBalancer): TargetHealth[] {
  const { checked } = balancer.plan
  return located(balancer).map((target) => ({
    targetId: target.source.id,
    health: healthOf(target, checked),
    data: shownTarget(target, checked, (peer) => ({ health: wordOf(peer, checked) })),
  }))
}

/** Shows an upstream as a whole. Kong: `balancer_health` is real even when checks are off. */
export function balancerHealth(balancer: LiveBalancer, id: string): BalancerHealth {
  const { available: healthy, peers, plan } = balancer
  const { checked } = plan
  const word = healthy ? 'HEALTHY' : 'UNHEALTHY'
  return {
    health: checked ? word : 'HEALTHCHECKS_OFF',
    balancer_health: word,
    id,
    details: {
      healthy,
      weight: shownWeight(peers, checked),
      hosts: located(balancer).map((target) =>
        shownTarget(target, checked, (peer) => ({ healthy: isTakingTraffic(peer, checked) })),
      ),
    },
  }
}

/** A target and its peers. */
interface Located {
  readonly source: Source
  readonly peers: readonly TrackedPeer[]
  readonly failure: LookupFailure | undefined
}

function located(balancer: LiveBalancer): Located[] {
  const peers = new Map<string, TrackedPeer[]>()
  for (const peer of balancer.peers) {
    const found = peers.get(peer.targetId)
    if (found === undefined) peers.set(peer.targetId, [peer])
    else found.push(peer)
  }
  // By address, so that every answer has the same order.
  const sources = [...balancer.targets].sort((a, b) => (a.target < b.target ? -1 : 1))
  return sources.map((source) => ({
    source,
    peers: peers.get(source.id) ?? [],
    failure: balancer.failureOf(sourceAddress(source).host),
  }))
}

/** Kong: a target is healthy as long as one of its addresses is. */
function healthOf({ source, peers }: Located, checked: boolean): ShownTargetHealth {
  if (peers.length === 0) return 'DNS_ERROR'
  if (!checked || (source.weight ?? 100) === 0) return 'HEALTHCHECKS_OFF'
  return peers.some((peer) => isTakingTraffic(peer, checked)) ? 'HEALTHY' : 'UNHEALTHY'
}

function wordOf(peer: TrackedPeer, checked: boolean): ShownHealth {
  if (!checked) return 'HEALTHCHECKS_OFF'
  return isTakingTraffic(peer, checked) ? 'HEALTHY' : 'UNHEALTHY'
}

function shownTarget<A>(
  target: Located,
  checked: boolean,
  known: (peer: TrackedPeer) => A,
): ShownTarget<A> {
  const { host, port } = sourceAddress(target.source)
  return {
    host,
    port,
    dns: kindOf(target),
    nodeWeight: target.source.weight ?? 100,
    weight: shownWeight(target.peers, checked),
    addresses: target.peers.map((peer) => ({
      ip: bracketed(peer.address),
      port: peer.port,
      weight: peer.weight,
      ...known(peer),
    })),
  }
}

/** Which records the addresses came from; why there are none where there are none. */
function kindOf({ source, peers, failure }: Located): string {
  const [first] = peers
  if (first === undefined) return failure ?? 'empty'
  const { port } = sourceAddress(source)
  const asTarget = peers.every((peer) => {
    return peer.port === port && peer.weight === (source.weight ?? 100)
  })
  if (!asTarget) return 'SRV'
  return first.address.includes(':') ? 'AAAA' : 'A'
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

function shownWeight(peers: readonly TrackedPeer[], checked: boolean): ShownWeight {
  const total = weightOf(peers)
  const available = weightOf(peers.filter((peer) => isTakingTraffic(peer, checked)))
  return { total, unavailable: total - available, available }
}

function isTakingTraffic({ health }: TrackedPeer, checked: boolean): boolean {
  return !checked || isUp(health)
}
