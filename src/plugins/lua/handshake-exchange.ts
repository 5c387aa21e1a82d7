import type { Exchange } from '../../pdk/exchange.ts'
import type { Handshake } from '../../pdk/handshake.ts'
import { LuaFault } from '../../pdk/lua-engine.ts'

/** A TLS handshake as functions in Lua see it; as in Kong there is nothing of a request. */
export function exchangeAt({ shared }: Handshake): Exchange {
  return {
    id: '',
    startedAt: 0,
    route: undefined,
    service: undefined,
    shared,
    record: absent,
    get client(): never {
      return absent()
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

function absent(): never {
  throw new LuaFault('there is no request in a TLS handshake')
}
