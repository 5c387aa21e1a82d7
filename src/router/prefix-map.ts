import { better, type CompareTies, type Entry, firstToFit, type Probe } from './entry.ts'
import type { RouteRule } from './router.ts'
import { hashEnd, hashStart, hashStep, lookUp, type StringTable } from './string-table.ts'

/** The many entries of one host, by what their paths start with. */
export interface PrefixMap<R> {
  /** The lengths of the prefixes there are, shortest first. */
  readonly lengths: readonly number[]
  /** No entry of that length has a higher rank; one that had may be gone. */
  readonly topRanks: readonly number[]
  /** How many prefixes have that length. */
  readonly counts: readonly number[]
  /** In each list the first to fit wins. */
  readonly byPrefix: StringTable<readonly Entry<R>[]>
}

/** The entry that wins, unless it stands below a rank already reached. */
export function climbPrefixes<R extends RouteRule>(
  { lengths, topRanks, byPrefix }: PrefixMap<R>,
  probe: Probe,
  leastRank: number,
  compareTies: CompareTies,
): Entry<R> | undefined {
  const { path } = probe
  const { tags } = byPrefix
  const mask = tags.length - 1
  let best: Entry<R> | undefined
  for (let i = hashPrefixes(path, lengths) - 1; i >= 0; i--) {
    const hash = hashes[i] ?? 0
    // Most lengths end here, and most of those that do not at their tag.
    if (tags[hash & mask] === 0) continue
    const topRank = topRanks[i] ?? 0
    if (topRank < leastRank || (best !== undefined && isBeyond(best, topRank))) continue
    const entries = lookUp(byPrefix, hash, path, 0, lengths[i] ?? 0)
    if (entries === undefined) continue
    best = better(best, firstToFit(entries, probe, best?.rank ?? leastRank), compareTies)
  }
  return best
}

// Matching never waits, so one array serves all requests.
let hashes = new Int32Array(64)

/** Hashes the path up to each length, in one walk; how many of the lengths it has. */
function hashPrefixes(path: string, lengths: readonly number[]): number {
  if (hashes.length < lengths.length) hashes = new Int32Array(lengths.length * 2)
  let hash = hashStart
  let at = 0
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] ?? 0
    if (length > path.length) return i
    for (; at < length; at++) hash = hashStep(hash, path.charCodeAt(at))
    hashes[i] = hashEnd(hash)
  }
  return lengths.length
}

/** Whether no shorter prefix of such a rank can win. Only among plain paths does length count. */
function isBeyond<R>(best: Entry<R>, rank: number): boolean {
  return best.rank > rank || (best.rank === rank && best.prefix !== undefined)
}
