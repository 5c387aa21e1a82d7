import { toByteString } from '../lib/byte-string.ts'
import type { RouteRegex } from '../lib/regex.ts'
import type { SharedConditions } from './conditions.ts'
import { type CompareTies, type Entry, type ExpressionTest, type Probe, textOf } from './entry.ts'
import type { Caught } from './expressions/subject.ts'
import { findEntry, type Host, type HostIndex } from './host-index.ts'
import { editIndex, emptyIndex } from './index-edit.ts'
import type { Match, RouteRule, Router, RouterChanges, RouterRequest } from './router.ts'

/** An entry, and the host it is found by. */
export interface Placement<R> {
  readonly host: Host
  readonly entry: Entry<R>
}

/** What is a flavour's own; how entries are found and ordered is the same for all. */
export interface Flavor {
  probe(request: RouterRequest): Probe
  /** The ways into a route. */
  place<R extends RouteRule>(route: R, shared: SharedConditions): readonly Placement<R>[]
  readonly compareTies: CompareTies
}

const SERVED = new Set(['http', 'https', 'grpc', 'grpcs'])

/**
 * Builds a flavour's router. Entries are found by host first; each host that fits (the exact one,
 * wildcards, none) gives its best by rank and path, and the best of those wins.
 */
export function buildIndexedRouter<R extends RouteRule>(
  flavor: Flavor,
  routes: readonly R[],
): Router<R> {
  return changed<R>(flavor, { index: emptyIndex(), size: 0 }, { added: routes, removed: [] })
}

interface Content<R> {
  readonly index: HostIndex<R>
  readonly size: number
}

function changed<R extends RouteRule>(
  flavor: Flavor,
  { index, size }: Content<R>,
  { added, removed }: RouterChanges<R>,
): Router<R> {
  const edit = editIndex(index, flavor.compareTies)
  const shared: SharedConditions = new Map()
  let count = size
  for (const route of removed.filter(isServed)) {
    count--
    for (const { host, entry } of flavor.place(route, shared)) edit.remove(host, entry)
  }
  for (const route of added.filter(isServed)) {
    count++
    for (const { host, entry } of flavor.place(route, shared)) edit.add(host, entry)
  }
  return routerOf(flavor, { index: edit.finish(), size: count })
}

function routerOf<R extends RouteRule>(flavor: Flavor, content: Content<R>): Router<R> {
  const { index, size } = content
  return {
    size,
    match(request) {
      const probe = flavor.probe(request)
      const entry = findEntry(index, probe, flavor.compareTies)
      if (entry === undefined) return undefined
      if (entry.expression !== undefined) return matchExpression(entry, entry.expression, probe)
      return entry.regexes === undefined ? entry : matchRegex(entry, entry.regexes, probe)
    },
    with: (changes) => changed(flavor, content, changes),
  }
}

function isServed({ protocols }: RouteRule): boolean {
  return protocols.some((name) => SERVED.has(name))
}

/** Asks once more, to learn what of the path was matched. */
function matchExpression<R>(
  { route, rank }: Entry<R>,
  { prefix, test }: ExpressionTest,
  probe: Probe,
): Match<R> {
  const caught: Caught = { prefix, captures: undefined }
  test?.(probe, caught)
  return { route, rank, ...caught }
}

/** The first of the part's regexes that matches tells prefix and captures. */
function matchRegex<R>(
  entry: Entry<R>,
  regexes: readonly RouteRegex[],
  probe: Probe,
): Match<R> | undefined {
  for (const regex of regexes) {
    const captures = regex.exec(textOf(probe))
    if (captures === undefined) continue
    const { route, rank } = entry
    return { route, prefix: toByteString(captures.numbered[0] ?? ''), captures, rank }
  }
  return undefined
}
