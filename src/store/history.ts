import type { Batch, Entry } from '../ports/store.ts'
import { createFork } from './fork.ts'
import { checkRow, checkUnreferenced } from './integrity.ts'
import { endOf } from './lifetime.ts'
import {
  entriesOfRevision,
  isWhole,
  type KeptRevision,
  keysOfRevision,
  publicRevision,
  type Revision,
  revisionsFrom,
} from './revision.ts'
import { type Edit, rowFrom, type Tables, tableOf } from './tables.ts'

/** What the last commits did. Those that are kept follow one another without a gap. */
export interface History {
  /** Takes in what the store has. */
  load(entries: readonly Entry[], skip: (key: string) => void): void
  /** What a commit writes besides its rows; `take` once it is made. */
  next(make: () => KeptRevision): Batch & { take(): void }
  /** Newest first; none when the newest is not the one that is asked for. */
  upTo(revision: number): readonly Revision[]
  /** What leads back from one revision to an older one, newest first; undefined when some of it is lost. */
  between(newest: number, oldest: number): readonly KeptRevision[] | undefined
}

/** All that is kept together, in characters of JSON. */
const MOST = 8 * 1024 * 1024

/** Keeps as many revisions; with none it only clears away what others kept. */
export function createHistory(limit: number): History {
  let kept: readonly KeptRevision[] = []

  return {
    load(entries, skip) {
      kept = revisionsFrom(entries, skip)
    },
    next(make) {
      const newest = limit === 0 ? undefined : make()
      const after = newest === undefined ? [] : unbroken([newest, ...kept], limit)
      return {
        puts: newest === undefined ? [] : entriesOfRevision(newest),
        deletes: kept.slice(Math.max(after.length - 1, 0)).flatMap(keysOfRevision),
        take() {
          kept = after
        },
      }
    },
    upTo(revision) {
      if (limit === 0 || kept[0]?.revision !== revision) return []
      return unbroken(kept, limit).map(publicRevision)
    },
    between(newest, oldest) {
      const steps = kept.slice(0, newest - oldest)
      const leads = steps.every((step, at) => step.revision === newest - at && isWhole(step))
      return leads && steps.length === newest - oldest ? steps : undefined
    },
  }
}

/** From the newest on as long as one can go back by them. */
function unbroken(revisions: readonly KeptRevision[], limit: number): readonly KeptRevision[] {
  let size = 0
  const last = revisions.findIndex((each, at) => {
    const older = revisions[at + 1]
    size += each.size
    if (older?.revision !== each.revision - 1) return true
    return !isWhole(each) || size + older.size > MOST
  })
  return revisions.slice(0, Math.min(last + 1, limit))
}

/** The edits that undo these revisions; throws when what they leave would not hold together. */
export function editsBack(
  tables: Tables,
  { steps, now }: { readonly steps: readonly KeptRevision[]; readonly now: number },
): Edit[] {
  const gone: Edit[] = []
  const put: Edit[] = []
  for (const edit of rowsBefore(tables, { steps, now })) {
    const table = tableOf(tables, edit.entity)
    if (edit.row !== undefined) put.push(edit)
    else if (table.held(edit.id) !== undefined) gone.push(edit)
  }
  // As in a replacement: the first entities go last and come back first.
  const order = [...tables.keys()]
  const place = ({ entity }: Edit) => order.indexOf(entity)
  gone.sort((a, b) => place(b) - place(a))
  put.sort((a, b) => place(a) - place(b))
  const edits = [...gone, ...put]
  checkEdits(tables, edits)
  return edits
}

/** What the rows were before the oldest of the steps; what has expired since stays away. */
function rowsBefore(
  tables: Tables,
  { steps, now }: { readonly steps: readonly KeptRevision[]; readonly now: number },
): readonly Edit[] {
  const rows = new Map<string, Edit>()
  for (const { entity, id, before } of steps.flatMap(({ parts }) => parts.flat())) {
    const kind = tables.get(entity)?.entity
    if (kind === undefined) continue
    const row = before === undefined ? undefined : rowFrom(kind, before)
    const expired = row !== undefined && (endOf(kind, row) ?? now + 1) <= now
    rows.set(`${entity}:${id}`, { entity, id, row: expired ? undefined : row })
  }
  return [...rows.values()]
}

function checkEdits(tables: Tables, edits: readonly Edit[]): void {
  const fork = createFork(tables)
  fork.apply(edits)
  for (const { entity, id, row } of edits) {
    if (row === undefined) checkUnreferenced(fork.tables, entity, id)
    else checkRow(fork.tables, tableOf(fork.tables, entity), row)
  }
}
