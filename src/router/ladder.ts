import { better, type CompareTies, type Entry, firstToFit, type Probe } from './entry.ts'
import { climbPrefixes, type PrefixMap } from './prefix-map.ts'
import type { RouteRule } from './router.ts'

/** All entries of one host: a few in order, the first to fit wins; or many, by prefix. */
export type Ladder<R> = readonly Entry<R>[] | PrefixMap<R>

/** The better of an entry and the ladder's own best. */
export function climb<R extends RouteRule>(
  ladder: Ladder<R>,
  probe: Probe,
  best: Entry<R> | undefined,
  compareTies: CompareTies,
): Entry<R> | undefined {
  const found = isFew(ladder)
    ? firstToFit(ladder, probe, best?.rank ?? 0)
    : climbPrefixes(ladder, probe, best?.rank ?? 0, compareTies)
  return found === undefined ? best : better(best, found, compareTies)
}

/** Whether a ladder's entries stand in one list. Array.isArray alone does not narrow readonly arrays. */
export function isFew<R>(ladder: Ladder<R>): ladder is readonly Entry<R>[] {
  return Array.isArray(ladder)
}
