import { checkEntity } from './check-entity.ts'
import { checkMembers, checkValue } from './check-value.ts'
import type { Entity, Input, Row, Subschema, WriteMode } from './entity.ts'
import { entityErrors } from './entity-error.ts'
import { type FieldErrors, noErrors } from './error-tree.ts'
import { entriesOf, type Field, type Fields, getOwn, isObject } from './field.ts'
import { fillIn, merge, settleMembers } from './fill.ts'

/** Where a row's clock, ids and secrets come from. */
export interface ValidateContext {
  /** Milliseconds since 1970. */
  readonly now: number
  newId(): string
  secret(): string
}

/** The row a POST makes; throws every violation at once (code 2). */
export function rowForInsert(entity: Entity, input: unknown, context: ValidateContext): Row {
  return makeRow({ entity, input, mode: 'insert', context })
}

/** The row a PUT leaves: nothing of the old one stays. */
export function rowForUpsert(entity: Entity, input: unknown, context: ValidateContext): Row {
  return makeRow({ entity, input, mode: 'upsert', context })
}

/** The row a PATCH leaves. */
export function rowForUpdate(
  entity: Entity,
  current: Row,
  patch: unknown,
  context: ValidateContext,
): Row {
  return makeRow({ entity, input: patch, mode: 'update', context, current })
}

/** The row of an entity in a declarative file. */
export function rowForDeclarative(entity: Entity, input: unknown, context: ValidateContext): Row {
  return makeRow({ entity, input, mode: 'declarative', context })
}

/** Throws what is wrong with an input; nothing is kept. */
export function validateOnly(entity: Entity, input: unknown, context: ValidateContext): void {
  makeRow({ entity, input, mode: 'validate', context })
}

/** Throws code 10 when no row could have that key, such as `/services/a b`. */
export function checkEndpointKey(entity: Entity, text: string): void {
  const { endpointKey } = entity
  if (endpointKey === undefined || entity.lenientKey === true) return
  const error = checkValue(entity.fields[endpointKey] ?? {}, text)
  if (typeof error === 'string') throw entityErrors.invalidUnique(endpointKey, error)
}

interface Writing {
  readonly entity: Entity
  readonly input: unknown
  readonly mode: WriteMode
  readonly context: ValidateContext
  readonly current?: Row
}

function makeRow({ entity, input, mode, context, current }: Writing): Row {
  const sent = asMembers(input)
  const early = noErrors()
  const expanded = expandShorthands(entity, entity.prepare?.(sent, mode) ?? sent, early)
  const given =
    current === undefined
      ? expanded
      : merge(entity.fields, current, { ...expanded, id: current.id })

  const kind = subschemaOf(entity, given)
  const fields = fieldsOf(entity, kind.subschema)
  const row = fillIn(fields, given, autoFields(fields, given, context))

  const errors = checkMembers(fields, row)
  if (kind.error !== undefined) errors[kind.key] = kind.error
  // An update's violation of a rule over fields says so; those of the kind come first in Kong.
  const checks = [...(kind.subschema?.entityChecks ?? []), ...(entity.entityChecks ?? [])]
  checkEntity(checks, row, errors, { check: checkValue, updating: mode === 'update' })
  Object.assign(errors, entity.refuse?.(sent, mode), early)
  if (Object.keys(errors).length > 0) throw entityErrors.schemaViolation(errors)

  return settleMembers(fields, asRow(row))
}

function asRow(row: Record<string, unknown>): Row {
  if (hasId(row)) return row
  throw new Error('Cannot make a row of an entity without an id')
}

function hasId(row: Record<string, unknown>): row is Row {
  return typeof row.id === 'string'
}

const merged = new WeakMap<Subschema, Fields>()

/** The fields of an entity of one kind, put together once. */
function fieldsOf(entity: Entity, kind: Subschema | undefined): Fields {
  if (kind?.fields === undefined) return entity.fields
  const fields = merged.get(kind) ?? { ...entity.fields, ...kind.fields }
  merged.set(kind, fields)
  return fields
}

function asMembers(input: unknown): Input {
  if (isObject(input)) return input
  if (input === undefined || (Array.isArray(input) && input.length === 0)) return {}
  throw entityErrors.schemaViolation({ '@entity': ['expected a record'] })
}

function expandShorthands(entity: Entity, input: Input, errors: FieldErrors): Input {
  let expanded = input
  for (const [name, { field, expand }] of Object.entries(entity.shorthands ?? {})) {
    const value = getOwn(expanded, name)
    if (value === undefined) continue
    const error = checkValue(field, value)
    if (error !== undefined) errors[name] = error
    const { [name]: _written, ...rest } = expanded
    expanded = error === undefined ? { ...rest, ...expand(value) } : rest
  }
  return expanded
}

interface Kind {
  readonly key: string
  readonly subschema?: Subschema
  readonly error?: string
}

function subschemaOf({ fields, subschema }: Entity, given: Input): Kind {
  if (subschema === undefined) return { key: '' }
  const { key, find, unknown } = subschema
  const field = fields[key]
  const value = getOwn(given, key) ?? field?.default
  if (value === null || value === undefined) return { key }

  const found = find(value)
  if (found !== undefined) return { key, subschema: found }
  // Of the wrong type altogether: the field's own check says so.
  const mistyped =
    field !== undefined && typeof checkValue({ type: field.type }, value) === 'string'
  return mistyped ? { key } : { key, error: unknown(value) }
}

function autoFields(fields: Fields, given: Input, context: ValidateContext): Input {
  const auto: Record<string, unknown> = {}
  for (const [name, field] of entriesOf(fields)) {
    if (field.auto !== true) continue
    // Kong: a sent updated_at is not even looked at.
    if (name !== 'updated_at' && (getOwn(given, name) ?? null) !== null) continue
    auto[name] = autoValue(field, context)
  }
  return auto
}

function autoValue(field: Field, context: ValidateContext): unknown {
  if (field.timestamp === true) {
    return field.type === 'integer' ? Math.floor(context.now / 1000) : context.now / 1000
  }
  return field.uuid === true ? context.newId() : context.secret()
}
