import type { Failure, Incoming, Outgoing, Sender } from '../ports/transport.ts'
import { createPlaces } from './find-places.ts'
import type { Names } from './names.ts'

/** A transport that reaches the addresses our own DNS finds, and the ports that SRV records name. */
export function namedTransport(
  transport: Sender,
  names: Pick<Names, 'isLiteral' | 'resolve'>,
): Sender {
  const find = createPlaces(names)
  return {
    caps: transport.caps,
    async send(outgoing) {
      // A proxy looks up by itself what is behind it.
      const { host, port } = outgoing.proxy ?? outgoing
      if (names.isLiteral(host)) return transport.send(outgoing)
      const places = await find({ host, port })
      return typeof places === 'string' ? NOT_FOUND : sendToAny(transport, outgoing, places)
    },
  }
}

const NOT_FOUND: Failure = {
  ok: false,
  phase: 'dns',
  code: 'ENOTFOUND',
  timeout: false,
  reused: false,
  byClient: false,
}

/** One after the other, as long as nothing was sent; but none after one that took all the time there was. */
async function sendToAny(
  transport: Sender,
  outgoing: Outgoing,
  places: readonly Pick<Outgoing, 'host' | 'port'>[],
): Promise<Incoming | Failure> {
  let result: Incoming | Failure = NOT_FOUND
  for (const place of places) {
    const { proxy } = outgoing
    const way = proxy === undefined ? place : { proxy: { ...proxy, ...place } }
    result = await transport.send({ ...outgoing, ...way })
    if (result.ok || !mayGoElsewhere(result, outgoing)) break
  }
  return result
}

function mayGoElsewhere({ phase, timeout, byClient }: Failure, { body }: Outgoing): boolean {
  const isWhole = body === undefined || body instanceof Uint8Array
  return phase === 'connect' && !timeout && !byClient && isWhole
}
