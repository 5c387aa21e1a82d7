import type { Probe } from './entry.ts'
import { better, type Entry, fits } from './entry.ts'
import type { RouteRule } from './router.ts'

/** Entries of one rank and one host, made to find the one that wins for a path. */
export interface PathIndex<R> {
  /** Whether the longest prefix wins; among regexes it only leads to those that may match. */
  readonly longestWins: boolean
  /** The lengths of the prefixes, longest first. */
  readonly lengths: readonly number[]
  /** In each list the first to fit wins. */
  readonly byPrefix: ReadonlyMap<string, readonly Entry<R>[]>
}

/** Indexes sorted entries; all of them have regexes or none has. */
export function indexPaths<R>(sorted: readonly Entry<R>[]): PathIndex<R> {
  const byPrefix = new Map<string, Entry<R>[]>()
  const lengths = new Set<number>()
  for (const entry of sorted) {
    for (const prefix of prefixesOf(entry)) {
      lengths.add(prefix.length)
      const same = byPrefix.get(prefix)
      if (same === undefined) byPrefix.set(prefix, [entry])
      else same.push(entry)
    }
  }
  return {
    longestWins: sorted[0]?.regexes === undefined,
    lengths: [...lengths].sort((a, b) => b - a),
    byPrefix,
  }
}

function prefixesOf<R>(entry: Entry<R>): Iterable<string> {
  if (entry.regexes === undefined) return [entry.prefix ?? '']
  return new Set(entry.regexes.map((regex) => regex.literalPrefix))
}

/** The entry that wins among those that fit. */
export function findByPath<R extends RouteRule>(
  index: PathIndex<R>,
  probe: Probe,
): Entry<R> | undefined {
  const { path } = probe
  let best: Entry<R> | undefined
  for (const length of index.lengths) {
    if (length > path.length) continue
    const entries = index.byPrefix.get(length === path.length ? path : path.slice(0, length))
    if (entries === undefined) continue
    best = better(best, findFirst(entries, probe))
    if (best !== undefined && index.longestWins) return best
  }
  return best
}

/** The first of sorted entries to fit. */
export function findFirst<R>(entries: readonly Entry<R>[], probe: Probe): Entry<R> | undefined {
  for (const entry of entries) {
    if (fits(entry, probe)) return entry
  }
  return undefined
}
