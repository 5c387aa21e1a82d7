import { better, type CompareTies, type Entry, firstToFit, fits, type Probe } from './entry.ts'
import { climbPrefixes, type PrefixMap } from './prefix-map.ts'
import type { RouteRule } from './router.ts'

/**
 * All entries of one host: the only one, as it is in most large configurations, and so spares each
 * request a list; a few in order, the first to fit wins; or many, by prefix.
 */
export type Ladder<R> = Entry<R> | readonly Entry<R>[] | PrefixMap<R>

/** The better of an entry and the ladder's own best. */
export function climb<R extends RouteRule>(
  ladder: Ladder<R>,
  probe: Probe,
  best: Entry<R> | undefined,
  compareTies: CompareTies,
): Entry<R> | undefined {
  const found = bestOf(ladder, probe, best?.rank ?? 0, compareTies)
  return found === undefined ? best : better(best, found, compareTies)
}

function bestOf<R extends RouteRule>(
  ladder: Ladder<R>,
  probe: Probe,
  leastRank: number,
  compareTies: CompareTies,
): Entry<R> | undefined {
  if (isOne(ladder)) return ladder.rank >= leastRank && fits(ladder, probe) ? ladder : undefined
  if (isFew(ladder)) return firstToFit(ladder, probe, leastRank)
  return climbPrefixes(ladder, probe, leastRank, compareTies)
}

/** Whether a ladder is one entry. */
export function isOne<R>(ladder: Ladder<R>): ladder is Entry<R> {
  return 'rank' in ladder
}

/** Whether a ladder's entries stand in one list. Array.isArray alone does not narrow readonly arrays. */
export function isFew<R>(ladder: Ladder<R>): ladder is readonly Entry<R>[] {
  return Array.isArray(ladder)
}
