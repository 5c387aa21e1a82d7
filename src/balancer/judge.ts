import type { Runtime } from '../ports/runtime.ts'
import { NO_BACKOFF } from './backoff.ts'
import { HEALTHY, type Health, isUp, observe, type Report, UNHEALTHY } from './health.ts'
import { type HealthEvent, type NextStep, withEvent } from './health-event.ts'
import { type Evidence, followStreak, reasonOf } from './health-reason.ts'
import type { Hint } from './hints.ts'
import { type HealthPlan, reportOf } from './thresholds.ts'
import type { TrackedPeer } from './tracked-peer.ts'
import { firstTrial, trialFailed, trialPassed } from './trial.ts'

/** How a request to a peer went. */
export type PeerOutcome = { readonly took?: number } & (
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'tcp' }
  | { readonly kind: 'timeout' }
  /** Says nothing of the peer: the client left or broke its request, or no connection could be begun. */
  | { readonly kind: 'left' }
)

/** What a judge works with. */
export interface JudgeOptions {
  readonly runtime: Runtime
  readonly plan: () => HealthPlan
  /** When the prober asks those that are down; undefined when it does not, or not here. */
  readonly nextProbeAt: () => number | undefined
  /** Called when it may have changed who can be picked. */
  readonly changed: () => void
  /** Called when a peer went up or down, or was told to. */
  readonly flipped: (peer: TrackedPeer, hint: Hint) => void
}

/** Judges over the health of an upstream's peers: hears traffic, probes, people and other nodes. */
export class Judge {
  readonly #options: JudgeOptions
  #events: readonly HealthEvent[] = []

  constructor(options: JudgeOptions) {
    this.#options = options
  }

  /** The last flips, newest first. */
  get events(): readonly HealthEvent[] {
    return this.#events
  }

  /** Takes a request's fate in. */
  observe(peer: TrackedPeer, outcome: PeerOutcome, now: number): void {
    const { checked, passive } = this.#options.plan()
    if (!checked || outcome.kind === 'left') return
    const status = outcome.kind === 'status' ? outcome.status : undefined
    const report = outcome.kind === 'status' ? reportOf(passive, outcome.status) : outcome.kind
    if (peer.trial?.outstanding === true && passesTrial(outcome, report)) {
      const limit = Math.max(1, passive.limits.success)
      this.#weigh(peer, { report: 'success', by: 'trial', status, now }, limit)
      if (peer.trial === undefined) return
      peer.trial = trialPassed(peer.trial, now)
      this.#options.changed()
      return
    }
    if (report === undefined) return
    if (report !== 'success' && peer.trial !== undefined) peer.trial = trialFailed(peer.trial)
    this.#weigh(peer, { report, by: 'passive', status, now }, passive.limits[report])
  }

  /** Takes a probe's report in. */
  probed(peer: TrackedPeer, report: Report, status: number | undefined): void {
    const { checked, active } = this.#options.plan()
    if (!checked) return
    const now = this.#options.runtime.now()
    this.#weigh(peer, { report, by: 'active', status, now }, active.limits[report])
  }

  /** Sets a peer's state by a person's word. */
  mark(peer: TrackedPeer, healthy: boolean): void {
    const wasUp = isUp(peer.health)
    this.#put(peer, { health: healthy ? HEALTHY : UNHEALTHY, byHand: !healthy })
    this.#flip(peer, { wasUp, reason: BY_HAND })
  }

  /** Takes another node's word, if it is newer than what is known here; else says so again. */
  receive(peer: TrackedPeer, { state, at, reason }: Hint): void {
    const wasUp = isUp(peer.health)
    const healthy = state === 'healthy'
    // At one and the same moment the worse news counts, or two nodes might swap theirs for ever.
    const older = at < peer.changedAt || (at === peer.changedAt && (healthy || !wasUp))
    if (older) {
      if (healthy !== wasUp) this.#say(peer, this.#lastReason(peer))
      return
    }
    const byHand = !healthy && reason === BY_HAND
    this.#put(peer, { health: healthy ? HEALTHY : UNHEALTHY, byHand })
    peer.changedAt = at
    if (wasUp !== healthy) this.#note(peer, { wasUp, reason: `${reason} (seen by another node)` })
  }

  #weigh(peer: TrackedPeer, evidence: Evidence, limit: number): void {
    const before = peer.health
    const health = observe(before, evidence.report, limit)
    if (health === before) return
    peer.streaks = followStreak(peer.streaks, evidence, health)
    if (isUp(health) === isUp(before)) {
      peer.health = health
      return
    }
    const reason = reasonOf(evidence, health, peer.streaks?.get(evidence.report))
    this.#put(peer, { health, byHand: false })
    this.#flip(peer, { wasUp: isUp(before), reason })
  }

  #put(peer: TrackedPeer, { health, byHand }: { health: Health; byHand: boolean }): void {
    const now = this.#options.runtime.now()
    const up = isUp(health)
    if (up && !isUp(peer.health)) {
      peer.recoveredAt = now
      // How slow it was before says nothing of one that came back: it is taken for an average one.
      peer.ewma = undefined
    }
    peer.health = health
    peer.byHand = byHand
    peer.streaks = undefined
    // Later than what came from a node whose clock is ahead.
    peer.changedAt = Math.max(now, peer.changedAt + 1)
    peer.trial = up || byHand ? undefined : firstTrial(now)
    if (up) peer.backoff = NO_BACKOFF
    this.#options.changed()
  }

  #flip(peer: TrackedPeer, { wasUp, reason }: Flip): void {
    if (wasUp !== isUp(peer.health) || reason === BY_HAND) this.#note(peer, { wasUp, reason })
    this.#say(peer, reason)
  }

  #say(peer: TrackedPeer, reason: string): void {
    this.#options.flipped(peer, { state: stateOf(isUp(peer.health)), at: peer.changedAt, reason })
  }

  #lastReason(peer: TrackedPeer): string {
    return this.#events.find((event) => event.peer === peer.id)?.reason ?? ''
  }

  #note(peer: TrackedPeer, { wasUp, reason }: Flip): void {
    const isNowUp = isUp(peer.health)
    this.#events = withEvent(this.#events, {
      at: this.#options.runtime.now(),
      target: peer.targetId,
      peer: peer.id,
      from: stateOf(wasUp),
      to: stateOf(isNowUp),
      reason,
      next: isNowUp ? undefined : this.#nextStep(peer),
    })
  }

  #nextStep(peer: TrackedPeer): NextStep {
    // Probes bring back even what a person took out, as in Kong.
    if (this.#options.plan().heals) return { by: 'probe', at: this.#options.nextProbeAt() }
    if (peer.trial === undefined) return { by: 'hand', at: undefined }
    return { by: 'trial', at: peer.trial.dueAt }
  }
}

const BY_HAND = 'by hand'

interface Flip {
  readonly wasUp: boolean
  readonly reason: string
}

function stateOf(up: boolean): 'healthy' | 'unhealthy' {
  return up ? 'healthy' : 'unhealthy'
}

/** An answer of any kind but a failure; a 502 may be what a refused connection is reported as. */
function passesTrial(outcome: PeerOutcome, report: Report | undefined): boolean {
  if (outcome.kind !== 'status') return false
  return report === 'success' || (report === undefined && outcome.status < 500)
}
