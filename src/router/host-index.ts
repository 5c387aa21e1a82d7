import { toByteString } from './byte-string.ts'
import { better, type Entry, type Probe } from './entry.ts'
import { buildLadder, climb, type Ladder } from './ladder.ts'
import type { RouteRule } from './router.ts'

/** A host of a route, taken apart. */
export interface Host {
  readonly kind: 'exact' | 'suffix' | 'prefix' | 'any'
  /** `.x` for `*.x`, `x.` for `x.*`. */
  readonly name: string
  /** 0 for any. */
  readonly port: number
}

/** The host of a route that names none. */
export const ANY_HOST: Host = { kind: 'any', name: '', port: 0 }

/** Entries by host. */
export interface HostIndex<R> {
  find(probe: Probe): Entry<R> | undefined
}

/** Collects entries until they are indexed. */
export interface HostIndexBuilder<R> {
  add(host: Host, entry: Entry<R>): void
  /** Ends the collecting. */
  build(): HostIndex<R>
}

/** Starts an empty index. */
export function hostIndexBuilder<R extends RouteRule>(): HostIndexBuilder<R> {
  type Lists = Map<string, Entry<R>[]>
  const lists: Record<Host['kind'], Lists> = {
    exact: new Map(),
    suffix: new Map(),
    prefix: new Map(),
    any: new Map(),
  }

  return {
    add({ kind, name }, entry) {
      const list = lists[kind].get(name)
      if (list === undefined) lists[kind].set(name, [entry])
      else list.push(entry)
    },
    build() {
      const exact = buildAll(lists.exact)
      const suffix = buildAll(lists.suffix)
      const prefix = buildAll(lists.prefix)
      const any = buildAll(lists.any).get('')
      const hasWildcards = suffix.size + prefix.size > 0
      return {
        find(probe) {
          let best = reach(exact.get(probe.host), probe, undefined)
          if (hasWildcards) best = reachWildcards(suffix, prefix, probe, best)
          return reach(any, probe, best)
        },
      }
    },
  }
}

type Ladders<R> = Map<string, Ladder<R>>

/** Puts each list's ladder in its place, for a second map would cost as much memory again. */
function buildAll<R extends RouteRule>(lists: Map<string, Entry<R>[]>): Ladders<R> {
  const ladders: Ladders<R> = lists
  for (const [name, entries] of lists) ladders.set(name, buildLadder(entries))
  return ladders
}

function reach<R extends RouteRule>(
  ladder: Ladder<R> | undefined,
  probe: Probe,
  best: Entry<R> | undefined,
): Entry<R> | undefined {
  if (ladder === undefined) return best
  const found = climb(ladder, probe, best?.rank ?? 0)
  return found === undefined ? best : better(best, found)
}

/** A wildcard stands beside a dot, and for one char at least. */
function reachWildcards<R extends RouteRule>(
  suffix: Ladders<R>,
  prefix: Ladders<R>,
  probe: Probe,
  reached: Entry<R> | undefined,
): Entry<R> | undefined {
  const { host } = probe
  let best = reached
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    if (dot > 0) best = reach(suffix.get(host.slice(dot)), probe, best)
    if (dot === host.length - 1 || prefix.size === 0) continue
    best = reach(prefix.get(host.slice(0, dot + 1)), probe, best)
  }
  return best
}

/** Takes a route's host apart. */
export function readHost(text: string): Host {
  const { name, port } = splitPort(toByteString(text), 0)
  if (name.startsWith('*')) return { kind: 'suffix', name: name.slice(1), port }
  if (name.endsWith('*')) return { kind: 'prefix', name: name.slice(0, -1), port }
  return { kind: 'exact', name, port }
}

const PORT = /^\d{1,5}$/

/** What stands after the first colon is a port only if it is a number: `[::1]` stays whole. */
export function splitPort(host: string, otherwise: number): { name: string; port: number } {
  const colon = host.indexOf(':')
  const port = colon === -1 ? '' : host.slice(colon + 1)
  if (!PORT.test(port)) return { name: host, port: otherwise }
  return { name: host.slice(0, colon), port: Number(port) }
}
