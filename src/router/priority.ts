import { toByteString } from '../lib/byte-string.ts'
import type { MatchCalculation } from '../lib/match-calculation.ts'
import { uuidV5 } from '../lib/uuid.ts'
import { given } from './conditions.ts'
import type { RouteRule } from './router.ts'

/**
 * A route, or the part of it that has one priority. Kong splits a route with paths of several kinds:
 * one part for all its regex paths, one for each length of plain paths.
 */
export interface Part<R> {
  readonly route: R
  /** Plain prefixes of one length, one char per byte, or regexes without their `~`; none without paths. */
  readonly paths: readonly string[]
  readonly isRegex: boolean
  /** What parts are ordered by first, as `PLACES` tells; 0 for one that asks for nothing. */
  readonly rank: number
  /** Which part of a split route, counted from 1; 0 for a whole route. */
  readonly number: number
}

// The namespace Kong derives the ids of split routes under, so that ties end as they do there.
const SPLIT_NAMESPACE = '7f145bf9-0dce-4f91-98eb-debbce4b9f6b'
const MOST_HEADERS = 255

/** Where in a rank a calculation puts what is weighed, as shifts; kinds stand at `KINDS_PLACE` in all. */
interface Places {
  readonly plainHosts: number
  readonly headers: number
  readonly regex: number
  /** What of a regex's priority comes in at the low end, as a mask. */
  readonly regexPriority: number
  /** The bit, as a mask, that sets all above it. */
  readonly sign: number
}

/**
 * Kong draws a priority of 64 bits: kinds, plain hosts, header names, regex, then 32 for
 * `regex_priority` and 19 for a plain path's length. `strict` is the 13 in front; by the others entries
 * are compared themselves. `original` is what Kong 3.9 computes: its `lshift_uint64` moves Lua's numbers
 * in 32 bits, by so many modulo 32. So kinds, header names and `regex_priority` meet in the 13 above the
 * length, their sign goes over all before, and only plain hosts and regex stand there.
 */
export const PLACES: Readonly<Record<MatchCalculation, Places>> = {
  original: { plainHosts: 14, headers: 1, regex: 13, regexPriority: 0x1fff, sign: 0x1000 },
  strict: { plainHosts: 9, headers: 1, regex: 0, regexPriority: 0, sign: 0 },
}
export const KINDS_PLACE = 10
const UNDER_SIGN = 0x1fff

/** Added where a sign set all bits above: more than any other rank, an expression's too. */
export const ALL_ONES = 2 ** 47

/** The parts of a route, in the order their first paths stand in it. */
export function partsOf<R extends RouteRule>(route: R, calculation: MatchCalculation): Part<R>[] {
  const places = PLACES[calculation]
  const paths = given(route.paths)
  if (paths === undefined) {
    return [{ route, paths: [], isRegex: false, rank: rankOf(route, false, places), number: 0 }]
  }

  const [only, second] = paths
  if (only !== undefined && second === undefined) return [wholePart(route, only, places)]

  const groups = new Map<number, string[]>()
  for (const path of paths) addPath(groups, path)
  return [...groups].map(([length, group], index) => {
    const isRegex = length === REGEX
    const number = groups.size === 1 ? 0 : index + 1
    return { route, paths: group, isRegex, rank: rankOf(route, isRegex, places), number }
  })
}

/** A route with one path, as most have, is one part. */
function wholePart<R extends RouteRule>(route: R, path: string, places: Places): Part<R> {
  const isRegex = path.startsWith('~')
  const text = isRegex ? path.slice(1) : toByteString(path)
  return { route, paths: [text], isRegex, rank: rankOf(route, isRegex, places), number: 0 }
}

/** Stands for a length where regexes are grouped, as no plain path has none. */
const REGEX = -1

function addPath(groups: Map<number, string[]>, path: string): void {
  const isRegex = path.startsWith('~')
  const text = isRegex ? path.slice(1) : toByteString(path)
  const key = isRegex ? REGEX : text.length
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [text])
  else group.push(text)
}

function rankOf(route: RouteRule, isRegex: boolean, at: Places): number {
  const { methods, hosts, paths, snis, sources, destinations } = route
  const headers = Object.keys(route.headers ?? NOTHING)
  const kinds =
    one(methods) +
    one(hosts) +
    one(paths) +
    one(snis) +
    one(headers) +
    one(sources) +
    one(destinations)
  // A route that asks for nothing, which validation refuses, must not catch everything.
  if (kinds === 0) return 0
  const isPlainHost = hosts !== null && !hosts.some((host) => host.includes('*'))
  const headerCount = Math.min(headers.length, MOST_HEADERS)
  const priority = isRegex ? (route.regex_priority ?? 0) & at.regexPriority : 0
  const low = (kinds << KINDS_PLACE) | (headerCount << at.headers) | priority
  if ((low & at.sign) !== 0) return ALL_ONES + (low & UNDER_SIGN)
  return low | (isPlainHost ? 1 << at.plainHosts : 0) | (isRegex ? 1 << at.regex : 0)
}

const NOTHING = {}

/** 1 for a list with anything in it. */
function one(list: readonly unknown[] | null | undefined): number {
  return list !== null && list !== undefined && list.length > 0 ? 1 : 0
}

/** What decides between parts of the same priority: the larger id wins; a part's is derived. */
export function tieId(routeId: string, number: number): string {
  return number === 0 ? routeId.toLowerCase() : uuidV5(SPLIT_NAMESPACE, `${routeId}#${number}`)
}
