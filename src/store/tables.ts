import type { Entry, Json } from '../ports/store.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { isObject } from '../schema/field.ts'
import { fillIn } from '../schema/fill.ts'
import { Table } from './table.ts'

/** One row that came, changed or went; rows as reads show them. */
export interface Change {
  readonly entity: string
  readonly id: string
  readonly before: Row | undefined
  readonly after: Row | undefined
}

/** What a write leaves in one place; no row means it goes. */
export interface Edit {
  readonly entity: string
  readonly id: string
  readonly row: Row | undefined
}

/** All tables by name, in the entities' order. */
export type Tables = ReadonlyMap<string, Table>

/** Empty tables. */
export function emptyTables(entities: readonly Entity[]): Tables {
  return new Map(entities.map((entity) => [entity.name, new Table(entity)]))
}

/** The table of that name; asking for one that is not there is a bug. */
export function tableOf(tables: Tables, name: string): Table {
  const table = tables.get(name)
  if (table === undefined) throw new Error(`No entity is named "${name}"`)
  return table
}

/** The tables a store's entries make. Entries that are no rows are named to `skip`. */
export function tablesFrom(
  entries: readonly Entry[],
  { entities, skip }: { entities: readonly Entity[]; skip: (key: string) => void },
): Tables {
  const tables = emptyTables(entities)
  for (const { key, value } of entries) {
    const name = key.slice(0, key.indexOf(':'))
    const table = tables.get(name)
    const row = table === undefined ? undefined : rowIn(table.entity, value)
    if (row === undefined || key !== keyOf(name, row.id)) skip(key)
    else table?.put(row)
  }
  return tables
}

/** Where a row is in the store. */
export function keyOf(entity: string, id: string): string {
  return `${entity}:${id}`
}

/** The entry of a row. */
export function entryOf(entity: string, row: Row): Entry {
  // Rows leave validate.ts as JSON: each field is of a type Kong's schemas know.
  return { key: keyOf(entity, row.id), value: row as Json }
}

/** Makes the edits and tells what they changed. */
export function applyEdits(tables: Tables, edits: readonly Edit[]): Change[] {
  return edits.map(({ entity, id, row }) => {
    const table = tableOf(tables, entity)
    const before = table.get(id)
    if (row === undefined) table.remove(id)
    else table.put(row)
    return { entity, id, before, after: row && table.get(id) }
  })
}

/** What makes `from` into `to`: rows that go, children first, then those that come or change. */
export function editsBetween(from: Tables, to: Tables): Edit[] {
  const gone: Edit[] = []
  const put: Edit[] = []
  for (const [entity, table] of to) {
    const old = tableOf(from, entity)
    for (const id of old.ids) if (!table.has(id)) gone.push({ entity, id, row: undefined })
    for (const id of table.ids) {
      const row = table.stored(id)
      if (!sameRow(old.stored(id), row)) put.push({ entity, id, row })
    }
  }
  return [...gone.reverse(), ...put]
}

function sameRow(a: Row | undefined, b: Row | undefined): boolean {
  return a === b || (a?.id === b?.id && JSON.stringify(a) === JSON.stringify(b))
}

/** A stored value as a row; a field that newer releases brought has its default. */
function rowIn({ fields }: Entity, value: Json): Row | undefined {
  if (!isObject(value) || typeof value.id !== 'string') return undefined
  const whole = Object.keys(fields).every((name) => Object.hasOwn(value, name))
  return whole ? { ...value, id: value.id } : { ...fillIn(fields, value), id: value.id }
}
