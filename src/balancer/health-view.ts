import { failureText } from '../dns/failure-text.ts'
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
  return located(balancer).map((target) => {
    // Kong: nobody checks weight 0, nor any of its addresses.
    const watched = checked && (target.source.weight ?? 100) > 0
    return {
      targetId: target.source.id,
      health: healthOf(target, watched),
      data: shownTarget(target, checked, (isUp) => ({ health: wordOf(isUp, watched) })),
    }
  })
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
        shownTarget(target, checked, (healthy) => ({ healthy })),
      ),
    },
  }
}

/** A target and its peers. */
interface Located {
  readonly source: Source
  readonly peers: readonly TrackedPeer[]
  /** Which records the addresses came from; why there are none where there are none. */
  readonly dns: string
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
  return sources.map((source) => {
    const own = peers.get(source.id) ?? []
    return { source, peers: own, dns: kindOf(source, own, balancer) }
  })
}

/** Kong: a target is healthy as long as one of its addresses is. */
function healthOf({ peers }: Located, watched: boolean): ShownTargetHealth {
  if (peers.length === 0) return 'DNS_ERROR'
  return wordOf(
    peers.some(({ health }) => isUp(health)),
    watched,
  )
}

function wordOf(isUp: boolean, watched: boolean): ShownHealth {
  if (!watched) return 'HEALTHCHECKS_OFF'
  return isUp ? 'HEALTHY' : 'UNHEALTHY'
}

function shownTarget<A>(
  target: Located,
  checked: boolean,
  known: (isUp: boolean) => A,
): ShownTarget<A> {
  const { host, port } = sourceAddress(target.source)
  return {
    host,
    port,
    dns: target.dns,
    nodeWeight: target.source.weight ?? 100,
    weight: shownWeight(target.peers, checked),
    addresses: shownAddresses(target.peers).map(([ip, peers]) => ({
      ip,
      port: peers[0].port,
      weight: peers[0].weight,
      ...known(peers.some((peer) => isTakingTraffic(peer, checked))),
    })),
  }
}

/** Kong: what an SRV record names is shown by that name, and is one address however many it has. */
function shownAddresses(
  peers: readonly TrackedPeer[],
): [ip: string, peers: [TrackedPeer, ...TrackedPeer[]]][] {
  const shown = new Map<string, [string, [TrackedPeer, ...TrackedPeer[]]]>()
  for (const peer of peers) {
    const ip = peer.recordName ?? bracketed(peer.address)
    const key = `${ip} ${peer.port}`
    const found = shown.get(key)
    if (found === undefined) shown.set(key, [ip, [peer]])
    else found[1].push(peer)
  }
  return [...shown.values()]
}

function kindOf(source: Source, [first]: readonly TrackedPeer[], { names }: LiveBalancer): string {
  const { host } = sourceAddress(source)
  if (first === undefined) return failureText(names.failureOf(host) ?? 'empty')
  if (names.hasRecords(host)) return 'SRV'
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
