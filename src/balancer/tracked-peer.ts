import type { MeasuredPeer } from './algorithm.ts'
import { type Backoff, NO_BACKOFF } from './backoff.ts'
import { HEALTHY, type Health } from './health.ts'
import type { Streak } from './health-reason.ts'
import type { PlacedSource } from './source.ts'
import { noTraffic, type Traffic } from './traffic.ts'
import type { Trial } from './trial.ts'

/** A peer and all that changes of it. Only its balancer writes here. */
export interface TrackedPeer extends MeasuredPeer, Traffic {
  host: string
  weight: number
  effectiveWeight: number
  targetId: string
  health: Health
  /** When it last went up or down, or was told to. */
  changedAt: number
  backoff: Backoff
  trial: Trial | undefined
  /** A person took it out, so no trial brings it back. */
  byHand: boolean
  /** The failures that may eject it, for the reason; undefined without any. */
  streaks: Map<string, Streak> | undefined
  /** When it came back, while it still gets less than its weight. */
  recoveredAt: number | undefined
  inFlight: number
  waiting: number
  waitingSince: number
  ewma: number | undefined
  sampledAt: number
  /** When configuration ceased to name it; undefined while it does. */
  removedAt: number | undefined
}

/** How targets become peers. */
export interface FollowOptions {
  readonly now: number
  /** Kong's `use_srv_name`: peers are asked under the name in their record, not under the target's. */
  readonly byRecordName: boolean
}

/** Gives the peers of targets, those known before as they are, and marks the ones no longer named. */
export function followTargets(
  known: Map<string, TrackedPeer>,
  sources: readonly PlacedSource[],
  { now, byRecordName }: FollowOptions,
): TrackedPeer[] {
  const listed = new Set<TrackedPeer>()
  for (const source of sources) {
    const id = idOf(source)
    const peer = known.get(id) ?? trackPeer(id, source)
    known.set(id, peer)
    peer.host = byRecordName ? (source.place.name ?? source.host) : source.host
    peer.weight = source.place.weight
    peer.effectiveWeight = peer.weight
    peer.targetId = source.target.id
    peer.removedAt = undefined
    listed.add(peer)
  }
  for (const peer of known.values()) if (!listed.has(peer)) peer.removedAt ??= now
  // By id, so that every node goes round in the same order.
  return [...listed].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Kong: health is kept by address, port and name. */
function idOf({ host, place: { address, port, name } }: PlacedSource): string {
  const shown = address.includes(':') ? `[${address}]` : address
  if (name !== undefined) return `${shown}:${port} (${host}, ${name})`
  return shown === host ? `${host}:${port}` : `${shown}:${port} (${host})`
}

/** A peer as healthy as every new one. */
function trackPeer(id: string, { host, place }: PlacedSource): TrackedPeer {
  return {
    id,
    host,
    recordName: place.name,
    address: place.address,
    port: place.port,
    weight: 0,
    effectiveWeight: 0,
    targetId: '',
    health: HEALTHY,
    changedAt: 0,
    backoff: NO_BACKOFF,
    trial: undefined,
    byHand: false,
    streaks: undefined,
    recoveredAt: undefined,
    ...noTraffic(),
    removedAt: undefined,
  }
}
