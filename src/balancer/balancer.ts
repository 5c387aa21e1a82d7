import type { Upstream } from '../entities/upstream.ts'
import type { LookupFailure } from '../ports/resolver.ts'
import type { ClientCertificate } from '../ports/transport.ts'
import type { Peer } from './algorithm.ts'
import { Chooser, type Offer } from './chooser.ts'
import { type Hashing, hashingOf } from './hashing.ts'
import type { Report } from './health.ts'
import type { HealthEvent } from './health-event.ts'
import type { Hint } from './hints.ts'
import { Judge, type PeerOutcome } from './judge.ts'
import type { Prospect } from './look.ts'
import type { Balancer, BalancerOptions, PickOptions } from './picking.ts'
import { isSameSources, type Source } from './source.ts'
import { TargetNames } from './target-names.ts'
import type { HealthPlan } from './thresholds.ts'
import { followTargets, type TrackedPeer } from './tracked-peer.ts'
import { beginWaiting, endWaiting, measure } from './traffic.ts'

const REMEMBERED = 300_000
const NO_OPTIONS: PickOptions = {}

/** The holder of what changes in one upstream, with a part of its own for health, for names and for whose turn it is. */
export class LiveBalancer implements Balancer, Offer {
  #upstream: Upstream | undefined
  #hashing: Hashing | undefined
  #plan: HealthPlan
  #targets: readonly Source[] = []
  #listed: readonly TrackedPeer[] = []
  readonly #known = new Map<string, TrackedPeer>()
  readonly #options: BalancerOptions
  readonly #chooser: Chooser
  readonly #judge: Judge
  readonly #names: TargetNames
  /** When the prober next asks the peers that are down, as it says. */
  nextProbeAt: number | undefined

  constructor(options: BalancerOptions & { readonly plan: HealthPlan }) {
    this.#options = options
    this.#plan = options.plan
    this.#chooser = new Chooser(this, options)
    this.#names = new TargetNames({
      names: options.names,
      keep: options.keepNames ?? true,
      changed: () => this.#place(),
    })
    this.#judge = new Judge({
      runtime: options.runtime,
      plan: () => this.#plan,
      nextProbeAt: () => this.nextProbeAt,
      changed: () => this.#chooser.renew(),
      flipped: (peer, hint) => this.#told(peer, hint),
    })
  }

  get upstream(): Upstream | undefined {
    return this.#upstream
  }

  get clientCertificate(): ClientCertificate | undefined {
    const { certificateOf, clientCertificate } = this.#options
    const certificate = this.#upstream?.client_certificate
    return certificate ? certificateOf?.(certificate.id) : clientCertificate
  }

  get hashing(): Hashing | undefined {
    return this.#hashing
  }

  get plan(): HealthPlan {
    return this.#plan
  }

  /** The peers configuration names, those of weight 0 included. */
  get peers(): readonly TrackedPeer[] {
    return this.#listed
  }

  /** The targets configuration names, those without an address included. */
  get targets(): readonly Source[] {
    return this.#targets
  }

  /** What is known of the targets' names. */
  get names(): Pick<TargetNames, 'failureOf' | 'hasRecords' | 'lookedUp'> {
    return this.#names
  }

  get unresolved(): LookupFailure | undefined {
    return this.#upstream === undefined ? this.#names.failure : undefined
  }

  freshen(): Promise<void> | undefined {
    return this.#names.freshen(this.#listed.length > 0)
  }

  /** The last changes of health, newest first. */
  get events(): readonly HealthEvent[] {
    return this.#judge.events
  }

  get available(): boolean {
    return this.#chooser.serving
  }

  /** What the next pick will go by; looking takes nobody's turn. */
  get prospect(): Prospect {
    return this.#chooser.prospect
  }

  /** Takes configuration in; what is known of peers that stay, or come back soon, stays. */
  configure(upstream: Upstream | undefined, plan: HealthPlan, targets: readonly Source[]): void {
    const before = this.#upstream
    this.#upstream = upstream
    if (plan !== this.#plan) this.#chooser.renew()
    this.#plan = plan
    if (before !== upstream) this.#hashing = hashingOf(upstream)
    if (before?.algorithm !== upstream?.algorithm || before?.slots !== upstream?.slots) {
      this.#chooser.rearrange()
    }
    const sameHosts = before?.use_srv_name === upstream?.use_srv_name
    if (sameHosts && isSameSources(this.#targets, targets)) return
    this.#targets = targets
    this.#place()
  }

  pick(tried: ReadonlySet<Peer>, options: PickOptions = NO_OPTIONS): Peer | undefined {
    return this.#chooser.pick(tried, options)
  }

  started(peer: Peer, now: number = this.#options.runtime.now()): void {
    const own = this.own(peer)
    if (own === undefined) return
    own.inFlight++
    beginWaiting(own, now)
  }

  ended(peer: Peer): void {
    const own = this.own(peer)
    if (own !== undefined && own.inFlight > 0) own.inFlight--
  }

  observe(peer: Peer, outcome: PeerOutcome, now: number = this.#options.runtime.now()): void {
    const own = this.own(peer)
    if (own === undefined) return
    endWaiting(own, now)
    const { kind, took } = outcome
    if (took !== undefined && kind !== 'left') {
      const answered = kind === 'status'
      measure(own, { took, answered, failed: !answered || outcome.status >= 500 }, now)
    }
    this.#judge.observe(own, outcome, now)
  }

  connectFailed(peer: Peer): void {
    const own = this.own(peer)
    if (own !== undefined) this.#chooser.connectFailed(own)
  }

  connected(peer: Peer): void {
    const own = this.own(peer)
    if (own !== undefined) this.#chooser.connected(own)
  }

  /** Takes a probe's report in; undefined for a status in neither list. */
  probed(peer: TrackedPeer, report: Report | undefined, status?: number): void {
    if (report === undefined || this.own(peer) === undefined || !this.#plan.checked) return
    // Whatever was answered, there was a connection.
    if (report === 'success' || report === 'http') this.connected(peer)
    this.#judge.probed(peer, report, status)
  }

  /** Sets a peer's state by a person's word. */
  mark(peer: TrackedPeer, healthy: boolean): void {
    this.#judge.mark(peer, healthy)
  }

  /** Takes another node's word, if it is newer than what is known here; false: not the one to tell. */
  receive(peerId: string, hint: Hint): boolean {
    const peer = this.#known.get(peerId)
    if (peer === undefined || !this.#plan.checked) return false
    this.#judge.receive(peer, hint)
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
  own(peer: Peer): TrackedPeer | undefined {
    const own = this.#known.get(peer.id)
    return own === peer ? own : undefined
  }

  /** Finds out where the targets are now. */
  #place(): void {
    const placed = this.#names.place(this.#targets)
    this.#listed = followTargets(this.#known, placed, {
      now: this.#options.runtime.now(),
      byRecordName: this.#upstream?.use_srv_name === true,
    })
    this.#chooser.rearrange()
  }

  #told(peer: TrackedPeer, hint: Hint): void {
    const fields = { upstream: this.#upstream?.name, peer: peer.id, reason: hint.reason }
    this.#options.runtime.log('warn', `Target is ${hint.state}`, fields)
    this.#options.flipped(this, peer, hint)
  }
}
