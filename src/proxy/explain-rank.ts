import type { MatchCalculation } from '../lib/match-calculation.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import { ALL_ONES, KINDS_PLACE, PLACES } from '../router/priority.ts'
import type { Match, RouteRule } from '../router/router.ts'

/** The rule by which one match stands before another, and what both have to show. */
export interface Advantage {
  readonly rule: string
  readonly winner: string | number
  readonly loser: string | number
}

type Matched = Match<RouteRule>

interface Rung {
  readonly rule: string
  readonly of: (match: Matched) => number
}

const KINDS = 'more kinds of conditions'
const HEADERS = 'more headers'
const PLAIN_HOSTS = 'hosts without a wildcard'
const REGEX = 'a regex path before a plain one'
const HIGHER_PRIORITY = 'a higher regex_priority'

const TRADITIONAL: readonly Rung[] = [
  { rule: KINDS, of: (match) => Math.floor(rankOf(match) / 2 ** 18) },
  {
    rule: 'kinds that weigh more (host, header, path, method, SNI)',
    of: (match) => Math.floor(rankOf(match) / 2 ** 11) % 128,
  },
  {
    rule: 'weightier hosts and paths (plain hosts, ports, regexes)',
    of: (match) => Math.floor(rankOf(match) / 2 ** 8) % 8,
  },
  { rule: HEADERS, of: (match) => rankOf(match) % 256 },
]
const EXPRESSIONS: readonly Rung[] = [
  {
    rule: 'an expression before classic fields',
    of: ({ route }) => (hasExpression(route) ? 1 : 0),
  },
  {
    rule: 'a higher priority',
    of: ({ route }) => (hasExpression(route) ? (route.priority ?? 0) : 0),
  },
]
const LONGER_PATH: Rung = {
  rule: 'a longer path',
  of: (match) => (isRegex(match) ? 0 : (match.prefix?.length ?? 0)),
}
const PATHS: readonly Rung[] = [
  {
    rule: HIGHER_PRIORITY,
    of: (match) => (isRegex(match) ? (match.route.regex_priority ?? 0) : 0),
  },
  LONGER_PATH,
]
/** What comes even before an expression. */
const ABOVE_ALL: Rung = {
  rule: 'four kinds of conditions or more, or a regex_priority of that weight',
  of: (match) => (rankOf(match) >= ALL_ONES ? 1 : 0),
}
/** From the bits of a rank, the highest first. */
const FIELDS: Readonly<Record<MatchCalculation, readonly Rung[]>> = {
  original: [
    bitsOf(PLAIN_HOSTS, PLACES.original.plainHosts, 1),
    bitsOf(REGEX, PLACES.original.regex, 1),
    bitsOf(KINDS, KINDS_PLACE, 3),
    // Their bits meet.
    bitsOf(`${HEADERS} or ${HIGHER_PRIORITY}`, 0, KINDS_PLACE),
    LONGER_PATH,
  ],
  strict: [
    bitsOf(KINDS, KINDS_PLACE, 3),
    bitsOf(PLAIN_HOSTS, PLACES.strict.plainHosts, 1),
    bitsOf(HEADERS, PLACES.strict.headers, 8),
    bitsOf(REGEX, PLACES.strict.regex, 1),
    ...PATHS,
  ],
}

/** What flavour and calculation make of routes. */
interface Ranking {
  readonly flavor: RouterFlavor
  readonly calculation?: MatchCalculation | undefined
}

function rungsOf({ flavor, calculation = 'strict' }: Ranking): readonly Rung[] {
  if (flavor === 'traditional') return [...TRADITIONAL, ...PATHS]
  const fields = FIELDS[calculation]
  if (flavor === 'traditional_compatible') return [ABOVE_ALL, ...fields]
  return [ofFields(ABOVE_ALL), ...EXPRESSIONS, ...fields.map(ofFields)]
}

/** An expression has none of what fields are ranked by. */
function ofFields({ rule, of }: Rung): Rung {
  return { rule, of: (match) => (hasExpression(match.route) ? 0 : of(match)) }
}

/** Why the first of two matches comes first. */
export function advantageOf(ranking: Ranking, winner: Matched, loser: Matched): Advantage {
  for (const { rule, of } of rungsOf(ranking)) {
    const [one, other] = [of(winner), of(loser)]
    if (one !== other) return { rule, winner: one, loser: other }
  }
  return tieOf(ranking.flavor, winner.route, loser.route)
}

function tieOf(flavor: RouterFlavor, winner: RouteRule, loser: RouteRule): Advantage {
  const ids = { winner: winner.id, loser: loser.id }
  // Of a route that is split by its paths, the id of the part counts.
  if (flavor !== 'traditional') return { rule: 'the larger id, all else being equal', ...ids }
  const [one, other] = [winner.created_at ?? 0, loser.created_at ?? 0]
  if (one !== other) return { rule: 'the older route', winner: one, loser: other }
  return { rule: 'the smaller id, all else being equal', ...ids }
}

function hasExpression({ expression }: RouteRule): boolean {
  return typeof expression === 'string'
}

function isRegex({ captures }: Matched): boolean {
  return captures !== undefined
}

/** So many bits of a rank. */
function bitsOf(rule: string, from: number, count: number): Rung {
  return { rule, of: (match) => Math.floor(rankOf(match) / 2 ** from) % 2 ** count }
}

function rankOf({ rank = 0 }: Matched): number {
  return rank
}
