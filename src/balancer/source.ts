import type { Place } from '../dns/places.ts'
import { parseAddress } from '../entities/address.ts'
import type { Target } from '../entities/target.ts'

/** What of a target a peer is made from. */
export type Source = Pick<Target, 'id' | 'target' | 'weight'>

/** A target, and one of the places it is at. */
export interface PlacedSource {
  readonly target: Source
  /** As the target has it, IPv6 in brackets. */
  readonly host: string
  readonly place: Place
}

/** Where a target says it is; its text was checked when it was stored. */
export interface SourceAddress {
  /** IPv6 in brackets. */
  readonly host: string
  readonly port: number
}

const DEFAULT_PORT = 8000
const addresses = new WeakMap<Source, SourceAddress>()

/** Reads a target's text, once. */
export function sourceAddress(target: Source): SourceAddress {
  const known = addresses.get(target)
  if (known !== undefined) return known
  const read = parseAddress(target.target)
  const address =
    read.kind === 'invalid'
      ? { host: target.target, port: DEFAULT_PORT }
      : { host: read.host, port: read.port ?? DEFAULT_PORT }
  addresses.set(target, address)
  return address
}

/** Whether two lists of targets say the same. */
export function isSameSources(before: readonly Source[], after: readonly Source[]): boolean {
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
