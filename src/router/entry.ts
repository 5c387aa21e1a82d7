import { fromByteString } from '../lib/byte-string.ts'
import type { RouteRegex } from '../lib/regex.ts'
import { areMet, type Conditions } from './conditions.ts'
import type { Test } from './expressions/subject.ts'
import type { Match, RouteRule, RouterRequest } from './router.ts'

/** One way into a route: a host of it with a path of it. Is its own match, so a hit makes no object. */
export interface Entry<R> extends Match<R> {
  readonly captures: undefined
  /** Entries are ordered by it first, then as `compareEntries` does. */
  readonly rank: number
  /** The port the host names; 0 for any. */
  readonly port: number
  readonly conditions: Conditions | undefined
  /** All regexes of the part; then there is no prefix. */
  readonly regexes: readonly RouteRegex[] | undefined
  /** All that an expression asks; then there is neither prefix nor regex. */
  readonly expression: ExpressionTest | undefined
  /** Which part of a split route, counted from 1, 0 for a whole route; in `traditional` which path, from 0. */
  readonly number: number
  /** The id that decides ties, once it was asked for: a part's costs a hash. */
  id: string | undefined
}

/** A compiled expression, and what paths that fulfil it start with. */
export interface ExpressionTest {
  readonly prefixes: readonly string[]
  /** What the path must start with, where that is all that is asked of it. */
  readonly prefix: string | undefined
  /** What else is asked. */
  readonly test: Test<Probe> | undefined
}

/** A request, its Host header taken apart. */
export interface Probe {
  readonly request: RouterRequest
  readonly path: string
  readonly host: string
  readonly port: number
  /** The path as text, once a regex was asked. */
  text: string | undefined
  /** The parts of the path and the query's values, once an expression asked. */
  segments: readonly string[] | undefined
  queries: ReadonlyMap<string, readonly string[]> | undefined
}

/** Makes the probe of a request whose host and port were read the flavour's way. */
export function probeOf(request: RouterRequest, host: string, port: number): Probe {
  const { path } = request
  return { request, path, host, port, text: undefined, segments: undefined, queries: undefined }
}

/** What makes an order of entries that nothing else tells apart: negative when `a` wins. */
export type CompareTies = <R extends RouteRule>(a: Entry<R>, b: Entry<R>) => number

/** Whether all but the host's name fits. */
export function fits<R>(entry: Entry<R>, probe: Probe): boolean {
  if (entry.prefix !== undefined && !probe.path.startsWith(entry.prefix)) return false
  if (entry.port !== 0 && entry.port !== probe.port) return false
  if (entry.conditions !== undefined && !areMet(entry.conditions, probe.request, probe.port)) {
    return false
  }
  if (entry.expression !== undefined) return isFulfilled(entry.expression, probe)
  return entry.regexes === undefined || fitsSome(entry.regexes, probe)
}

/** The first of sorted entries that fits, none below a rank already reached. */
export function firstToFit<R>(
  sorted: readonly Entry<R>[],
  probe: Probe,
  leastRank: number,
): Entry<R> | undefined {
  for (const entry of sorted) {
    if (entry.rank < leastRank) return undefined
    if (fits(entry, probe)) return entry
  }
  return undefined
}

function isFulfilled({ prefix, test }: ExpressionTest, probe: Probe): boolean {
  if (prefix !== undefined && !probe.path.startsWith(prefix)) return false
  return test === undefined || test(probe)
}

function fitsSome(regexes: readonly RouteRegex[], probe: Probe): boolean {
  const text = textOf(probe)
  return regexes.some((regex) => regex.test(text))
}

/** The path as regexes read it. */
export function textOf(probe: Probe): string {
  probe.text ??= fromByteString(probe.path)
  return probe.text
}

/** What of paths an entry can be found by. A regex is found by the literal it starts with. */
export function prefixesOf<R>(entry: Entry<R>): Iterable<string> {
  if (entry.expression !== undefined) return entry.expression.prefixes
  if (entry.regexes === undefined) return [entry.prefix ?? '']
  return new Set(entry.regexes.map((regex) => regex.literalPrefix))
}

/** The one of two entries that wins. */
export function better<R extends RouteRule>(
  a: Entry<R> | undefined,
  b: Entry<R> | undefined,
  compareTies: CompareTies,
): Entry<R> | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const order =
    b.rank - a.rank || (b.prefix?.length ?? 0) - (a.prefix?.length ?? 0) || compareTies(a, b)
  return order <= 0 ? a : b
}

/**
 * Sorts entries so that the first to fit wins. Equal paths stand together, and only among those are
 * ties looked at: of two others of one length, at most one fits.
 */
export function compareEntries<R extends RouteRule>(
  a: Entry<R>,
  b: Entry<R>,
  compareTies: CompareTies,
): number {
  const order = b.rank - a.rank
  if (order !== 0) return order
  const one = a.prefix ?? ''
  const other = b.prefix ?? ''
  if (one.length !== other.length) return other.length - one.length
  if (one !== other) return one < other ? -1 : 1
  return compareTies(a, b)
}

/** Between regexes the higher `regex_priority` wins. */
export const compareRegexes: CompareTies = (a, b) => regexPriority(b) - regexPriority(a)

function regexPriority<R extends RouteRule>(entry: Entry<R>): number {
  return entry.regexes === undefined ? 0 : (entry.route.regex_priority ?? 0)
}
