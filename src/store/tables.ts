import type { Entry, Json } from '../ports/store.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { entriesOf, isObject } from '../schema/field.ts'
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

/** Empty tables; the clock, in ms since 1970, tells which rows have expired. */
export function emptyTables(entities: readonly Entity[], now: () => number): Tables {
  return new Map(entities.map((entity) => [entity.name, new Table(entity, now)]))
}

/** The table of that name; asking for one that is not there is a bug. */
export function tableOf(tables: Tables, name: string): Table {
  const table = tables.get(name)
  if (table === undefined) throw new Error(`No entity is named "${name}"`)
  return table
}

/** Rows by table and id, before they are in tables. */
export type Rows = ReadonlyMap<string, ReadonlyMap<string, Row>>

/** The rows a store's entries are. Entries that are no rows are named to `skip`. */
export function rowsFrom(
  entries: readonly Entry[],
  { entities, skip }: { entities: readonly Entity[]; skip: (key: string) => void },
): Rows {
  const kinds = new Map(
    entities.map((entity) => [entity.name, { entity, rows: new Map<string, Row>() }]),
  )
  for (const { key, value } of entries) {
    const name = key.slice(0, key.indexOf(':'))
    const kind = kinds.get(name)
    const row = kind && rowFrom(kind.entity, value)
    if (row === undefined || key !== keyOf(name, row.id)) skip(key)
    else kind?.rows.set(row.id, row)
  }
  return new Map(Array.from(kinds, ([name, { rows }]) => [name, rows]))
}

/** Reads a stored value as a row; a field that newer releases brought has its default. */
export function rowFrom({ fields }: Entity, value: Json): Row | undefined {
  if (!isObject(value) || !hasId(value)) return undefined
  if (entriesOf(fields).every(([name]) => Object.hasOwn(value, name))) return value
  return { ...fillIn(fields, value), id: value.id }
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
    const before = table.last(id)
    if (row !== undefined) return { entity, id, before, after: table.put(row) }
    table.remove(id)
    return { entity, id, before, after: undefined }
  })
}

/** What leaves exactly these rows: those that go, children first, then those that come or change. */
export function editsTo(tables: Tables, rows: Rows): Edit[] {
  const gone: Edit[] = []
  const put: Edit[] = []
  for (const [entity, table] of tables) {
    const wanted = rows.get(entity)
    for (const id of [...table.ids, ...table.expired]) {
      if (wanted?.has(id) !== true) gone.push({ entity, id, row: undefined })
    }
    wanted?.forEach((row, id) => {
      if (!sameRow(table.held(id), row)) put.push({ entity, id, row })
    })
  }
  return [...gone.reverse(), ...put]
}

function sameRow(a: Row | undefined, b: Row): boolean {
  return a === b || (a?.id === b.id && JSON.stringify(a) === JSON.stringify(b))
}

function hasId(value: Readonly<Record<string, unknown>>): value is Row {
  return typeof value.id === 'string'
}
