/** One address a request can go to now. The same object as long as its balancer knows it. */
export interface Peer {
  /** `host:port`; where a name's address is known, that and the name: `10.0.0.1:80 (a.example)`. */
  readonly id: string
  /** What it is asked under: name or address, IPv6 in brackets, as the target or its record has it. */
  readonly host: string
  /** Where to connect to: the host's address, or the host where the transport finds it; no brackets. */
  readonly address: string
  /** The host an SRV record names; undefined where the target's name has addresses of its own. */
  readonly recordName?: string | undefined
  /** An SRV record's, or the target's. */
  readonly port: number
  readonly weight: number
  readonly targetId: string
}

/** A peer and what is measured of it; the figures change under the eyes of whoever reads them. */
export interface MeasuredPeer extends Peer {
  /** What its share goes by: less than `weight`, in proportion, while it comes back slowly. */
  readonly effectiveWeight: number
  /** Requests whose answer has not ended. */
  readonly inFlight: number
  /** Of those, the ones no answer of which has begun. */
  readonly waiting: number
  /** Since when somebody has been waiting without hearing anything, in ms; counts while `waiting` does. */
  readonly waitingSince: number
  /** How long it takes to begin an answer, in ms, averaged; undefined until the first one. */
  readonly ewma: number | undefined
  readonly sampledAt: number
}

/** The peers of an upstream, as configured. */
export interface Members {
  /** All with weight, available or not. */
  readonly weighted: readonly MeasuredPeer[]
  /** How many targets there are, those of weight 0 counted. */
  readonly targetCount: number
  /** The upstream's field. */
  readonly slots: number
}

/** What a choice may depend on beside the peers. */
export interface PickInfo {
  /** Counts the choices of a balancer; whole and never negative. */
  readonly turn: number
  readonly tried: ReadonlySet<Peer>
  /** What a hashing upstream tells requests apart by, one char per byte. */
  readonly key: string | undefined
  /** Milliseconds. */
  readonly now: number
}

/** One prepared choice among the peers it was made for; undefined when all of them were tried. */
export type Picker = (info: PickInfo) => MeasuredPeer | undefined

/** Prepares a picker for those of the members that are available now. */
export type Arrange = (ready: readonly MeasuredPeer[]) => Picker

/** A strategy: prepared once for the members, then again whenever it changes who is available. */
export type Algorithm = (members: Members) => Arrange
