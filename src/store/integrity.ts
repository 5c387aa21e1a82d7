import type { Entity, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { idOf, shownOf, type Table } from './table.ts'
import { emptyTables, type Rows, type Tables, tableOf } from './tables.ts'

/** Throws when a row points at nothing (code 4) or has another row's key (code 5). */
export function checkRow(tables: Tables, table: Table, row: Row): void {
  checkReferences(tables, table, row)
  // As shown: two spellings of one address are one target.
  const shown = shownOf(table.entity, row)
  for (const index of table.uniques) {
    const id = index.find(shown)
    if (id !== undefined && id !== row.id) throw entityErrors.uniqueViolation(index.keyOf(shown))
  }
}

function checkReferences(tables: Tables, { references }: Table, row: Row): void {
  for (const { field, to } of references) {
    const id = idOf(row[field])
    if (id === undefined || tables.get(to)?.get(id) !== undefined) continue
    throw entityErrors.foreignKeyViolation(field, to, { id })
  }
}

/** The rows by table and id, when they break no key among themselves; throws the first violation. */
export function checkedRows(
  entities: readonly Entity[],
  rows: Readonly<Record<string, readonly Row[]>>,
): Rows {
  const tables = emptyTables(entities)
  for (const [name, list] of Object.entries(rows)) {
    const table = tableOf(tables, name)
    for (const row of list) {
      if (table.has(row.id)) throw entityErrors.primaryKeyViolation({ id: row.id })
      table.put(row)
    }
  }
  // Of two rows with one key the later is in the index, so the earlier one is refused.
  for (const [name, list] of Object.entries(rows)) {
    for (const row of list) checkRow(tables, tableOf(tables, name), row)
  }
  return new Map(
    Object.entries(rows).map(([name, list]) => [name, new Map(list.map((row) => [row.id, row]))]),
  )
}
