import { bytesOf, charsOf } from '../../lib/latin1.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type LuaData, LuaFault, type Several, several } from '../../pdk/lua-engine.ts'
import type { LuaRun } from './scope.ts'

/** A body that was read before Lua ran, which cannot wait; `long` where it was too long to hold. */
type ReadBody = Uint8Array | 'long'

const REQUEST = {}
const RESPONSE = {}

/** Reads the request's body for functions to look at. */
export async function readRequestBody(exchange: Exchange, limit: number): Promise<void> {
  if (exchange.shared.has(REQUEST)) return
  exchange.shared.set(REQUEST, (await exchange.request.readBody(limit)) ?? 'long')
}

/** Reads the answer's body for functions to look at. */
export async function readResponseBody(exchange: Exchange, limit: number): Promise<void> {
  exchange.shared.set(RESPONSE, (await exchange.response.readBody(limit)) ?? 'long')
}

/** Remembers that the answer has no body, which Kong gives as an empty one. */
export function noResponseBody(exchange: Exchange): void {
  exchange.shared.set(RESPONSE, new Uint8Array())
}

/** The request's body, as `kong.request.get_raw_body` gives it. */
export function requestBody({ exchange }: LuaRun): LuaData | Several {
  return given(exchange.shared.get(REQUEST) as ReadBody | undefined, 'request')
}

/** The answer's body, as `kong.service.response.get_raw_body` gives it. */
export function responseBody({ exchange }: LuaRun): LuaData | Several {
  return given(exchange.shared.get(RESPONSE) as ReadBody | undefined, 'response')
}

/** Kong's words, whose users look for them. */
const TOO_LONG =
  "request body did not fit into client body buffer, consider raising 'client_body_buffer_size'"

function given(body: ReadBody | undefined, whose: string): LuaData | Several {
  if (body === undefined) {
    throw new LuaFault(`the ${whose} body was not read: name get_raw_body or get_body in the code`)
  }
  if (body === 'long') return several(undefined, TOO_LONG)
  return charsOf(body)
}

/** Replaces the body that goes to the upstream, which functions see from then on. */
export function setRequestBody({ exchange }: LuaRun, body: string): void {
  const bytes = bytesOf(body)
  exchange.upstream.setBody(bytes)
  exchange.shared.set(REQUEST, bytes)
}
