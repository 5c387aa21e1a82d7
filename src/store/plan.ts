import type { FinishContext, Input, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { isObject } from '../schema/field.ts'
import { finishRow } from '../schema/finish.ts'
import {
  rowForInsert,
  rowForUpdate,
  rowForUpsert,
  type ValidateContext,
} from '../schema/validate.ts'
import type { Plan } from './committer.ts'
import { checkRow } from './integrity.ts'
import { endAfter, endOf, splitLifetime, withEnd, withoutEnd } from './lifetime.ts'
import { readsOf } from './reads.ts'
import { resolveReferences } from './references.ts'
import { planRemoval } from './removal.ts'
import { type Tables, tableOf } from './tables.ts'

/** Where a write is planned. */
export interface Place {
  readonly tables: Tables
  readonly entity: string
  readonly context: ValidateContext
}

/** What a write asks to be true: throws when the row, as reads show it, is not what the writer believes. */
export type Expect = (row: Row | undefined) => void

/**
 * A POST. The order of the checks is Kong's: the option `ttl`, references by name, schema, primary
 * key, references, unique keys.
 */
export async function planInsert(
  place: Place,
  { input, expect }: { readonly input: unknown; readonly expect: Expect | undefined },
): Promise<Plan<Row>> {
  const table = tableOf(place.tables, place.entity)
  const { entity } = table
  expect?.(isObject(input) && typeof input.id === 'string' ? table.get(input.id) : undefined)
  const { sent, ttl } = readInput(place, input)
  const row = lowerId(rowForInsert(entity, sent, place.context))
  const finished = await finish(place, row, { mode: 'insert', sent: membersOf(sent) })
  if (table.has(row.id)) throw entityErrors.primaryKeyViolation({ id: row.id })
  return planPut(place, withEnd(finished, endAfter(ttl ?? 0, place.context.now)))
}

/** What a write to one row says. */
export interface RowWrite {
  readonly id: string
  readonly input: unknown
  readonly expect: Expect | undefined
}

/** A PATCH. */
export async function planUpdate(
  place: Place,
  { id, input, expect }: RowWrite,
): Promise<Plan<Row>> {
  const table = tableOf(place.tables, place.entity)
  const { entity } = table
  expect?.(table.get(id))
  const { sent, ttl } = readInput(place, input)
  const stored = table.stored(id)
  if (stored === undefined) throw entityErrors.notFoundById({ id })
  const current = withoutEnd(stored)
  const row = rowForUpdate(entity, current, sent, place.context)
  const finished = await finish(place, row, { mode: 'update', sent: membersOf(sent), current })
  const end = ttl === undefined ? endOf(entity, stored) : endAfter(ttl, place.context.now)
  return planPut(place, withEnd(finished, end))
}

/** A PUT. */
export async function planUpsert(
  place: Place,
  { id, input, expect }: RowWrite,
): Promise<Plan<Row>> {
  const table = tableOf(place.tables, place.entity)
  expect?.(table.get(id))
  const { sent, ttl } = readInput(place, input)
  const named = withId(sent, table.get(id)?.id ?? id.toLowerCase())
  const row = rowForUpsert(table.entity, named, place.context)
  const finished = await finish(place, row, { mode: 'upsert', sent: membersOf(named) })
  return planPut(place, withEnd(finished, endAfter(ttl ?? 0, place.context.now)))
}

/** A DELETE; false when there was no such row. */
export function planRemove(
  { tables, entity }: Omit<Place, 'context'>,
  { id, expect }: { readonly id: string; readonly expect: Expect | undefined },
): Plan<boolean> {
  const row = tableOf(tables, entity).get(id)
  expect?.(row)
  if (row === undefined) return { edits: [], result: () => false }
  return { edits: planRemoval(tables, entity, row.id), result: () => true }
}

/** Kong: options are looked at first. */
function readInput(
  { tables, entity: name }: Place,
  input: unknown,
): { sent: unknown; ttl: number | undefined } {
  const { entity } = tableOf(tables, name)
  const { input: members, ttl } = splitLifetime(entity, input)
  return { sent: resolveReferences(tables, entity, members), ttl }
}

/** The row as it is to be kept; throws what only shows beside other rows (code 2). */
async function finish({ tables, entity }: Place, row: Row, context: FinishContext): Promise<Row> {
  const kind = tableOf(tables, entity).entity
  const finished = await finishRow(kind, row, context)
  // Kong: beside other rows an update is looked at whole, with what it keeps.
  const sent = { ...context.current, ...context.sent }
  const errors = kind.relate?.(finished, readsOf(tables), sent)
  if (errors !== undefined && Object.keys(errors).length > 0) {
    throw entityErrors.schemaViolation(errors)
  }
  return finished
}

function planPut({ tables, entity }: Place, row: Row): Plan<Row> {
  checkRow(tables, tableOf(tables, entity), row)
  return {
    edits: [{ entity, id: row.id, row }],
    result: () => tableOf(tables, entity).get(row.id) ?? row,
  }
}

/** The members of what a schema took for a record. */
function membersOf(sent: unknown): Input {
  return isObject(sent) ? sent : {}
}

/** As PostgreSQL keeps it, whatever was sent. */
function lowerId(row: Row): Row {
  const id = row.id.toLowerCase()
  return id === row.id ? row : { ...row, id }
}

/** The path's id wins. What is no record stays as it is, for the schema to refuse. */
function withId(input: unknown, id: string): unknown {
  if (isObject(input)) return { ...input, id }
  return input === undefined || (Array.isArray(input) && input.length === 0) ? { id } : input
}
