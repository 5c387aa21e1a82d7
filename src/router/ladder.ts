import { compareEntries, type Entry, fits, type Probe } from './entry.ts'
import { findByPath, indexPaths, type PathIndex } from './path-index.ts'
import type { RouteRule } from './router.ts'

/** All entries of one host: a few in order, or many by rank and path. The first to fit wins. */
export type Ladder<R> = readonly Entry<R>[] | Steps<R>

interface Steps<R> {
  /** Highest rank first. */
  readonly steps: readonly { readonly rank: number; readonly index: PathIndex<R> }[]
}

/** Up to so many entries are looked through one by one, which is as fast and much smaller. */
const FEW = 8

/** Orders the entries of a host; sorts the list it is given. */
export function buildLadder<R extends RouteRule>(entries: Entry<R>[]): Ladder<R> {
  if (entries.length > 1) entries.sort(compareEntries)
  if (entries.length <= FEW) return entries

  const byRank = new Map<number, Entry<R>[]>()
  for (const entry of entries) {
    const same = byRank.get(entry.rank)
    if (same === undefined) byRank.set(entry.rank, [entry])
    else same.push(entry)
  }
  return { steps: [...byRank].map(([rank, same]) => ({ rank, index: indexPaths(same) })) }
}

/** The first entry to fit, unless it stands below a rank already reached. */
export function climb<R extends RouteRule>(
  ladder: Ladder<R>,
  probe: Probe,
  leastRank: number,
): Entry<R> | undefined {
  if (!('steps' in ladder)) {
    for (const entry of ladder) {
      if (entry.rank < leastRank) return undefined
      if (fits(entry, probe)) return entry
    }
    return undefined
  }
  for (const { rank, index } of ladder.steps) {
    if (rank < leastRank) return undefined
    const found = findByPath(index, probe)
    if (found !== undefined) return found
  }
  return undefined
}
