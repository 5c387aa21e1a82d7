import type { Upstream } from '../entities/upstream.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Peer } from './algorithm.ts'
import { failConnect, letThrough, NO_BACKOFF, type Pause } from './backoff.ts'
import { type Choice, choiceOf, leastRecentlyFailed } from './choice.ts'
import { HEALTHY, type Health, isUp, observe, type Report, UNHEALTHY } from './health.ts'
import type { Hint } from './hints.ts'
import { type HealthPlan, reportOf } from './thresholds.ts'
import { followTargets, type Source, type TrackedPeer } from './tracked-peer.ts'
import { firstTrial, grantTrial, trialFailed, trialPassed } from './trial.ts'

/** How a request to a peer went, for passive checks. */
export type PeerOutcome =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'tcp' }
  | { readonly kind: 'timeout' }

/** An upstream's live chooser. Told all, it answers with a peer at once. */
export interface Balancer {
  /** Undefined for a service's own host. */
  readonly upstream: Upstream | undefined
  /** Kong's health of the whole: enough weight is up. */
  readonly available: boolean
  /**
   * A peer not tried yet; undefined when there is none, or too little of the upstream is healthy.
   * An ejected peer on trial may come first, once per pause; `trial: false` spares a request that
   * could not be retried, unless nobody else is left.
   */
  pick(tried: ReadonlySet<Peer>, options?: { readonly trial?: boolean }): Peer | undefined
  /** Counts a request in flight, until `ended`. */
  started(peer: Peer): void
  ended(peer: Peer): void
  observe(peer: Peer, outcome: PeerOutcome): void
  /** Sets the peer aside for a growing, jittered while. */
  connectFailed(peer: Peer): void
  /** Ends the setting aside. */
  connected(peer: Peer): void
}

/** What a balancer is made from. */
export interface BalancerOptions {
  readonly runtime: Runtime
  /** First pause after a connection failed, in milliseconds; 0: none. */
  readonly connectBackoff: number
  /** Called when a peer went up or down, or was told to. */
  readonly flipped: (balancer: LiveBalancer, peer: TrackedPeer, hint: Hint) => void
}

const REMEMBERED = 300_000

/** The only holder of what changes in one upstream. */
export class LiveBalancer implements Balancer {
  #upstream: Upstream | undefined
  #plan: HealthPlan
  #targets: readonly Source[] = []
  #listed: readonly TrackedPeer[] = []
  readonly #known = new Map<string, TrackedPeer>()
  readonly #options: BalancerOptions
  #choice: Choice | undefined
  #turn: number | undefined

  constructor(options: BalancerOptions & { readonly plan: HealthPlan }) {
    this.#options = options
    this.#plan = options.plan
  }

  get upstream(): Upstream | undefined {
    return this.#upstream
  }

  get plan(): HealthPlan {
    return this.#plan
  }

  /** The peers configuration names, those of weight 0 included. */
  get peers(): readonly TrackedPeer[] {
    return this.#listed
  }

  get available(): boolean {
    return this.#current(this.#options.runtime.now()).serving
  }

