import type { Upstream } from '../entities/upstream.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Arrange, Peer } from './algorithm.ts'
import { algorithmOf } from './algorithms.ts'
import { failConnect, letThrough, NO_BACKOFF, type Pause } from './backoff.ts'
import { type Choice, choiceOf, leastRecentlyFailed } from './choice.ts'
import type { Prospect } from './look.ts'
import type { PickOptions } from './picking.ts'
import { warmUp } from './slow-start.ts'
import type { HealthPlan } from './thresholds.ts'
import type { TrackedPeer } from './tracked-peer.ts'
import { grantTrial } from './trial.ts'

const DEFAULT_SLOTS = 10_000

/** What there is to choose from, as it is now. */
export interface Offer {
  readonly upstream: Upstream | undefined
  readonly plan: HealthPlan
  readonly peers: readonly TrackedPeer[]
  readonly targets: { readonly length: number }
  /** Undefined for a peer of an earlier life. */
  own(peer: Peer): TrackedPeer | undefined
}

/** What a chooser works with. */
interface ChooserOptions {
  readonly runtime: Runtime
  readonly connectBackoff: number
  readonly slowStart: number
}

/** Chooses peers by a choice that is prepared until somebody's health, pause or weight changes. */
export class Chooser {
  readonly #offer: Offer
  readonly #options: ChooserOptions
  #arrange: Arrange | undefined
  #choice: Choice | undefined
  #turn: number

  constructor(offer: Offer, options: ChooserOptions) {
    this.#offer = offer
    this.#options = options
    // A random start, so that many nodes, or short-lived ones, do not favour the first peer.
    this.#turn = Math.floor(options.runtime.random() * 65_536)
  }

  /** Whether enough is up for anybody to be chosen. */
  get serving(): boolean {
    return this.#current(this.#options.runtime.now()).serving
  }

  /** The choice as it stands; looking takes nobody's turn. */
  get prospect(): Prospect {
    const now = this.#options.runtime.now()
    return { choice: this.#current(now), turn: this.#turn, now }
  }

  /** Health, a pause or the plan changed. */
  renew(): void {
    this.#choice = undefined
  }

  /** The peers or the algorithm changed. */
  rearrange(): void {
    this.#arrange = undefined
    this.#choice = undefined
  }

  pick(
    tried: ReadonlySet<Peer>,
    { trial = true, key, now = this.#options.runtime.now() }: PickOptions,
  ): TrackedPeer | undefined {
    const choice = this.#current(now)
    const asked = { tried, now, key }
    const safe = trial && tried.size === 0 && choice.serving && choice.picker !== undefined
    if (safe && now >= choice.trialAt) {
      // A peer due may have been tried on already: then it is an ordinary choice.
      const peer = this.#grant(choice, asked) ?? this.#choose(choice, asked)
      return this.#through(peer, now)
    }
    const peer = choice.serving ? this.#choose(choice, asked) : undefined
    if (peer === undefined) return this.#grant(choice, asked)
    return this.#through(peer, now)
  }

  /** Sets a peer aside for a growing, jittered while. */
  connectFailed(peer: TrackedPeer): void {
    peer.backoff = failConnect(peer.backoff, this.#pause())
    this.renew()
  }

  /** Ends that. */
  connected(peer: TrackedPeer): void {
    if (peer.backoff === NO_BACKOFF) return
    peer.backoff = NO_BACKOFF
    this.renew()
  }

  #current(now: number): Choice {
    const known = this.#choice
    if (known !== undefined && now < known.wakeAt) return known
    const { slowStart } = this.#options
    const { upstream, peers, plan, targets } = this.#offer
    const weightsChangeAt = slowStart > 0 ? warmUp(peers, slowStart, now) : Number.POSITIVE_INFINITY
    this.#arrange ??= algorithmOf(upstream?.algorithm)({
      weighted: peers.filter(({ weight }) => weight > 0),
      targetCount: targets.length,
      slots: upstream?.slots ?? DEFAULT_SLOTS,
    })
    const arrange = this.#arrange
    this.#choice = choiceOf(peers, { plan, arrange, now, weightsChangeAt })
    return this.#choice
  }

  #choose({ picker, up }: Choice, { tried, now, key }: Asked): TrackedPeer | undefined {
    const peer = picker?.({ turn: this.#turn, tried, key, now })
    if (peer === undefined) return leastRecentlyFailed(up, tried)
    this.#turn++
    return this.#offer.own(peer)
  }

  /** Lets a request to a peer whose pause is over be the one that sees. */
  #through(peer: TrackedPeer | undefined, now: number): TrackedPeer | undefined {
    if (peer === undefined || peer.backoff === NO_BACKOFF || now < peer.backoff.until) return peer
    peer.backoff = letThrough(peer.backoff, this.#pause())
    this.renew()
    return peer
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
    this.renew()
    return peer
  }
}

interface Asked {
  readonly tried: ReadonlySet<Peer>
  readonly now: number
  readonly key: string | undefined
}
