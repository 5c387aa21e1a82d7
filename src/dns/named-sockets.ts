import {
  type DatagramPlace,
  SocketError,
  type SocketPlace,
  type Sockets,
} from '../ports/sockets.ts'
import { failureText } from './failure-text.ts'
import { createPlaces } from './find-places.ts'
import type { Names } from './names.ts'

/** Which addresses of a place to try, the first of them another at each call. */
type Resolve = <P extends DatagramPlace>(place: P) => Promise<readonly P[]>

/** Sockets that reach the addresses our own DNS finds, and the ports that SRV records name. */
export function namedSockets(sockets: Sockets, names: Names): Sockets {
  const resolve = resolverOf(names)
  const { sendDatagram } = sockets
  return {
    ...sockets,
    async connect(place) {
      if (place.path !== undefined || names.isLiteral(place.host)) return sockets.connect(place)
      return connectToAny(sockets, await resolve(place))
    },
    ...(sendDatagram && {
      async sendDatagram(place, bytes) {
        // Nobody knows whether it arrives: there is nothing to try another after.
        const [first = place] = names.isLiteral(place.host) ? [] : await resolve(place)
        await sendDatagram(first, bytes)
      },
    }),
  }
}

function resolverOf(names: Names): Resolve {
  const find = createPlaces(names)
  return async (place) => {
    const places = await find(place)
    if (typeof places !== 'string') return places
    throw new SocketError('ENOTFOUND', `Cannot find "${place.host}": ${failureText(places)}`)
  }
}

/** One after the other, but none after one that took all the time there was. */
async function connectToAny(sockets: Sockets, places: readonly SocketPlace[]) {
  let failure: unknown
  for (const place of places) {
    try {
      return await sockets.connect(place)
    } catch (error) {
      failure = error
      if (error instanceof SocketError && error.code === 'ETIMEDOUT') break
    }
  }
  throw failure
}
