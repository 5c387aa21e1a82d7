import { given } from './conditions.ts'
import { splitPort } from './host-index.ts'
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
const WILDCARD_WITH_PORT = 4

const MOST_HEADERS = 255

/**
 * The rank of a route with one of its paths: how many kinds of things it asks for, then which, then
 * sub-weights, then how many headers. 0 when it asks for nothing.
 */
export function traditionalRank(route: RouteRule, path: string | undefined): number {
  const headers = Object.keys(route.headers ?? {}).length
  const bits = [
    given(route.hosts) && HOST,
    headers > 0 ? HEADER : undefined,
    path === undefined ? undefined : URI,
    given(route.methods) && METHOD,
    given(route.snis) && SNI,
  ].filter((bit) => bit !== undefined)
  const category = bits.reduce<number>((sum, bit) => sum + bit, 0)
  const weights = (bits.length * 128 + category) * 8 + subWeight(given(route.hosts), path)
  return weights * 256 + Math.min(headers, MOST_HEADERS)
}

function subWeight(hosts: readonly string[] | undefined, path: string | undefined): number {
  const regex = path?.startsWith('~') === true ? HAS_REGEX : 0
  if (hosts === undefined) return regex
  const wildcards = hosts.filter((host) => host.includes('*'))
  if (wildcards.length === 0) return regex + PLAIN_HOSTS
  const hasPort = wildcards.some((host) => splitPort(host, 0).port !== 0)
  return regex + (hasPort ? WILDCARD_WITH_PORT : 0)
}
