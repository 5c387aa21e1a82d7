import type { Exchange } from '../../pdk/exchange.ts'
import { LuaFault } from '../../pdk/lua-engine.ts'

/** What there is of an exchange where no request has come. */
type Known = Pick<Exchange, 'startedAt' | 'shared'> &
  Partial<Pick<Exchange, 'client' | 'route' | 'service' | 'record'>>

/** An exchange without a request; functions that look for what belongs to one are told where they are. */
export function withoutRequest(place: string, known: Known): Exchange {
  const { startedAt, client, route, service, shared } = known
  const absent = (): never => {
    throw new LuaFault(`there is no request in ${place}`)
  }
  return {
    id: '',
    startedAt,
    route,
    service,
    shared,
    record: known.record ?? absent,
    get client() {
      return client ?? absent()
    },
    get request(): never {
      return absent()
    },
    get upstream(): never {
      return absent()
    },
    get response(): never {
      return absent()
    },
  }
}
