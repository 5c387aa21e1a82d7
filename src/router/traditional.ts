import { toByteString } from '../lib/byte-string.ts'
import { lazyPcreRegex } from '../lib/pcre/pcre-regex.ts'
import type { RouteRegex } from '../lib/regex.ts'
import { type Conditions, conditionsOf, given, type Reading } from './conditions.ts'
import { type CompareTies, compareRegexes, type Entry, probeOf } from './entry.ts'
import { ANY_HOST, type Host, readHost, splitAddress } from './host-index.ts'
import { buildIndexedRouter, type Flavor } from './indexed-router.ts'
import type { BuildRouter, RouteRule } from './router.ts'
import { traditionalRank } from './traditional-rank.ts'

const READING: Reading = { regexes: 'pcre', wildcardSnis: false, connection: false }
const ONE_READING = [READING]
/** Kong: a route with SNIs that a plain http request meets stands behind its like without. */
const READINGS_BY_SCHEME: readonly Reading[] = [
  { ...READING, scheme: 'https' },
  { ...READING, scheme: 'http' },
]

/**
 * Kong's `traditional` flavour: the routes that ask for most kinds of things come first, and each path
 * of a route counts for itself.
 */
const traditional: Flavor = {
  probe(request) {
    // Kong: a host's port is the Host header's, else what the scheme has by default.
    const { name, port } = splitAddress(request.host, request.scheme === 'https' ? 443 : 80)
    return probeOf(request, name, port)
  },
  place(route, shared) {
    const hosts = given(route.hosts)?.map((host) => readHost(host, splitAddress)) ?? [ANY_HOST]
    const paths = given(route.paths) ?? [undefined]
    const readings = given(route.snis) === undefined ? ONE_READING : READINGS_BY_SCHEME
    return readings.flatMap((reading) => {
      const conditions = conditionsOf(route, reading, shared)
      const { scheme } = reading
      return hosts.flatMap((host) => {
        return paths
          .map((path, at) => ({
            host,
            entry: entryOf(route, path, { at, host, conditions, scheme }),
          }))
          .filter(({ entry }) => entry.rank > 0)
      })
    })
  },
  compareTies: (a, b) => compareRegexes(a, b) || compareAges(a, b),
}

/** Builds a router of that flavour. */
export const buildTraditionalRouter: BuildRouter = (routes) =>
  buildIndexedRouter(traditional, routes)

function entryOf<R extends RouteRule>(
  route: R,
  path: string | undefined,
  { at, host, conditions, scheme }: Place,
): Entry<R> {
  const isRegex = path?.startsWith('~') === true
  return {
    route,
    prefix: path === undefined || isRegex ? undefined : toByteString(path),
    captures: undefined,
    rank: traditionalRank(route, { host, path, ...(scheme && { scheme }) }),
    port: host.port,
    conditions,
    regexes: isRegex ? [regexOf(route, path)] : undefined,
    expression: undefined,
    number: at,
    id: undefined,
  }
}

interface Place {
  /** The path's place in the route's list. */
  readonly at: number
  readonly host: Host
  readonly conditions: Conditions | undefined
  readonly scheme: Reading['scheme']
}

// By the list the regex came from, so that each is compiled once for all hosts and for a new router.
const compiled = new WeakMap<readonly string[], Map<string, RouteRegex>>()

function regexOf({ paths }: RouteRule, path: string): RouteRegex {
  const key = paths ?? []
  const known = compiled.get(key) ?? new Map<string, RouteRegex>()
  compiled.set(key, known)
  const regex = known.get(path) ?? lazyPcreRegex(path.slice(1))
  known.set(path, regex)
  return regex
}

/** The older route wins; of two that came in one second, the one with the smaller id; of one, the path that stands first. */
const compareAges: CompareTies = (a, b) => {
  const one = a.route.created_at ?? undefined
  const other = b.route.created_at ?? undefined
  if (one !== undefined && other !== undefined && one !== other) return one - other
  return a.route.id < b.route.id ? -1 : a.route.id > b.route.id ? 1 : a.number - b.number
}
