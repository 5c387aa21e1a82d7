import { compareEntries, compareIds, type Entry, isOpen, type Probe } from './entry.ts'
import type { RouteRule } from './router.ts'

/** Entries of one rank and one host, made to find the first that fits a path. */
export type PathIndex<R> = readonly Entry<R>[] | PrefixMap<R>

interface PrefixMap<R> {
  /** The lengths of the prefixes, longest first. */
  readonly lengths: readonly number[]
  readonly byPrefix: ReadonlyMap<string, readonly Entry<R>[]>
}

/** Up to so many entries are looked through one by one, which is as fast and much smaller. */
const FEW = 8

/** Indexes entries; all of them have regexes or none has. */
export function indexPaths<R extends RouteRule>(entries: Entry<R>[]): PathIndex<R> {
  const isRegex = entries[0]?.regexes !== undefined
  if (entries.length > 1) entries.sort(isRegex ? compareEntries : compareByPrefix)
  return isRegex || entries.length <= FEW ? entries : mapPrefixes(entries)
}

/** Longest first, then equal ones together, so that ids are compared only where they decide. */
function compareByPrefix<R extends RouteRule>(a: Entry<R>, b: Entry<R>): number {
  const one = a.prefix ?? ''
  const other = b.prefix ?? ''
  if (one.length !== other.length) return other.length - one.length
  if (one !== other) return one < other ? -1 : 1
  return compareIds(a, b)
}

function mapPrefixes<R>(sorted: readonly Entry<R>[]): PrefixMap<R> {
  const byPrefix = new Map<string, Entry<R>[]>()
  const lengths: number[] = []
  for (const entry of sorted) {
    const prefix = entry.prefix ?? ''
    if (lengths.at(-1) !== prefix.length) lengths.push(prefix.length)
    const same = byPrefix.get(prefix)
    if (same === undefined) byPrefix.set(prefix, [entry])
    else same.push(entry)
  }
  return { lengths, byPrefix }
}

/** The entry that wins among those that fit. */
export function findByPath<R>(index: PathIndex<R>, probe: Probe): Entry<R> | undefined {
  return isList(index) ? findInList(index, probe) : findInMap(index, probe)
}

// Array.isArray alone does not narrow readonly arrays.
function isList<R>(index: PathIndex<R>): index is readonly Entry<R>[] {
  return Array.isArray(index)
}

function findInList<R>(entries: readonly Entry<R>[], probe: Probe): Entry<R> | undefined {
  for (const entry of entries) {
    if (fitsPath(entry, probe) && isOpen(entry, probe)) return entry
  }
  return undefined
}

function fitsPath<R>(entry: Entry<R>, probe: Probe): boolean {
  if (entry.prefix !== undefined) return probe.path.startsWith(entry.prefix)
  return entry.regexes === undefined || entry.regexes.some((regex) => regex.test(probe.text))
}

function findInMap<R>(index: PrefixMap<R>, probe: Probe): Entry<R> | undefined {
  const { path } = probe
  for (const length of index.lengths) {
    if (length > path.length) continue
    const entries = index.byPrefix.get(length === path.length ? path : path.slice(0, length))
    if (entries === undefined) continue
    for (const entry of entries) {
      if (isOpen(entry, probe)) return entry
    }
  }
  return undefined
}
