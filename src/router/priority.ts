import { toByteString } from '../lib/byte-string.ts'
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
  /** The top 13 bits of Kong's priority: parts are ordered by it first. */
  readonly rank: number
  /** Which part of a split route, counted from 1; 0 for a whole route. */
  readonly number: number
}

// The namespace Kong derives the ids of split routes under, so that ties end as they do there.
const SPLIT_NAMESPACE = '7f145bf9-0dce-4f91-98eb-debbce4b9f6b'
const MOST_HEADERS = 255

/** The parts of a route, in the order their first paths stand in it. */
export function partsOf<R extends RouteRule>(route: R): Part<R>[] {
  const paths = given(route.paths)
  if (paths === undefined) {
    return [{ route, paths: [], isRegex: false, rank: rankOf(route, false), number: 0 }]
  }

  const [only, second] = paths
  if (only !== undefined && second === undefined) return [wholePart(route, only)]

  const groups = new Map<number, string[]>()
  for (const path of paths) addPath(groups, path)
  return [...groups].map(([length, group], index) => {
    const isRegex = length === REGEX
    const number = groups.size === 1 ? 0 : index + 1
    return { route, paths: group, isRegex, rank: rankOf(route, isRegex), number }
  })
}

/** A route with one path, as most have, is one part. */
function wholePart<R extends RouteRule>(route: R, path: string): Part<R> {
  const isRegex = path.startsWith('~')
  const text = isRegex ? path.slice(1) : toByteString(path)
  return { route, paths: [text], isRegex, rank: rankOf(route, isRegex), number: 0 }
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

/** 3 bits of kinds set, 1 for hosts without wildcard, 8 of header names, 1 for a regex path. */
function rankOf(route: RouteRule, isRegex: boolean): number {
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
  const isPlainHost = hosts !== null && !hosts.some((host) => host.includes('*'))
  const headerCount = Math.min(headers.length, MOST_HEADERS)
  return kinds * 1024 + (isPlainHost ? 512 : 0) + headerCount * 2 + (isRegex ? 1 : 0)
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
