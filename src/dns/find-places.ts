import type { LookupFailure } from '../ports/resolver.ts'
import type { Names } from './names.ts'

/** Where to connect to. */
interface Place {
  readonly host: string
  readonly port: number
}

/** The places of a name, the first of them another at each call; why there are none, otherwise. */
export type FindPlaces = <P extends Place>(place: P) => Promise<readonly P[] | LookupFailure>

/** Finds the addresses of names, and the ports that SRV records name. */
export function createPlaces(names: Pick<Names, 'resolve'>): FindPlaces {
  let turn = 0
  return async (place) => {
    const found = await names.resolve(place.host)
    if (!found.ok) return found.reason
    const { addresses } = found
    const first = turn++ % addresses.length
    return [...addresses.slice(first), ...addresses.slice(0, first)].map(({ ip, port }) => ({
      ...place,
      host: ip,
      port: port ?? place.port,
    }))
  }
}
