import { areMet, type Conditions } from './conditions.ts'
import { tieId } from './priority.ts'
import type { RouteRegex } from './regex.ts'
import type { Match, RouteRule, RouterRequest } from './router.ts'

/** One way into a route: a host of it with a path of it. Is its own match, so a hit makes no object. */
export interface Entry<R> extends Match<R> {
  readonly captures: undefined
  /** The port the host names; 0 for any. */
  readonly port: number
  readonly conditions: Conditions | undefined
  /** All regexes of the part; then there is no prefix. */
  readonly regexes: readonly RouteRegex[] | undefined
  readonly number: number
  /** The id that decides ties, once it was asked for: a part's costs a hash. */
  id: string | undefined
}

/** A request, its Host header taken apart. */
export interface Probe {
  readonly request: RouterRequest
  readonly path: string
  /** The path as text, which regexes are asked with. */
  readonly text: string
  readonly host: string
  readonly port: number
}

/** Whether all but host name and path of an entry fit. */
export function isOpen<R>(entry: Entry<R>, probe: Probe): boolean {
  if (entry.port !== 0 && entry.port !== probe.port) return false
  return entry.conditions === undefined || areMet(entry.conditions, probe.request)
}

/** Orders entries of one rank, the winner first: regex priority, length of the path, id. */
export function compareEntries<R extends RouteRule>(a: Entry<R>, b: Entry<R>): number {
  return (
    regexPriority(b) - regexPriority(a) ||
    (b.prefix?.length ?? 0) - (a.prefix?.length ?? 0) ||
    compareIds(a, b)
  )
}

/** The larger id first. */
export function compareIds<R extends RouteRule>(a: Entry<R>, b: Entry<R>): number {
  if (a.route === b.route && a.number === b.number) return 0
  const one = idOf(a)
  const other = idOf(b)
  return one < other ? 1 : one > other ? -1 : 0
}

function idOf<R extends RouteRule>(entry: Entry<R>): string {
  entry.id ??= tieId(entry.route.id, entry.number)
  return entry.id
}

function regexPriority<R extends RouteRule>(entry: Entry<R>): number {
  return entry.regexes === undefined ? 0 : (entry.route.regex_priority ?? 0)
}
