import { given } from './conditions.ts'
import { type Host, splitAddress } from './host-index.ts'
import type { RouteRule } from './router.ts'

/** What a route asks for makes its category, a bit each, the first bit weighing most. */
const HOST = 64
const HEADER = 32
const URI = 16
const METHOD = 8
const SNI = 4

/** What tells routes of one category apart first. */
const HAS_REGEX = 1
const PLAIN_HOSTS = 2
const HOST_WITH_PORT = 4

const MOST_HEADERS = 255

/** One way into a route. */
export interface Way {
  readonly host: Host
  readonly path: string | undefined
  /** Over plain http an SNI is no condition. */
  readonly scheme?: 'http' | 'https'
}

/**
 * The rank of a route by one of its hosts and paths: how many kinds of things it asks for, then
 * which, then sub-weights, then how many headers. 0 when it asks for nothing.
 */
export function traditionalRank(route: RouteRule, { host, path, scheme }: Way): number {
  const headers = Object.keys(route.headers ?? {}).length
  const others = [
    given(route.hosts) && HOST,
    headers > 0 ? HEADER : undefined,
    path === undefined ? undefined : URI,
    given(route.methods) && METHOD,
  ].filter((bit) => bit !== undefined)
  const sni = given(route.snis) === undefined ? 0 : SNI
  // What counts for nothing must not stand before a route that asks for all the rest and no SNI.
  const unasked = sni !== 0 && scheme === 'http' && others.length > 0
  const kinds = others.length + (sni === 0 || unasked ? 0 : 1)
  const category = others.reduce<number>((sum, bit) => sum + bit, unasked ? -1 : sni)
  const weights = (kinds * 128 + category) * 8 + subWeight(given(route.hosts), host, path)
  return weights * 256 + Math.min(headers, MOST_HEADERS)
}

/** A wildcard's port weighs for all hosts beside it, a plain host's for itself. */
function subWeight(
  hosts: readonly string[] | undefined,
  host: Host,
  path: string | undefined,
): number {
  const regex = path?.startsWith('~') === true ? HAS_REGEX : 0
  if (hosts === undefined) return regex
  const wildcards = hosts.filter((one) => one.includes('*'))
  const hasPort =
    (host.kind === 'exact' && host.port !== 0) ||
    wildcards.some((one) => splitAddress(one, 0).port !== 0)
  return regex + (wildcards.length === 0 ? PLAIN_HOSTS : 0) + (hasPort ? HOST_WITH_PORT : 0)
}
