import { toByteString } from '../../lib/byte-string.ts'
import type { LlmConfig } from './driver.ts'
import type { JsonObject } from './json-reading.ts'
import { withArg } from './query.ts'

/** What of a request proves who asks, and what the client sent there. */
export interface Places {
  readonly body: JsonObject
  readonly query: string
  readonly header: (name: string) => string | undefined
}

/** The same with the operator's proof in it. */
export interface Proven {
  readonly body: JsonObject
  readonly query: string
  /** Name and value in turn. */
  readonly headers: readonly string[]
}

/** Puts the configured key where it belongs. The client's own stays where `allow_override` says so. */
export function withCredentials({ auth }: LlmConfig, places: Places): Proven {
  const { header_name: header, header_value: secret } = auth ?? {}
  const { param_name: param, param_value: value, param_location: location } = auth ?? {}
  let { body, query } = places
  const headers: string[] = []
  const mayStay = auth?.allow_override === true
  if (typeof header === 'string' && typeof secret === 'string') {
    if (!mayStay || places.header(header) === undefined) headers.push(header, toByteString(secret))
  }
  if (typeof param === 'string' && typeof value === 'string') {
    if (location === 'query' && !(mayStay && new URLSearchParams(query).has(param))) {
      query = withArg(query, param, value)
    }
    if (location === 'body' && !(mayStay && body[param] !== undefined)) {
      body = { ...body, [param]: value }
    }
  }
  return { body, query, headers }
}
