import type { Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { isObject } from '../schema/field.ts'
import {
  rowForInsert,
  rowForUpdate,
  rowForUpsert,
  type ValidateContext,
} from '../schema/validate.ts'
import type { Plan } from './committer.ts'
import { checkRow } from './integrity.ts'
import { resolveReferences } from './references.ts'
import type { Table } from './table.ts'
import type { Tables } from './tables.ts'

/** Where a write is planned. */
export interface Place {
  readonly tables: Tables
  readonly table: Table
  readonly context: ValidateContext
}

/** A POST. The order of the checks is Kong's: references by name, schema, primary key, references, unique keys. */
export function planInsert(place: Place, input: unknown): Plan<Row> {
  const { tables, table, context } = place
  const row = rowForInsert(table.entity, resolveReferences(tables, table.entity, input), context)
  if (table.get(row.id) !== undefined) throw entityErrors.primaryKeyViolation({ id: row.id })
  return planPut(place, row)
}

/** A PATCH. */
export function planUpdate(place: Place, { id, patch }: { id: string; patch: unknown }): Plan<Row> {
  const { tables, table, context } = place
  const current = table.stored(id)
  if (current === undefined) throw entityErrors.notFoundById({ id })
  const resolved = resolveReferences(tables, table.entity, patch)
  return planPut(place, rowForUpdate(table.entity, current, resolved, context))
}

/** A PUT. */
export function planUpsert(place: Place, { id, input }: { id: string; input: unknown }): Plan<Row> {
  const { tables, table, context } = place
  const resolved = resolveReferences(tables, table.entity, input)
  const named = withId(resolved, table.get(id)?.id ?? id)
  return planPut(place, rowForUpsert(table.entity, named, context))
}

function planPut({ tables, table }: Place, row: Row): Plan<Row> {
  checkRow(tables, table, row)
  return {
    edits: [{ entity: table.entity.name, id: row.id, row }],
    result: () => table.get(row.id) ?? row,
  }
}

/** The path's id wins. What is no record stays as it is, for the schema to refuse. */
function withId(input: unknown, id: string): unknown {
  if (isObject(input)) return { ...input, id }
  return input === undefined || (Array.isArray(input) && input.length === 0) ? { id } : input
}
