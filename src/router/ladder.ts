import { better, compareEntries, type Entry, fits, type Probe } from './entry.ts'
import type { RouteRule } from './router.ts'

/** All entries of one host: a few in order, the first to fit wins; or many, by prefix. */
export type Ladder<R> = readonly Entry<R>[] | PrefixMap<R>

interface PrefixMap<R> {
  /** Longest first. */
  readonly rungs: readonly Rung[]
  /** In each list the first to fit wins. */
  readonly byPrefix: ReadonlyMap<string, readonly Entry<R>[]>
}

/** The prefixes of one length. */
interface Rung {
  readonly length: number
  readonly topRank: number
  /** A bit for each last char there is, modulo 32: most paths need no look-up at most lengths. */
  readonly lastChars: number
}

/** Up to so many entries are looked through one by one, which is as fast and much smaller. */
const FEW = 8

/** Orders the entries of a host; sorts the list it is given. */
export function buildLadder<R extends RouteRule>(entries: Entry<R>[]): Ladder<R> {
  if (entries.length > 1) entries.sort(compareEntries)
  return entries.length <= FEW ? entries : mapPrefixes(entries)
}

function mapPrefixes<R>(sorted: readonly Entry<R>[]): PrefixMap<R> {
  const byPrefix = new Map<string, Entry<R>[]>()
  const rungs = new Map<number, Rung>()
  for (const entry of sorted) {
    for (const prefix of prefixesOf(entry)) {
      const same = byPrefix.get(prefix)
      if (same === undefined) {
        byPrefix.set(prefix, [entry])
        rungs.set(prefix.length, widened(rungs.get(prefix.length), prefix, entry.rank))
      } else same.push(entry)
    }
  }
  return { rungs: [...rungs.values()].sort((a, b) => b.length - a.length), byPrefix }
}

/** A regex is found by the literal it starts with. */
function prefixesOf<R>(entry: Entry<R>): Iterable<string> {
  if (entry.regexes === undefined) return [entry.prefix ?? '']
  return new Set(entry.regexes.map((regex) => regex.literalPrefix))
}

// Entries come highest rank first, so the first of a prefix and of a length has the top rank.
function widened(rung: Rung | undefined, prefix: string, rank: number): Rung {
  const lastChars = (rung?.lastChars ?? 0) | lastCharBit(prefix, prefix.length)
  return { length: prefix.length, topRank: rung?.topRank ?? rank, lastChars }
}

function lastCharBit(path: string, length: number): number {
  return length === 0 ? 1 : 1 << (path.charCodeAt(length - 1) & 31)
}

/** The entry that wins, unless it stands below a rank already reached. */
export function climb<R extends RouteRule>(
  ladder: Ladder<R>,
  probe: Probe,
  leastRank: number,
): Entry<R> | undefined {
  return isFew(ladder)
    ? firstToFit(ladder, probe, leastRank)
    : climbPrefixes(ladder, probe, leastRank)
}

function climbPrefixes<R extends RouteRule>(
  { rungs, byPrefix }: PrefixMap<R>,
  probe: Probe,
  leastRank: number,
): Entry<R> | undefined {
  const { path } = probe
  let best: Entry<R> | undefined
  for (const { length, topRank, lastChars } of rungs) {
    if (length > path.length || (lastChars & lastCharBit(path, length)) === 0) continue
    if (topRank < leastRank || (best !== undefined && isBeyond(best, topRank))) continue
    const entries = byPrefix.get(length === path.length ? path : path.slice(0, length))
    if (entries === undefined) continue
    best = better(best, firstToFit(entries, probe, best?.rank ?? leastRank))
  }
  return best
}

/** Whether no shorter prefix of such a rank can win. Among regexes length counts for nothing. */
function isBeyond<R>(best: Entry<R>, rank: number): boolean {
  return best.rank > rank || (best.rank === rank && best.regexes === undefined)
}

function firstToFit<R>(
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

// Array.isArray alone does not narrow readonly arrays.
function isFew<R>(ladder: Ladder<R>): ladder is readonly Entry<R>[] {
  return Array.isArray(ladder)
}
