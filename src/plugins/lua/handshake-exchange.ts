import type { Exchange } from '../../pdk/exchange.ts'
import type { Handshake } from '../../pdk/handshake.ts'
import { withoutRequest } from './without-request.ts'

/** A TLS handshake as functions in Lua see it; as in Kong there is nothing of a request. */
export function exchangeAt({ shared }: Handshake): Exchange {
  return withoutRequest('a TLS handshake', { startedAt: 0, shared })
}
