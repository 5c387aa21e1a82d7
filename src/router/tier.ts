import { compareEntries, type Entry, type Probe } from './entry.ts'
import { findByPath, indexPaths, type PathIndex } from './path-index.ts'
import type { RouteRule } from './router.ts'

/** Where an entry waits for its host. */
export type HostKind = 'exact' | 'suffix' | 'prefix' | 'any'

/** All entries of one rank. Among tiers the higher rank wins, so inside one only order by path is left. */
export interface Tier<R> {
  readonly rank: number
  readonly exact: ReadonlyMap<string, PathIndex<R>>
  /** `*.x` by `.x`, and `x.*` by `x.`; undefined when there are none. */
  readonly suffix: ReadonlyMap<string, PathIndex<R>> | undefined
  readonly prefix: ReadonlyMap<string, PathIndex<R>> | undefined
  /** Entries that take every host. */
  readonly any: PathIndex<R> | undefined
}

/** Collects the entries of one rank until they are indexed. */
export interface TierBuilder<R> {
  add(kind: HostKind, name: string, entry: Entry<R>): void
  build(): Tier<R>
}

/** Starts an empty tier. */
export function tierBuilder<R extends RouteRule>(rank: number): TierBuilder<R> {
  const lists: Record<HostKind, Map<string, Entry<R>[]>> = {
    exact: new Map(),
    suffix: new Map(),
    prefix: new Map(),
    any: new Map(),
  }

  return {
    add(kind, name, entry) {
      const byName = lists[kind]
      const list = byName.get(name)
      if (list === undefined) byName.set(name, [entry])
      else list.push(entry)
    },
    build() {
      const { exact, suffix, prefix, any } = lists
      return {
        rank,
        exact: indexAll(exact),
        suffix: suffix.size === 0 ? undefined : indexAll(suffix),
        prefix: prefix.size === 0 ? undefined : indexAll(prefix),
        any: indexAll(any).get(''),
      }
    },
  }
}

/** Puts each list's index in its place: a map of its own would double the memory of the build. */
function indexAll<R extends RouteRule>(lists: Map<string, Entry<R>[]>): Map<string, PathIndex<R>> {
  const indexes: Map<string, PathIndex<R>> = lists
  for (const [name, entries] of lists) indexes.set(name, indexPaths(entries))
  return indexes
}

/** The entry of this tier that wins; every host that fits has its say. */
export function findInTier<R extends RouteRule>(tier: Tier<R>, probe: Probe): Entry<R> | undefined {
  const exact = tier.exact.get(probe.host)
  let best = exact === undefined ? undefined : findByPath(exact, probe)
  if (tier.suffix !== undefined || tier.prefix !== undefined) {
    best = better(best, findByWildcard(tier, probe))
  }
  return tier.any === undefined ? best : better(best, findByPath(tier.any, probe))
}

/** A wildcard stands beside a dot, and for one char at least. */
function findByWildcard<R extends RouteRule>(tier: Tier<R>, probe: Probe): Entry<R> | undefined {
  const { host } = probe
  let best: Entry<R> | undefined
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    const suffix = dot === 0 ? undefined : tier.suffix?.get(host.slice(dot))
    if (suffix !== undefined) best = better(best, findByPath(suffix, probe))
    const prefix = dot === host.length - 1 ? undefined : tier.prefix?.get(host.slice(0, dot + 1))
    if (prefix !== undefined) best = better(best, findByPath(prefix, probe))
  }
  return best
}

function better<R extends RouteRule>(
  a: Entry<R> | undefined,
  b: Entry<R> | undefined,
): Entry<R> | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return compareEntries(a, b) <= 0 ? a : b
}
