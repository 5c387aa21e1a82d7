import { formatAddress, parseAddress } from '../entities/address.ts'
import type { Target } from '../entities/target.ts'
import type { Peer } from './algorithm.ts'
import { type Backoff, NO_BACKOFF } from './backoff.ts'
import { HEALTHY, type Health } from './health.ts'
import type { Trial } from './trial.ts'

/** What of a target a peer is made from. */
export type Source = Pick<Target, 'id' | 'target' | 'weight'>

/** A peer and all that changes of it. Only its balancer writes here. */
export interface TrackedPeer extends Peer {
  weight: number
  targetId: string
  health: Health
  /** When it last went up or down, or was told to. */
  changedAt: number
  backoff: Backoff
  trial: Trial | undefined
  /** A person took it out, so no trial brings it back. */
  byHand: boolean
  inFlight: number
  /** When configuration ceased to name it; undefined while it does. */
  removedAt: number | undefined
}

/** The peer an address stands for, as healthy as every new one; undefined when it is no address. */
export function trackPeer(text: string): TrackedPeer | undefined {
  const address = parseAddress(text)
  if (address.kind === 'invalid') return undefined
  return {
    id: formatAddress(address, DEFAULT_PORT),
    host: address.host,
    port: address.port ?? DEFAULT_PORT,
    weight: 0,
    targetId: '',
    health: HEALTHY,
    changedAt: 0,
    backoff: NO_BACKOFF,
    trial: undefined,
    byHand: false,
    inFlight: 0,
    removedAt: undefined,
  }
}

/** Gives the peers of targets, those known before as they are, and marks the ones no longer named. */
export function followTargets(
  known: Map<string, TrackedPeer>,
  targets: readonly Source[],
  now: number,
): TrackedPeer[] {
  const listed = new Set<TrackedPeer>()
  for (const target of targets) {
    const peer = known.get(target.target) ?? adopt(known, target.target)
    if (peer === undefined) continue
    peer.weight = target.weight ?? 100
    peer.targetId = target.id
    peer.removedAt = undefined
    listed.add(peer)
  }
  for (const peer of known.values()) if (!listed.has(peer)) peer.removedAt ??= now
  // By id, so that every node goes round in the same order.
  return [...listed].sort((a, b) => (a.id < b.id ? -1 : 1))
}

const DEFAULT_PORT = 8000

function adopt(known: Map<string, TrackedPeer>, text: string): TrackedPeer | undefined {
  const made = trackPeer(text)
  if (made === undefined) return undefined
  const before = known.get(made.id)
  if (before === undefined) known.set(made.id, made)
  return before ?? made
}
