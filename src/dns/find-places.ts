import { fairTurns } from '../lib/fair-order.ts'
import { perObject } from '../lib/per-object.ts'
import type { LookupFailure } from '../ports/resolver.ts'
import type { Names } from './names.ts'
import type { ResolvedAddress } from './services.ts'

/** Where to connect to. */
interface Place {
  readonly host: string
  readonly port: number
}

/** The places of a name, the first of them another at each call; why there are none, otherwise. */
export type FindPlaces = <P extends Place>(place: P) => Promise<readonly P[] | LookupFailure>

/** Finds the addresses of names, and the ports that SRV records name. */
export function createPlaces(names: Pick<Names, 'resolve'>): FindPlaces {
  // Kong: each name goes round by itself, by the weights of its SRV records if it has any. What is
  // known of a name is the same array until it changes.
  const turnsOf = perObject((addresses: readonly ResolvedAddress[]) =>
    fairTurns(addresses.map(({ weight = 1 }) => weight)),
  )
  return async (place) => {
    const found = await names.resolve(place.host)
    if (!found.ok) return found.reason
    const { addresses } = found
    const first = turnsOf(addresses)()
    return [...addresses.slice(first), ...addresses.slice(0, first)].map(({ ip, port }) => ({
      ...place,
      host: ip,
      port: port ?? place.port,
    }))
  }
}
