import { type CompareTies, compareEntries, type Entry, prefixesOf } from './entry.ts'
import type { PrefixMap } from './prefix-map.ts'
import type { RouteRule } from './router.ts'
import { copyTable, emptyTable, hashOf, lookUp, type StringTable, setKey } from './string-table.ts'

/** Changes prefix maps. What it did not make itself it leaves alone, and puts a changed copy in its place. */
export interface PrefixMapEdit<R> {
  /** A map of these entries alone. */
  start(entries: readonly Entry<R>[]): PrefixMap<R>
  add(map: PrefixMap<R>, entry: Entry<R>): PrefixMap<R>
  /** Takes out what a route has at the prefixes of one of its entries. */
  remove(map: PrefixMap<R>, entry: Entry<R>): PrefixMap<R>
  /** Brings all that was added into its order. */
  finish(): void
}

type Entries<R> = readonly Entry<R>[]

interface Draft<R> {
  readonly lengths: number[]
  readonly topRanks: number[]
  readonly counts: number[]
  byPrefix: StringTable<Entries<R>>
}

interface State<R> {
  /** What was made by this edit, by what it is known as outside. */
  readonly drafts: Map<PrefixMap<R>, Draft<R>>
  readonly lists: Map<Entries<R>, Entry<R>[]>
}

/** Starts an edit. */
export function editPrefixMaps<R extends RouteRule>(compareTies: CompareTies): PrefixMapEdit<R> {
  const state: State<R> = { drafts: new Map(), lists: new Map() }
  return {
    start(entries) {
      const empty = { lengths: [], topRanks: [], counts: [], byPrefix: emptyTable<Entries<R>>() }
      state.drafts.set(empty, empty)
      for (const entry of entries) put(state, empty, entry)
      return empty
    },
    add(map, entry) {
      const draft = draftOf(state, map)
      put(state, draft, entry)
      return draft
    },
    remove(map, entry) {
      const draft = draftOf(state, map)
      for (const prefix of prefixesOf(entry)) take(state, draft, { prefix, id: entry.route.id })
      return draft
    },
    finish() {
      for (const list of state.lists.values()) {
        list.sort((a, b) => compareEntries(a, b, compareTies))
      }
    },
  }
}

function draftOf<R>({ drafts }: State<R>, map: PrefixMap<R>): Draft<R> {
  const known = drafts.get(map)
  if (known !== undefined) return known
  const { lengths, topRanks, counts, byPrefix } = map
  const draft: Draft<R> = {
    lengths: [...lengths],
    topRanks: [...topRanks],
    counts: [...counts],
    byPrefix: copyTable(byPrefix),
  }
  drafts.set(draft, draft)
  return draft
}

function put<R>({ lists }: State<R>, draft: Draft<R>, entry: Entry<R>): void {
  for (const prefix of prefixesOf(entry)) {
    const hash = hashOf(prefix)
    const before = lookUp(draft.byPrefix, hash, prefix, 0, prefix.length)
    raise(draft, prefix.length, { rank: entry.rank, isNew: before === undefined })
    if (before === undefined) {
      draft.byPrefix = setKey(draft.byPrefix, prefix, hash, [entry])
      continue
    }
    const own = lists.get(before)
    if (own !== undefined) {
      own.push(entry)
      continue
    }
    const list = [...before, entry]
    lists.set(list, list)
    draft.byPrefix = setKey(draft.byPrefix, prefix, hash, list)
  }
}

function raise<R>(
  { lengths, topRanks, counts }: Draft<R>,
  length: number,
  { rank, isNew }: { readonly rank: number; readonly isNew: boolean },
): void {
  const found = lengths.findIndex((one) => one >= length)
  const at = found === -1 ? lengths.length : found
  if (lengths[at] !== length) {
    lengths.splice(at, 0, length)
    topRanks.splice(at, 0, rank)
    counts.splice(at, 0, 1)
    return
  }
  topRanks[at] = Math.max(topRanks[at] ?? 0, rank)
  if (isNew) counts[at] = (counts[at] ?? 0) + 1
}

function take<R extends RouteRule>(
  { lists }: State<R>,
  draft: Draft<R>,
  { prefix, id }: { readonly prefix: string; readonly id: string },
): void {
  const hash = hashOf(prefix)
  const before = lookUp(draft.byPrefix, hash, prefix, 0, prefix.length)
  if (before === undefined) return
  const kept = before.filter((entry) => entry.route.id !== id)
  if (lists.delete(before)) lists.set(kept, kept)
  draft.byPrefix = setKey(draft.byPrefix, prefix, hash, kept.length === 0 ? undefined : kept)
  if (kept.length === 0) lower(draft, prefix.length)
}

function lower<R>({ lengths, topRanks, counts }: Draft<R>, length: number): void {
  const at = lengths.indexOf(length)
  const left = (counts[at] ?? 0) - 1
  counts[at] = left
  if (left > 0) return
  lengths.splice(at, 1)
  topRanks.splice(at, 1)
  counts.splice(at, 1)
}
