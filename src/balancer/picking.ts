import type { Names } from '../dns/names.ts'
import type { Upstream } from '../entities/upstream.ts'
import type { LookupFailure } from '../ports/resolver.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { ClientCertificate } from '../ports/transport.ts'
import type { Peer } from './algorithm.ts'
import type { Hashing } from './hashing.ts'
import type { Hint } from './hints.ts'
import type { PeerOutcome } from './judge.ts'

/** What a choice goes by beside the peers. */
export interface PickOptions {
  /**
   * An ejected peer on trial may come first, once per pause; false spares a request that could not
   * be retried, unless nobody else is left.
   */
  readonly trial?: boolean
  /** What a hashing upstream tells requests apart by, one char per byte. */
  readonly key?: string | undefined
  /** For who has read the clock just now. */
  readonly now?: number
}

/** An upstream's live chooser. Told all, it answers with a peer at once. */
export interface Balancer {
  /** Undefined for a service's own host. */
  readonly upstream: Upstream | undefined
  /** What is shown to targets that ask who we are; a service's own comes first. */
  readonly clientCertificate: ClientCertificate | undefined
  /** What a pick's key is made from; undefined when none is asked for. */
  readonly hashing: Hashing | undefined
  /** Kong's health of the whole: enough weight is up. */
  readonly available: boolean
  /** Why a service's own host has no address; undefined when it has, or is an upstream's name. */
  readonly unresolved: LookupFailure | undefined
  /** What a request waits for before it picks, nearly always nothing. Never rejects. */
  freshen(): Promise<void> | undefined
  /** A peer not tried yet; undefined when there is none, or too little of the upstream is healthy. */
  pick(tried: ReadonlySet<Peer>, options?: PickOptions): Peer | undefined
  /** Counts a request in flight, until `ended`. Who has read the clock just now need not twice. */
  started(peer: Peer, now?: number): void
  ended(peer: Peer): void
  /** Takes in how a started request went; `took` until its answer began or the failure showed. */
  observe(peer: Peer, outcome: PeerOutcome, now?: number): void
  /** Sets the peer aside for a growing, jittered while. */
  connectFailed(peer: Peer): void
  /** Ends the setting aside. */
  connected(peer: Peer): void
}

/** What a balancer is made from. */
export interface BalancerOptions {
  readonly runtime: Runtime
  readonly names: Names
  /** Whether its targets' names are kept fresh between requests; true. */
  readonly keepNames?: boolean
  /** First pause after a connection failed, in milliseconds; 0: none. */
  readonly connectBackoff: number
  /** How long a recovered peer takes to get its whole weight, in milliseconds; 0: none. */
  readonly slowStart: number
  /** Finds certificates by id; without it none is shown. */
  readonly certificateOf?: ((id: string) => ClientCertificate | undefined) | undefined
  /** What is shown where an upstream has none of its own. */
  readonly clientCertificate?: ClientCertificate | undefined
  /** Called when a peer went up or down, or was told to. */
  readonly flipped: (balancer: Balancer, peer: Peer, hint: Hint) => void
}
