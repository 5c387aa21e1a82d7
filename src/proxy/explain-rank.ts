import type { RouterFlavor } from '../lib/router-flavor.ts'
import { partsOf } from '../router/priority.ts'
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

/** From the bits of a rank, the highest first. */
const COMPATIBLE: readonly Rung[] = [
  { rule: KINDS, of: (match) => Math.floor(compatibleRank(match) / 1024) },
  { rule: 'hosts without a wildcard', of: (match) => (compatibleRank(match) >> 9) & 1 },
  { rule: HEADERS, of: (match) => (compatibleRank(match) >> 1) & 255 },
  { rule: 'a regex path before a plain one', of: (match) => compatibleRank(match) & 1 },
]
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
const PATHS: readonly Rung[] = [
  {
    rule: 'a higher regex_priority',
    of: (match) => (isRegex(match) ? (match.route.regex_priority ?? 0) : 0),
  },
  {
    rule: 'a longer path',
    of: (match) => (isRegex(match) ? 0 : (match.prefix?.length ?? 0)),
  },
]
/** An expression has none of what fields are ranked by. */
const FIELDS_ALONE = [...COMPATIBLE, ...PATHS].map(
  ({ rule, of }): Rung => ({ rule, of: (match) => (hasExpression(match.route) ? 0 : of(match)) }),
)

const RUNGS: Readonly<Record<RouterFlavor, readonly Rung[]>> = {
  traditional: [...TRADITIONAL, ...PATHS],
  traditional_compatible: [...COMPATIBLE, ...PATHS],
  expressions: [...EXPRESSIONS, ...FIELDS_ALONE],
}

/** Why the first of two matches comes first. */
export function advantageOf(flavor: RouterFlavor, winner: Matched, loser: Matched): Advantage {
  for (const { rule, of } of RUNGS[flavor]) {
    const [one, other] = [of(winner), of(loser)]
    if (one !== other) return { rule, winner: one, loser: other }
  }
  return tieOf(flavor, winner.route, loser.route)
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

/** The rank of the part that matched. */
function compatibleRank(match: Matched): number {
  const parts = partsOf(match.route)
  const length = match.prefix?.length
  const part = parts.find(({ isRegex: ofRegexes, paths }) =>
    isRegex(match) ? ofRegexes : !ofRegexes && paths[0]?.length === length,
  )
  return part?.rank ?? 0
}

function rankOf({ rank = 0 }: Matched): number {
  return rank
}