  /** Takes configuration in; what is known of peers that stay, or come back soon, stays. */
  configure(upstream: Upstream | undefined, plan: HealthPlan, targets: readonly Source[]): void {
    this.#upstream = upstream
    if (plan !== this.#plan) this.#choice = undefined
    this.#plan = plan
    if (isSame(this.#targets, targets)) return
    this.#targets = targets
    this.#listed = followTargets(this.#known, targets, this.#options.runtime.now())
    this.#choice = undefined
  }

  pick(tried: ReadonlySet<Peer>, { trial = true } = {}): Peer | undefined {
    const now = this.#options.runtime.now()
    const choice = this.#current(now)
    const safe = trial && tried.size === 0 && choice.serving && choice.picker !== undefined
    if (safe && now >= choice.trialAt) return this.#grant(choice, { tried, now })

    const peer = choice.serving ? this.#choose(choice, tried) : undefined
    if (peer === undefined) return this.#grant(choice, { tried, now })
    if (peer.backoff !== NO_BACKOFF) this.#leavePause(peer, now)
    return peer
  }

  started(peer: Peer): void {
    const own = this.#own(peer)
    if (own !== undefined) own.inFlight++
  }

  ended(peer: Peer): void {
    const own = this.#own(peer)
    if (own !== undefined && own.inFlight > 0) own.inFlight--
  }

  observe(peer: Peer, outcome: PeerOutcome): void {
    const own = this.#own(peer)
    if (own === undefined || !this.#plan.checked) return
    const { passive } = this.#plan
    const report = outcome.kind === 'status' ? reportOf(passive, outcome.status) : outcome.kind
    if (own.trial?.outstanding === true && passesTrial(outcome, report)) {
      this.#passTrial(own, passive.limits.success)
      return
    }
    if (report === undefined) return
    if (report !== 'success' && own.trial !== undefined) own.trial = trialFailed(own.trial)
    this.#report(own, { report, limit: passive.limits[report], by: 'passive' })
  }

  connectFailed(peer: Peer): void {
    const own = this.#own(peer)
    if (own === undefined) return
    own.backoff = failConnect(own.backoff, this.#pause())
    this.#choice = undefined
  }

  connected(peer: Peer): void {
    const own = this.#own(peer)
    if (own === undefined || own.backoff === NO_BACKOFF) return
    own.backoff = NO_BACKOFF
    this.#choice = undefined
  }

  /** Takes a probe's report in; undefined for a status in neither list. */
  probed(peer: TrackedPeer, report: Report | undefined): void {
    if (report === undefined || this.#own(peer) === undefined || !this.#plan.checked) return
    // Whatever was answered, there was a connection.
    if (report === 'success' || report === 'http') this.connected(peer)
    this.#report(peer, { report, limit: this.#plan.active.limits[report], by: 'active' })
  }

  /** Sets a peer's state by a person's word. */
  mark(peer: TrackedPeer, healthy: boolean): void {
    const before = peer.health
    this.#put(peer, { health: healthy ? HEALTHY : UNHEALTHY, byHand: !healthy })
    this.#flip(peer, { wasUp: isUp(before), reason: 'by hand' })
  }

  /** Takes another node's word, if it is newer than what is known here; false: not the one to tell. */
  receive(peerId: string, { state, at, reason }: Hint): boolean {
    const peer = this.#known.get(peerId)
    if (peer === undefined || !this.#plan.checked) return false
    if (at <= peer.changedAt) return true
    const healthy = state === 'healthy'
    this.#put(peer, {
      health: healthy ? HEALTHY : UNHEALTHY,
      byHand: !healthy && reason === 'by hand',
    })
    peer.changedAt = at
    return true
  }

  /** Forgets peers that were removed long ago. */
  forget(now: number): void {
    if (this.#known.size === this.#listed.length) return
    for (const [id, { removedAt, inFlight }] of this.#known) {
      if (removedAt !== undefined && inFlight === 0 && now - removedAt >= REMEMBERED) {
        this.#known.delete(id)
      }
    }
  }

  /** A peer of an earlier life of the same address is nobody's. */
  #own(peer: Peer): TrackedPeer | undefined {
    const own = this.#known.get(peer.id)
    return own === peer ? own : undefined
  }

  #current(now: number): Choice {
    if (this.#choice === undefined || now >= this.#choice.wakeAt) {
      this.#choice = choiceOf(this.#listed, this.#plan, now)
    }
    return this.#choice
  }

  #choose({ picker, up }: Choice, tried: ReadonlySet<Peer>): TrackedPeer | undefined {
    // From a random start, so that many nodes, or short-lived ones, do not favour the first peer.
    this.#turn ??= Math.floor(this.#options.runtime.random() * 65_536)
    const peer = picker?.({ turn: this.#turn, tried })
    if (peer === undefined) return leastRecentlyFailed(up, tried)
    this.#turn++
    return this.#own(peer)
  }

  #leavePause(peer: TrackedPeer, now: number): void {
    if (now < peer.backoff.until) return
    peer.backoff = letThrough(peer.backoff, this.#pause())
    this.#choice = undefined
  }

  #pause(): Pause {
    const { runtime, connectBackoff } = this.#options
    return { now: runtime.now(), first: connectBackoff, random: runtime.random() }
  }

  /** An ejected peer whose chance has come gets it once. */
  #grant({ onTrial }: Choice, { tried, now }: Asked): TrackedPeer | undefined {
    const peer = onTrial.find((one) => !tried.has(one) && (one.trial?.dueAt ?? now + 1) <= now)
    if (peer?.trial === undefined) return undefined
    peer.trial = grantTrial(peer.trial, now)
    this.#choice = undefined
    return peer
  }

  #passTrial(peer: TrackedPeer, limit: number): void {
    this.#report(peer, { report: 'success', limit: Math.max(1, limit), by: 'trial' })
    if (peer.trial === undefined) return
    peer.trial = trialPassed(peer.trial, this.#options.runtime.now())
    this.#choice = undefined
  }

  #report(peer: TrackedPeer, { report, limit, by }: Verdict): void {
    const before = peer.health
    const health = observe(before, report, limit)
    if (health === before) return
    if (isUp(health) === isUp(before)) peer.health = health
    else {
      this.#put(peer, { health, byHand: false })
      this.#flip(peer, { wasUp: isUp(before), reason: `${by} ${report}` })
    }
  }

  #put(peer: TrackedPeer, { health, byHand }: { health: Health; byHand: boolean }): void {
    const now = this.#options.runtime.now()
    peer.health = health
    peer.byHand = byHand
    // Later than what came from a node whose clock is ahead.
    peer.changedAt = Math.max(now, peer.changedAt + 1)
    peer.trial = isUp(health) || byHand ? undefined : firstTrial(now)
    if (isUp(health)) peer.backoff = NO_BACKOFF
    this.#choice = undefined
  }

  #flip(peer: TrackedPeer, { wasUp, reason }: { wasUp: boolean; reason: string }): void {
    const state = isUp(peer.health) ? 'healthy' : 'unhealthy'
    if (wasUp !== isUp(peer.health)) {
      const fields = { upstream: this.#upstream?.name, peer: peer.id, reason }
      this.#options.runtime.log('warn', `Target is ${state}`, fields)
    }
    this.#options.flipped(this, peer, { state, at: peer.changedAt, reason })
  }
}

interface Asked {
  readonly tried: ReadonlySet<Peer>
  readonly now: number
}

interface Verdict {
  readonly report: Report
  readonly limit: number
  readonly by: 'active' | 'passive' | 'trial'
}

/** An answer of any kind but a failure; a 502 may be what a refused connection is reported as. */
function passesTrial(outcome: PeerOutcome, report: Report | undefined): boolean {
  if (outcome.kind !== 'status') return false
  return report === 'success' || (report === undefined && outcome.status < 500)
}

function isSame(before: readonly Source[], after: readonly Source[]): boolean {
  return (
    before.length === after.length &&
    before.every((target, i) => {
      const other = after[i]
      if (target === other) return true
      return (
        target.id === other?.id && target.target === other.target && target.weight === other.weight
      )
    })
  )
}
