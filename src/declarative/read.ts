import type { Entity, Input, Row } from '../schema/entity.ts'
import { EntityError } from '../schema/entity-error.ts'
import { type FieldErrors, noErrors } from '../schema/error-tree.ts'
import { entriesOf, getOwn, isObject } from '../schema/field.ts'
import { rowForDeclarative, type ValidateContext } from '../schema/validate.ts'
import { checkRemarks, collectEntries, type Entry, isRemark } from './entries.ts'
import { assignIds, type FindEntry, indexEntries, keyOf, referenceOf } from './identity.ts'
import { unreadable } from './parse.ts'
import { type LateError, reportErrors } from './report.ts'
import { FORMATS, isMissingTable, refuseTable } from './tables.ts'
import { findClashes } from './uniqueness.ts'

/** What a document is read with. */
export interface ReadOptions {
  readonly entities: readonly Entity[]
  readonly context: ValidateContext
  /** Kong's `flatten_errors`: errors by entity besides the tree. */
  readonly flatten?: boolean
}

/** The rows of a parsed document by table; throws all that is wrong with it at once (code 14). */
export function readDeclarative(document: unknown, options: ReadOptions): Record<string, Row[]> {
  const { entities, context, flatten = false } = options
  if (!isObject(document)) throw unreadable('expected an object')

  const errors = checkTop(document, entities)
  const entries = collectEntries(document, entities, errors)
  const find = indexEntries(entries)
  assignIds(entries, find, () => context.newId())

  const migrating = document._format_version !== '3.0'
  const late: LateError[] = []
  for (const entry of entries) {
    const input = migrating ? (entry.entity.migrate?.(entry.input) ?? entry.input) : entry.input
    late.push(...makeRow(entry, resolve(entry, input, find), context))
  }
  late.push(...findClashes(entries))

  const problem = reportErrors({ entries, errors, late, flatten })
  if (problem !== undefined) throw problem
  return tablesOf(entities, entries)
}

function checkTop(document: Input, entities: readonly Entity[]): FieldErrors {
  const errors = Object.assign(noErrors(), checkRemarks(document))
  const version = document._format_version ?? null
  if (version === null) errors._format_version = 'required field missing'
  else if (typeof version !== 'string') errors._format_version = 'expected a string'
  else if (!FORMATS.some((format) => format === version)) {
    errors._format_version = `expected one of: ${FORMATS.join(', ')}`
  }
  if (typeof (document._transform ?? true) !== 'boolean') {
    errors._transform = 'expected a boolean'
  }

  for (const name of Object.keys(document)) {
    if (name === '_format_version' || name === '_transform' || isRemark(name)) continue
    if (entities.some((entity) => entity.name === name)) continue
    const error = isMissingTable(name, entities)
      ? refuseTable(name, getOwn(document, name))
      : 'unknown field'
    if (error !== undefined) errors[name] = error
  }
  return errors
}

/** An entry's input with its references as ids, and those that lead nowhere. */
interface Resolved {
  readonly input: Input
  readonly unknown: readonly { readonly field: string; readonly text: string }[]
}

function resolve(entry: Entry, input: Input, find: FindEntry): Resolved {
  const resolved: Record<string, unknown> = {}
  const unknown: { field: string; text: string }[] = []
  for (const [field, { reference }] of entriesOf(entry.entity.fields)) {
    if (reference === undefined) continue
    if (entry.parent?.field === field) {
      if ((getOwn(input, field) ?? null) !== null) entry.errors[field] = 'value must be null'
      resolved[field] = { id: entry.parent.entry.id }
      continue
    }
    const name = referenceOf(entry, field)
    if (typeof name !== 'string') continue
    const found = find(reference, name)
    // An id that leads nowhere stands in until the error is told.
    resolved[field] = { id: found?.id ?? entry.id }
    if (found !== undefined) continue
    const text = `invalid reference '${field}: ${name}' (no such entry in '${reference}')`
    unknown.push({ field, text })
  }
  return { input: { ...input, ...resolved }, unknown }
}

function makeRow(
  entry: Entry,
  { input, unknown }: Resolved,
  context: ValidateContext,
): LateError[] {
  if (entry.whole.length > 0) return []
  const id = getOwn(input, 'id') ?? entry.id
  try {
    entry.row = rowForDeclarative(entry.entity, { ...input, id }, context)
  } catch (error) {
    if (!(error instanceof EntityError) || error.code !== 2) throw error
    // Code 2 brings what checkMembers found.
    Object.assign(entry.errors, error.fields)
  }
  return unknown.map(({ field, text }) => ({
    entry,
    text,
    field,
    keyed: keyOf(entry) !== undefined || getOwn(entry.input, 'id') !== undefined,
  }))
}

function tablesOf(entities: readonly Entity[], entries: readonly Entry[]): Record<string, Row[]> {
  const tables: Record<string, Row[]> = {}
  for (const { name } of entities) tables[name] = []
  for (const { entity, row } of entries) if (row !== undefined) tables[entity.name]?.push(row)
  return tables
}
