/** One address a request can go to now. The same object as long as its balancer knows it. */
export interface Peer {
  /** `host:port`. */
  readonly id: string
  /** Name or address, IPv6 in brackets, as the target has it. */
  readonly host: string
  readonly port: number
  readonly weight: number
  readonly targetId: string
}

/** What a choice may depend on beside the peers. */
export interface PickInfo {
  /** Counts the choices of a balancer; whole and never negative. */
  readonly turn: number
  readonly tried: ReadonlySet<Peer>
}

/** One prepared choice among the peers it was made for; undefined when all of them were tried. */
export type Picker = (info: PickInfo) => Peer | undefined

/** A strategy: prepares a picker for available peers, each with a weight above 0. */
export type Algorithm = (peers: readonly Peer[]) => Picker
