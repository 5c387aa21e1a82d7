import type { MatchCalculation } from '../lib/match-calculation.ts'
import { lazyRouteRegex, type RouteRegex } from '../lib/regex.ts'
import { type Conditions, conditionsOf, given, type Reading } from './conditions.ts'
import { type CompareTies, compareRegexes, type Entry, probeOf } from './entry.ts'
import { ANY_HOST, readHost, splitPort } from './host-index.ts'
import { buildIndexedRouter, type Flavor, type Placement } from './indexed-router.ts'
import { type Part, partsOf, tieId } from './priority.ts'
import type { BuildRouter, RouteRule, RouterRequest } from './router.ts'

const READING: Reading = { regexes: 'rust', wildcardSnis: true, connection: false }

/**
 * Kong's `traditional_compatible` flavour: each part of a route has a number for its priority, and the
 * highest that fits wins.
 */
const compatible = (calculation: MatchCalculation): Flavor => ({
  probe: probeWithPort,
  place: (route, shared) =>
    placeParts(route, { conditions: conditionsOf(route, READING, shared), calculation }),
  compareTies: COMPARE_TIES[calculation],
})

/** Builds a router of that flavour. */
export const buildCompatibleRouter: BuildRouter = (routes, calculation = 'strict') =>
  buildIndexedRouter(compatible(calculation), routes)

/** Kong: a host's port is the Host header's, else the listener's. */
export function probeWithPort(request: RouterRequest) {
  const { name, port } = splitPort(request.host, request.port)
  return probeOf(request, name, port)
}

/** The ways into a route with classic fields: each host of it with each path. */
export function placeParts<R extends RouteRule>(
  route: R,
  { conditions, calculation }: Weighing,
): Placement<R>[] {
  const hosts = given(route.hosts)?.map((host) => readHost(host)) ?? NO_HOSTS
  const placements: Placement<R>[] = []
  for (const part of partsOf(route, calculation)) {
    if (part.rank === 0) continue
    const prefixes = part.isRegex || part.paths.length === 0 ? NO_PREFIX : part.paths
    for (const host of hosts) {
      for (const prefix of prefixes) {
        placements.push({ host, entry: entryOf(part, { prefix, port: host.port, conditions }) })
      }
    }
  }
  return placements
}

/** How a route is placed. */
interface Weighing {
  readonly conditions: Conditions | undefined
  readonly calculation: MatchCalculation
}

const NO_HOSTS = [ANY_HOST]
const NO_PREFIX = [undefined]

function entryOf<R extends RouteRule>(
  { route, rank, number, paths, isRegex }: Part<R>,
  own: Pick<Entry<R>, 'prefix' | 'port' | 'conditions'>,
): Entry<R> {
  return {
    route,
    prefix: own.prefix,
    captures: undefined,
    rank,
    port: own.port,
    conditions: own.conditions,
    regexes: isRegex ? regexesOf(route, paths) : undefined,
    expression: undefined,
    number,
    id: undefined,
  }
}

// By the list the regexes came from, so that a new router finds those of unchanged routes compiled.
const compiled = new WeakMap<readonly string[], readonly RouteRegex[]>()

function regexesOf(route: RouteRule, sources: readonly string[]): readonly RouteRegex[] {
  const key = route.paths ?? sources
  const known = compiled.get(key)
  if (known !== undefined) return known
  const regexes = sources.map((source) => lazyRouteRegex(source))
  compiled.set(key, regexes)
  return regexes
}

/** The larger id wins. */
const compareIds: CompareTies = (a, b) => {
  if (a.route === b.route && a.number === b.number) return 0
  const one = idOf(a)
  const other = idOf(b)
  return one < other ? 1 : one > other ? -1 : 0
}

/** By calculation: of `original`, `regex_priority` is in the rank. */
export const COMPARE_TIES: Readonly<Record<MatchCalculation, CompareTies>> = {
  original: compareIds,
  strict: (a, b) => compareRegexes(a, b) || compareIds(a, b),
}

function idOf<R extends RouteRule>(entry: Entry<R>): string {
  entry.id ??= tieId(entry.route.id, entry.number)
  return entry.id
}
