import type { ResolvedAddress } from './services.ts'

/** One place a target is at. */
export interface Place {
  /** Where to connect to: an address, or a name where the transport takes names; without brackets. */
  readonly address: string
  readonly port: number
  readonly weight: number
  /** The host that an SRV record names. */
  readonly name: string | undefined
}

/** What a target says of itself. */
export interface PlacedTarget {
  readonly port: number
  readonly weight: number
}

/**
 * The places of a target. Kong: each address has the target's port and weight, but for what an SRV
 * record says. A target of weight 0 is meant to get nothing, whatever the record's weight is.
 */
export function placesOf(
  { port, weight }: PlacedTarget,
  addresses: readonly ResolvedAddress[],
): Place[] {
  return addresses.map((one) => ({
    address: one.ip,
    port: one.port ?? port,
    weight: weight === 0 ? 0 : (one.weight ?? weight),
    name: one.name,
  }))
}
