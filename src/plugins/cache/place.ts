import { toHex } from '../../lib/hex.ts'
import { createRecentMap } from '../../lib/recent-map.ts'
import { sha256 } from '../../lib/sha256.ts'
import type { ClientSide, Exchange } from '../../pdk/exchange.ts'

/** What tells requests apart. */
export interface PlaceConfig {
  readonly ignore_uri_case: boolean | null
  readonly vary_query_params: readonly string[] | null
  readonly vary_headers: readonly string[] | null
}

/**
 * Makes the key that a request's answer is kept under: one per configuration, client and what was
 * asked for. Beside Kong's parts it holds the host and scheme asked for, and what the client
 * authorises itself with, so that nobody gets another's answer.
 */
export function placeOf(config: PlaceConfig, pluginId: string) {
  const varying = config.vary_headers ?? []
  const lower = config.ignore_uri_case === true
  const queryPart = queryParts(config.vary_query_params ?? [])

  return ({ request, client, route }: Exchange, method = request.method): string => {
    const who = client.consumer?.id ?? client.credential?.id ?? ''
    const path = lower ? request.rawPath.toLowerCase() : request.rawPath
    const query = request.rawQuery === '' ? '' : queryPart(request)
    const host = `${request.forwardedScheme}://${request.host}/${request.forwardedHost}`
    const before = `${pluginId}|${who}|${route?.id ?? ''}|${method}|${lengthened(host)}`
    return `${before}${lengthened(path)}|${query}|${headerPart(request, varying)}`
  }
}

/** A text that no other text can be taken for, whatever follows. */
export function lengthened(text: string): string {
  return `${text.length}:${text}`
}

/** What clients are told of a place; nothing can be read from it. */
export function nameOf(place: string): string {
  return toHex(sha256(new TextEncoder().encode(place)))
}

/** Kong: the order of arguments makes no difference, nor that of an argument's values. */
function queryParts(names: readonly string[]): (request: ClientSide) => string {
  const known = createRecentMap<string, string>(QUERIES)
  return (request) => {
    const { rawQuery } = request
    const before = known.get(rawQuery)
    if (before !== undefined) return before
    const part = argsPart(request, names)
    if (rawQuery.length <= SHORT) known.set(rawQuery, part)
    return part
  }
}

/** Queries whose part is known, and how long they are at most. */
const QUERIES = 1000
const SHORT = 500

function argsPart(request: ClientSide, names: readonly string[]): string {
  const args =
    names.length === 0
      ? request.queryArgs()
      : names.flatMap((name) => request.queryArg(name).map((value) => [name, value] as const))
  return args
    .map(([name, value]) => lengthened(name) + (value === true ? '!' : lengthened(value)))
    .sort()
    .join('')
}

function headerPart({ headers }: ClientSide, names: readonly string[]): string {
  const authorization = headers.get('authorization')
  let part = authorization === undefined ? '' : lengthened(authorization)
  for (const name of names) part += `|${headers.all(name).map(lengthened).join('')}`
  return part
}
