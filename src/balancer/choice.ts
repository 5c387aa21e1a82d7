import type { Arrange, Peer, Picker } from './algorithm.ts'
import { isUp } from './health.ts'
import type { HealthPlan } from './thresholds.ts'
import type { TrackedPeer } from './tracked-peer.ts'

/** Who can be picked, prepared until somebody's health or pause changes. */
export interface Choice {
  /** Kong: the share of the weight that is up exceeds the threshold. */
  readonly serving: boolean
  /** With weight, and up; some of them may be set aside. */
  readonly up: readonly TrackedPeer[]
  /** Among those that are not set aside; undefined when all are. */
  readonly picker: Picker | undefined
  /** When the next one's setting aside ends, or another step of a slow return is due. */
  readonly wakeAt: number
  /** Ejected ones that get a chance, the first of them at `trialAt`. */
  readonly onTrial: readonly TrackedPeer[]
  readonly trialAt: number
}

/** What a choice is made by. */
export interface ChoiceOptions {
  readonly plan: HealthPlan
  readonly arrange: Arrange
  readonly now: number
  /** When a peer's weight changes by itself. */
  readonly weightsChangeAt: number
}

/** Sorts the peers by what can be done with them now. */
export function choiceOf(
  peers: readonly TrackedPeer[],
  { plan, arrange, now, weightsChangeAt }: ChoiceOptions,
): Choice {
  const { checked, threshold, heals } = plan
  const weighted = peers.filter(({ weight }) => weight > 0)
  const up = checked ? weighted.filter(({ health }) => isUp(health)) : weighted
  const aside = up.filter(({ backoff }) => backoff.until > now)
  const ready = up.filter(({ backoff }) => backoff.until <= now)
  const onTrial = heals
    ? []
    : weighted.filter((peer) => peer.trial !== undefined && !up.includes(peer))
  return {
    serving: (weightOf(up) / weightOf(weighted)) * 100 > threshold,
    up,
    picker: ready.length > 0 ? arrange(ready) : undefined,
    wakeAt: earliest(aside, ({ backoff }) => backoff.until, weightsChangeAt),
    onTrial,
    trialAt: earliest(onTrial, ({ trial }) => trial?.dueAt ?? NEVER, NEVER),
  }
}

const NEVER = Number.POSITIVE_INFINITY

function earliest(
  peers: readonly TrackedPeer[],
  at: (peer: TrackedPeer) => number,
  latest: number,
): number {
  return peers.reduce((first, peer) => Math.min(first, at(peer)), latest)
}

/** When all that are left are set aside, one of them is tried all the same. */
export function leastRecentlyFailed(
  up: readonly TrackedPeer[],
  tried: ReadonlySet<Peer>,
): TrackedPeer | undefined {
  let found: TrackedPeer | undefined
  for (const peer of up) {
    if (tried.has(peer)) continue
    if (found === undefined || peer.backoff.failedAt < found.backoff.failedAt) found = peer
  }
  return found
}

/** What the peers weigh together. */
export function weightOf(peers: readonly Peer[]): number {
  return peers.reduce((sum, { weight }) => sum + weight, 0)
}
