import type { RouteRegex } from '../lib/regex.ts'
import { fromByteString } from './byte-string.ts'
import { areMet, type Conditions } from './conditions.ts'
import { tieId } from './priority.ts'
import type { Match, RouteRule, RouterRequest } from './router.ts'

/** One way into a route: a host of it with a path of it. Is its own match, so a hit makes no object. */
export interface Entry<R> extends Match<R> {
  readonly captures: undefined
  readonly rank: number
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
  readonly host: string
  readonly port: number
  /** The path as text, once a regex was asked. */
  text: string | undefined
}

/** Whether all but the host's name fits. */
export function fits<R>(entry: Entry<R>, probe: Probe): boolean {
  if (entry.prefix !== undefined && !probe.path.startsWith(entry.prefix)) return false
  if (!isOpen(entry, probe)) return false
  return entry.regexes === undefined || fitsSome(entry.regexes, probe)
}

/** Whether all but host name and path fits. */
export function isOpen<R>(entry: Entry<R>, probe: Probe): boolean {
  if (entry.port !== 0 && entry.port !== probe.port) return false
  return entry.conditions === undefined || areMet(entry.conditions, probe.request)
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

/** The one of two entries that wins. */
export function better<R extends RouteRule>(
  a: Entry<R> | undefined,
  b: Entry<R> | undefined,
): Entry<R> | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const order =
    b.rank - a.rank ||
    regexPriority(b) - regexPriority(a) ||
    (b.prefix?.length ?? 0) - (a.prefix?.length ?? 0) ||
    compareIds(a, b)
  return order <= 0 ? a : b
}

/**
 * Sorts entries so that the first to fit wins. Equal paths stand together, and only among those are
 * ids compared: of two others of one length, at most one fits.
 */
export function compareEntries<R extends RouteRule>(a: Entry<R>, b: Entry<R>): number {
  const order = b.rank - a.rank || regexPriority(b) - regexPriority(a)
  if (order !== 0) return order
  const one = a.prefix ?? ''
  const other = b.prefix ?? ''
  if (one.length !== other.length) return other.length - one.length
  if (one !== other) return one < other ? -1 : 1
  return compareIds(a, b)
}

function compareIds<R extends RouteRule>(a: Entry<R>, b: Entry<R>): number {
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
