import type { LookupFailure } from '../ports/resolver.ts'
import { type Choice, leastRecentlyFailed } from './choice.ts'
import { isUp } from './health.ts'
import type { HealthEvent } from './health-event.ts'
import type { PickOptions } from './picking.ts'
import { type Source, sourceAddress } from './source.ts'
import type { TrackedPeer } from './tracked-peer.ts'

/** What one pick sees of a peer, and what keeps it from being picked. */
export interface PeerLook {
  /** The target's id. */
  readonly target: string
  readonly peer: string
  /** As the target has them. */
  readonly host: string
  readonly port: number
  readonly weight: number
  readonly inFlight: number
  readonly ewma: number | undefined
  readonly obstacle: Obstacle | undefined
}

/** Why a peer is left out; times in milliseconds since 1970. */
export type Obstacle =
  | { readonly kind: 'weight' }
  | {
      readonly kind: 'unhealthy'
      readonly since: number | undefined
      readonly reason: string | undefined
      /** When a request tries it all the same. */
      readonly trialAt: number | undefined
    }
  | { readonly kind: 'aside'; readonly since: number; readonly until: number }

/** Whom the next pick would give, and why. */
export interface NextPick {
  readonly peer: string
  readonly by: 'algorithm' | 'trial' | 'least recently failed'
}

/** A balancer as the next pick will find it. */
export interface BalancerLook {
  readonly checked: boolean
  /** Enough of its weight is up. */
  readonly serving: boolean
  readonly peers: readonly PeerLook[]
  /** Targets whose name has no address. */
  readonly absent: readonly AbsentTarget[]
  readonly next: NextPick | undefined
}

/** A target nobody can be sent to. */
export interface AbsentTarget {
  readonly source: Source
  /** `timeout` also where no answer has come yet: a request waits for it. */
  readonly failure: LookupFailure | undefined
}

/** What there is to look at. */
export interface Lookable {
  readonly peers: readonly TrackedPeer[]
  readonly targets: readonly Source[]
  readonly names: { failureOf(host: string): LookupFailure | undefined }
  readonly plan: { readonly checked: boolean }
  readonly events: readonly HealthEvent[]
  readonly prospect: Prospect
}

/** What a pick goes by now. */
export interface Prospect {
  readonly choice: Choice
  readonly turn: number
  readonly now: number
}

const NOBODY: ReadonlySet<never> = new Set()

/** Tells whom `pick` would give to a first try, and takes nobody's turn or trial. */
export function lookAt(balancer: Lookable, options: PickOptions = {}): BalancerLook {
  const { peers, plan, events, prospect } = balancer
  const present = new Set(peers.map(({ targetId }) => targetId))
  return {
    checked: plan.checked,
    serving: prospect.choice.serving,
    peers: peers.map((peer) => ({
      target: peer.targetId,
      peer: peer.id,
      host: peer.host,
      port: peer.port,
      weight: peer.weight,
      inFlight: peer.inFlight,
      ewma: peer.ewma,
      obstacle: obstacleOf(peer, { checked: plan.checked, events, now: prospect.now }),
    })),
    absent: balancer.targets
      .filter(({ id }) => !present.has(id))
      .map((source) => ({ source, failure: balancer.names.failureOf(sourceAddress(source).host) })),
    next: nextOf(prospect, options),
  }
}

function nextOf({ choice, turn, now }: Prospect, options: PickOptions): NextPick | undefined {
  const { trial = true, key } = options
  const { serving, picker, up, onTrial } = choice
  const due = onTrial.find((peer) => (peer.trial?.dueAt ?? now + 1) <= now)
  if (trial && serving && picker !== undefined && due !== undefined) {
    return { peer: due.id, by: 'trial' }
  }
  if (serving) {
    const picked = picker?.({ turn, tried: NOBODY, key, now })
    if (picked !== undefined) return { peer: picked.id, by: 'algorithm' }
    const last = leastRecentlyFailed(up, NOBODY)
    if (last !== undefined) return { peer: last.id, by: 'least recently failed' }
  }
  return due === undefined ? undefined : { peer: due.id, by: 'trial' }
}

function obstacleOf(
  peer: TrackedPeer,
  known: { checked: boolean; events: readonly HealthEvent[]; now: number },
): Obstacle | undefined {
  if (peer.weight === 0) return { kind: 'weight' }
  if (known.checked && !isUp(peer.health)) {
    const event = known.events.find(({ peer: id, to }) => id === peer.id && to === 'unhealthy')
    return {
      kind: 'unhealthy',
      since: event?.at ?? (peer.changedAt === 0 ? undefined : peer.changedAt),
      reason: event?.reason,
      trialAt: peer.trial?.dueAt,
    }
  }
  const { until, failedAt } = peer.backoff
  return until > known.now ? { kind: 'aside', since: failedAt, until } : undefined
}
