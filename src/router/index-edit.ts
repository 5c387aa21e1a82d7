import { type CompareTies, compareEntries, type Entry } from './entry.ts'
import type { Host, HostIndex } from './host-index.ts'
import { isFew, isOne, type Ladder } from './ladder.ts'
import { editPrefixMaps } from './prefix-map-edit.ts'
import type { RouteRule } from './router.ts'
import {
  copyTable,
  emptyTable,
  hashBackwards,
  hashOf,
  lookUp,
  type StringTable,
  setKey,
} from './string-table.ts'

/** Changes an index; the one it began with stays as it is. */
export interface IndexEdit<R> {
  add(host: Host, entry: Entry<R>): void
  /** Takes out what the entry's route has at its host and prefixes. */
  remove(host: Host, entry: Entry<R>): void
  /** Ends the edit. */
  finish(): HostIndex<R>
}

/** An index of nothing. */
export function emptyIndex<R>(): HostIndex<R> {
  return { exact: emptyTable(), suffix: emptyTable(), prefix: emptyTable(), any: undefined }
}

/** Up to so many entries are looked through one by one, which is as fast and much smaller. */
const FEW = 8

/** Starts an edit. What it costs is the hosts it touches, and a copy of the table of hosts. */
export function editIndex<R extends RouteRule>(
  index: HostIndex<R>,
  compareTies: CompareTies,
): IndexEdit<R> {
  const maps = editPrefixMaps<R>(compareTies)
  const ladders = editLadders(index)

  const added = (ladder: Ladder<R> | undefined, entry: Entry<R>): Ladder<R> => {
    if (ladder === undefined) return entry
    if (isOne(ladder)) return inserted([ladder], entry, compareTies)
    if (!isFew(ladder)) return maps.add(ladder, entry)
    return ladder.length < FEW
      ? inserted(ladder, entry, compareTies)
      : maps.start([...ladder, entry])
  }
  const removed = (ladder: Ladder<R>, entry: Entry<R>): Ladder<R> | undefined => {
    if (isOne(ladder)) return ladder.route.id === entry.route.id ? undefined : ladder
    if (isFew(ladder)) {
      const kept = ladder.filter(({ route }) => route.id !== entry.route.id)
      return kept.length > 1 ? kept : kept[0]
    }
    const map = maps.remove(ladder, entry)
    return map.lengths.length === 0 ? undefined : map
  }

  return {
    add: (host, entry) => ladders.set(host, added(ladders.get(host), entry)),
    remove(host, entry) {
      const ladder = ladders.get(host)
      if (ladder !== undefined) ladders.set(host, removed(ladder, entry))
    },
    finish() {
      maps.finish()
      return ladders.finish()
    },
  }
}

function inserted<R extends RouteRule>(
  sorted: readonly Entry<R>[],
  entry: Entry<R>,
  compareTies: CompareTies,
): readonly Entry<R>[] {
  const after = sorted.findIndex((other) => compareEntries(entry, other, compareTies) < 0)
  return after === -1 ? [...sorted, entry] : sorted.toSpliced(after, 0, entry)
}

interface Ladders<R> {
  get(host: Host): Ladder<R> | undefined
  set(host: Host, ladder: Ladder<R> | undefined): void
  finish(): HostIndex<R>
}

/** The index's ladders by host. Changes are kept aside, so that a table is copied once, if at all. */
function editLadders<R>(index: HostIndex<R>): Ladders<R> {
  type Named = Exclude<Host['kind'], 'any'>
  let { any } = index
  const changes: Readonly<Record<Named, Map<string, Ladder<R> | undefined>>> = {
    exact: new Map(),
    suffix: new Map(),
    prefix: new Map(),
  }
  const finished = (kind: Named) => withChanges(index[kind], kind, changes[kind])

  return {
    get({ kind, name }) {
      if (kind === 'any') return any
      const changed = changes[kind]
      const ladder = changed.get(name)
      if (ladder !== undefined || index[kind].taken === 0 || changed.has(name)) return ladder
      return lookUp(index[kind], hashOfHost(kind, name), name, 0, name.length)
    },
    set({ kind, name }, ladder) {
      if (kind === 'any') any = ladder
      else changes[kind].set(name, ladder)
    },
    finish: () => ({
      exact: finished('exact'),
      suffix: finished('suffix'),
      prefix: finished('prefix'),
      any,
    }),
  }
}

function withChanges<R>(
  table: StringTable<Ladder<R>>,
  kind: Host['kind'],
  changes: ReadonlyMap<string, Ladder<R> | undefined>,
): StringTable<Ladder<R>> {
  if (changes.size === 0) return table
  let changed = copyTable(table, changes.size)
  for (const [name, ladder] of changes) {
    changed = setKey(changed, name, hashOfHost(kind, name), ladder)
  }
  return changed
}

function hashOfHost(kind: Host['kind'], name: string): number {
  return kind === 'suffix' ? hashBackwards(name) : hashOf(name)
}
