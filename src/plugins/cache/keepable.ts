import type { Exchange } from '../../pdk/exchange.ts'
import { type FreshnessConfig, type Lifetime, lifetimeOf } from './freshness.ts'
import { mediaTypeTest } from './media-type.ts'

/** Which answers may be kept. */
export interface KeepableConfig extends FreshnessConfig {
  readonly response_code: readonly number[]
  readonly content_type: readonly string[]
}

/** How an answer may be kept. */
export interface Keepable extends Lifetime {
  /** Lower-case names of the headers it varies by. */
  readonly varies: readonly string[]
}

/** Says of an answer how it may be kept; undefined when it may not. */
export function keepable(config: KeepableConfig) {
  const statuses = new Set(config.response_code)
  const isType = mediaTypeTest(config.content_type)

  return ({ request, response }: Exchange, now: number): Keepable | undefined => {
    const { headers, source, status } = response
    // A part of something is no answer to who asks for all of it.
    if (source !== 'service' || status === 206 || !statuses.has(status)) return undefined
    const [type, ...more] = headers.all('content-type')
    if (type === undefined || more.length > 0 || !isType(type)) return undefined
    // What is set for one client is not for others, whatever else the answer says.
    if (headers.has('set-cookie') || response.trailers !== undefined) return undefined
    if (request.method === 'HEAD' && !headers.has('content-length')) return undefined
    const varies = variedBy(headers.all('vary'))
    if (varies.includes('*')) return undefined
    const lifetime = lifetimeOf(config, request, response, now)
    return lifetime === undefined ? undefined : { ...lifetime, varies }
  }
}

function variedBy(values: readonly string[]): readonly string[] {
  if (values.length === 0) return values
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim().toLowerCase())
  return Array.from(new Set(names.filter((name) => name !== ''))).sort()
}
