import type { Row } from '../schema/entity.ts'
import type { Plan } from './committer.ts'
import { deepFreeze } from './freeze.ts'
import { inSlices } from './in-slices.ts'
import { type CheckOptions, checkedRows } from './integrity.ts'
import { endAfter, endOf, splitLifetime, withEnd, withoutEnd } from './lifetime.ts'
import { idOf, type Reference } from './links.ts'
import type { Table } from './table.ts'
import { editsTo, type Tables, tableOf } from './tables.ts'

/** Makes these rows all there is. A row may say its `ttl` where its entity has one. */
export async function planReplacement(
  tables: Tables,
  { rows, ...options }: CheckOptions & { readonly rows: Readonly<Record<string, readonly Row[]>> },
): Promise<Plan<void>> {
  const now = options.now()
  const kept: Record<string, readonly Row[]> = {}
  for (const [name, list] of Object.entries(rows)) {
    const table = tableOf(tables, name)
    const ready: Row[] = []
    await inSlices(list, (row) => ready.push(deepFreeze(keptRow(table, row, now))))
    kept[name] = ready
  }
  const edits = editsTo(tables, await checkedRows(kept, options))
  return { edits, result: () => undefined }
}

function keptRow({ entity, references }: Table, row: Row, now: number): Row {
  const lower = inLowerCase(row, references)
  if (entity.ttl !== true) return lower
  const { input, ttl } = splitLifetime(entity, lower)
  // Only `ttl` was taken from the row.
  const fields = withoutEnd(input as Row)
  return withEnd(fields, ttl === undefined ? endOf(entity, lower) : endAfter(ttl, now))
}

/** Ids as PostgreSQL keeps them; the very same row when they are so already. */
function inLowerCase(row: Row, references: readonly Reference[]): Row {
  let lower = row
  if (row.id !== row.id.toLowerCase()) lower = { ...row, id: row.id.toLowerCase() }
  for (const { field } of references) {
    const id = idOf(row[field])
    if (id === undefined || id === id.toLowerCase()) continue
    lower = { ...lower, [field]: { id: id.toLowerCase() } }
  }
  return lower
}
