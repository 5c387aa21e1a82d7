import { toByteString } from '../lib/byte-string.ts'
import type { CompareTies, Entry, Probe } from './entry.ts'
import { climb, type Ladder } from './ladder.ts'
import type { RouteRule } from './router.ts'
import { hashEnd, hashOf, hashStart, hashStep, lookUp, type StringTable } from './string-table.ts'

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

/** Entries by host. Suffixes are hashed from their end. */
export interface HostIndex<R> {
  readonly exact: StringTable<Ladder<R>>
  readonly suffix: StringTable<Ladder<R>>
  readonly prefix: StringTable<Ladder<R>>
  readonly any: Ladder<R> | undefined
}

/** The entry that wins: each host that fits gives its best, and the best of those does. */
export function findEntry<R extends RouteRule>(
  { exact, suffix, prefix, any }: HostIndex<R>,
  probe: Probe,
  compareTies: CompareTies,
): Entry<R> | undefined {
  const { host } = probe
  let best: Entry<R> | undefined
  if (exact.taken > 0) {
    const ladder = lookUp(exact, hashOf(host), host, 0, host.length)
    if (ladder !== undefined) best = climb(ladder, probe, best, compareTies)
  }
  if (suffix.taken > 0) best = findBySuffix(suffix, probe, best, compareTies)
  if (prefix.taken > 0) best = findByPrefix(prefix, probe, best, compareTies)
  return any === undefined ? best : climb(any, probe, best, compareTies)
}

/** A wildcard stands beside a dot, and for one char at least. */
function findBySuffix<R extends RouteRule>(
  table: StringTable<Ladder<R>>,
  probe: Probe,
  reached: Entry<R> | undefined,
  compareTies: CompareTies,
): Entry<R> | undefined {
  const { host } = probe
  let best = reached
  let hash = hashStart
  for (let i = host.length - 1; i > 0; i--) {
    const char = host.charCodeAt(i)
    hash = hashStep(hash, char)
    if (char !== DOT) continue
    const ladder = lookUp(table, hashEnd(hash), host, i, host.length)
    if (ladder !== undefined) best = climb(ladder, probe, best, compareTies)
  }
  return best
}

function findByPrefix<R extends RouteRule>(
  table: StringTable<Ladder<R>>,
  probe: Probe,
  reached: Entry<R> | undefined,
  compareTies: CompareTies,
): Entry<R> | undefined {
  const { host } = probe
  let best = reached
  let hash = hashStart
  for (let i = 0; i < host.length - 1; i++) {
    const char = host.charCodeAt(i)
    hash = hashStep(hash, char)
    if (char !== DOT) continue
    const ladder = lookUp(table, hashEnd(hash), host, 0, i + 1)
    if (ladder !== undefined) best = climb(ladder, probe, best, compareTies)
  }
  return best
}

const DOT = 0x2e

/** How a flavour takes name and port of a host apart. */
export type SplitPort = (host: string, otherwise: number) => { name: string; port: number }

/** Takes a route's host apart. */
export function readHost(text: string, split: SplitPort = splitPort): Host {
  const { name, port } = split(toByteString(text), 0)
  if (name.startsWith('*')) return { kind: 'suffix', name: name.slice(1), port }
  if (name.endsWith('*')) return { kind: 'prefix', name: name.slice(0, -1), port }
  return { kind: 'exact', name, port }
}

const PORT = /^\d{1,5}$/

/** What stands after the first colon is a port only if it is a number: `[::1]` stays whole. */
export const splitPort: SplitPort = (host, otherwise) => {
  const colon = host.indexOf(':')
  const port = colon === -1 ? '' : host.slice(colon + 1)
  if (!PORT.test(port)) return { name: host, port: otherwise }
  return { name: host.slice(0, colon), port: Number(port) }
}

const BRACKETED = /^\[(.+)\](?::(\d*))?$/

/** Kong's `traditional`: an IPv6 address loses its brackets, and a colon without a port says nothing. */
export const splitAddress: SplitPort = (host, otherwise) => {
  if (host.charCodeAt(0) !== BRACKET) {
    return splitPort(host.indexOf(':') === host.length - 1 ? host.slice(0, -1) : host, otherwise)
  }
  const found = BRACKETED.exec(host)
  if (found === null) return { name: host, port: otherwise }
  return { name: found[1] ?? '', port: found[2] ? Number(found[2]) : otherwise }
}

const BRACKET = 0x5b
