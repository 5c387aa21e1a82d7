import type { Entity, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { showRow } from '../schema/shown.ts'
import { inSlices } from './in-slices.ts'
import { endOf } from './lifetime.ts'
import { idOf, type Reference, referencesOf } from './links.ts'
import { shownOf, type Table } from './table.ts'
import { emptyTables, type Rows, type Tables, tableOf } from './tables.ts'
import { type UniqueIndex, uniqueIndexes } from './unique-index.ts'

/** Throws when a row points at nothing (code 4) or has another row's key (code 5). */
export function checkRow(tables: Tables, table: Table, row: Row): void {
  checkReferences(tables, table, row)
  checkKeys(table, row, () => true)
}

/** Keys are compared as shown: two spellings of one address are one target. */
function checkKeys(
  table: Table,
  row: Row,
  isClash: (index: UniqueIndex, other: Row | undefined) => boolean,
): void {
  const { entity } = table
  const shown = shownOf(entity, row)
  for (const index of table.uniques) {
    const id = index.find(shown)
    if (id === undefined || id === row.id || !isClash(index, table.stored(id))) continue
    throw entityErrors.uniqueViolation(index.keyOf(shown), { entity: entity.name, id })
  }
}

function hasSameKey(index: UniqueIndex, row: Row, other: Row): boolean {
  return JSON.stringify(index.keyOf(row)) === JSON.stringify(index.keyOf(other))
}

function checkReferences(tables: Tables, { references }: Table, row: Row): void {
  for (const { field, to } of references) {
    const id = idOf(row[field])
    if (id === undefined || tables.get(to)?.has(id) === true) continue
    throw entityErrors.foreignKeyViolation(field, to, { id })
  }
}

/** Throws when a row points at one that is gone (code 4). */
export function checkUnreferenced(tables: Tables, entity: string, id: string): void {
  for (const [by, table] of tables) {
    for (const { field, to } of table.references) {
      if (to !== entity || table.children(field, id).length === 0) continue
      throw entityErrors.foreignKeyRestricted(entity, by)
    }
  }
}

/** What rows are held against before there are tables of them. */
export interface CheckOptions {
  readonly entities: readonly Entity[]
  readonly now: () => number
  /** Whether each was held against the others already, as it is written: keys that are texts, and references. */
  readonly compared?: boolean
}

/**
 * The rows by table and id, when they break no key among themselves; rejects with the first violation.
 * Their ids are in lower case.
 */
export async function checkedRows(rows: RowLists, options: CheckOptions): Promise<Rows> {
  const byId: Rows = new Map(Object.entries(rows).map(([name, list]) => [name, rowsById(list)]))
  if (!(await isSound(rows, { byId, ...options }))) refuseRows(rows, options)
  return byId
}

function rowsById(list: readonly Row[]): Map<string, Row> {
  const byId = new Map<string, Row>()
  for (let i = 0; i < list.length; i++) {
    const row = list[i] as Row
    byId.set(row.id, row)
  }
  return byId
}

type RowLists = Readonly<Record<string, readonly Row[]>>

/** Whether nothing at all is odd about the rows, as is usual: asked without tables of them. */
async function isSound(
  rows: RowLists,
  { entities, byId, now, compared = false }: CheckOptions & { readonly byId: Rows },
): Promise<boolean> {
  let sound = true
  for (const [name, list] of Object.entries(rows)) {
    const entity = entities.find((one) => one.name === name)
    if (entity === undefined || byId.get(name)?.size !== list.length) return false
    if (compared && isKeptAsWritten(entity)) continue
    const uniques = uniqueIndexes(entity)
    const references = referencesOf(entity)
    await inSlices(list, (row) => {
      sound &&=
        (endOf(entity, row) ?? Number.POSITIVE_INFINITY) > now() &&
        hasNewKeys(uniques, entity.show === undefined ? row : showRow(entity, row)) &&
        hasKnownReferences(references, row, byId)
    })
  }
  return sound
}

/** Whether two of its rows are equal exactly where they are written so. */
function isKeptAsWritten({ show, ttl, fields, uniqueTogether = [] }: Entity): boolean {
  if (show !== undefined || ttl === true) return false
  const unique = Object.keys(fields).filter((name) => fields[name]?.unique === true)
  return [...unique, ...uniqueTogether.flat()].every((name) => {
    const type = fields[name]?.type
    return type === 'string' || type === 'foreign'
  })
}

function hasKnownReferences(references: readonly Reference[], row: Row, rows: Rows): boolean {
  for (const { field, to } of references) {
    const id = idOf(row[field])
    if (id !== undefined && rows.get(to)?.has(id) !== true) return false
  }
  return true
}

function hasNewKeys(uniques: readonly UniqueIndex[], shown: Row): boolean {
  for (const index of uniques) if (!index.add(shown)) return false
  return true
}

/** Throws the first violation, if it is one: two spellings of a key are none. */
function refuseRows(rows: RowLists, { entities, now }: CheckOptions): void {
  const tables = emptyTables(entities, now)
  for (const [name, list] of Object.entries(rows)) {
    const table = tableOf(tables, name)
    for (const row of list) {
      if (table.has(row.id)) throw entityErrors.primaryKeyViolation({ id: row.id })
      table.put(row)
    }
  }
  // Of two rows with one key the later is in the index, so the earlier one is refused.
  for (const [name, list] of Object.entries(rows)) {
    const table = tableOf(tables, name)
    for (const row of list) {
      checkReferences(tables, table, row)
      // Kong: two spellings of one address may stand side by side in a file.
      checkKeys(table, row, (index, other) => other !== undefined && hasSameKey(index, row, other))
    }
  }
}
