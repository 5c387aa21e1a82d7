import type { Exchange } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'

/** Makes ids of requests, one way each. */
export type Generators = Readonly<
  Record<'uuid' | 'uuid#counter' | 'tracker', (exchange: Exchange) => string>
>

/** Makes the generators of a gateway, whose counter all configurations share. */
export function createGenerators({
  uuid,
  random,
  now,
}: Pick<Kit['runtime'], 'uuid' | 'random' | 'now'>): Generators {
  const prefix = uuid()
  // Kong has the process and the connection here; this gateway may have neither.
  const gateway = 1 + Math.floor(random() * 65_535)
  let counter = 0
  return {
    uuid,
    'uuid#counter': () => `${prefix}#${++counter}`,
    tracker: ({ request }) =>
      `0.0.0.0-${request.port}-${gateway}-${++counter}-1-${(now() / 1000).toFixed(3)}`,
  }
}
