import type { Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { idOf, shownOf, type Table } from './table.ts'
import { type Tables, tableOf } from './tables.ts'

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

/** Tables of these rows alone, or the first violation among them. */
export function fillTables(tables: Tables, rows: Readonly<Record<string, readonly Row[]>>): Tables {
  for (const [name, list] of Object.entries(rows)) {
    const table = tableOf(tables, name)
    for (const row of list) {
      if (table.has(row.id)) throw entityErrors.primaryKeyViolation({ id: row.id })
      table.put(row)
    }
  }
  for (const [name, list] of Object.entries(rows)) {
    const table = tableOf(tables, name)
    // From the last: of two rows with one key the index has the later, and the earlier is refused.
    for (const { id } of list) {
      const row = table.get(id)
      if (row !== undefined) checkRow(tables, table, row)
    }
  }
  return tables
}
