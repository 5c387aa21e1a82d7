import { perObject } from '../lib/per-object.ts'
import { checkEntity } from './check-entity.ts'
import { passes } from './check-filled.ts'
import { checkGiven, checkMembers, checkValue, UNKNOWN } from './check-value.ts'
import { deprecationsIn } from './deprecation.ts'
import type { Entity, Input, Row, WriteMode } from './entity.ts'
import { entityErrors } from './entity-error.ts'
import { type ErrorTree, type FieldErrors, hasErrors, mergeErrors, noErrors } from './error-tree.ts'
import {
  type EntityCheck,
  entriesOf,
  type Field,
  type Fields,
  getOwn,
  isObject,
  setOwn,
} from './field.ts'
import { fillIn, merge } from './fill.ts'
import { hintOf } from './hint.ts'
import { fieldsOf, type Kind, kindOf } from './kind.ts'
import { settleMembers } from './settle.ts'
import { expandShorthands } from './shorthand.ts'

/** Where a row's clock, ids and secrets come from. */
export interface ValidateContext {
  /** Milliseconds since 1970. */
  readonly now: number
  newId(): string
  secret(): string
  /** Told of what is deprecated in a row that is good. */
  warn?(text: string, fields: Readonly<Record<string, unknown>>): void
  /** Finds what a reference leads to, to tell more of one that is none; not asked otherwise. */
  entityOf?(name: string): Entity | undefined
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
  makeRow({ entity, input: withoutLifetime(entity, input), mode: 'validate', context })
}

/** Kong: the option `ttl` is no field, and here nobody looks at it. */
function withoutLifetime(entity: Entity, input: unknown): unknown {
  if (entity.ttl !== true || !isObject(input)) return input
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== 'ttl'))
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

function makeRow(writing: Writing): Row {
  const { entity, mode, context, current } = writing
  const sent = asMembers(writing.input)
  const { given, fields, kind } = readSent(writing, entity.prepare?.(sent, mode) ?? sent)
  const filled = fillIn(fields, given, {
    forced: autoFields(fields, given, context),
    auto: (field) => autoValue(field, context),
    recognise: mode === 'declarative',
  })
  // Kong: what a set holds twice is gone before its elements are looked at, and counted.
  const row = settleMembers(fields, filled)

  // An update's violation of a rule over fields says so; those of the kind come last in Kong.
  const checking = { fields, check: checkValue, updating: current !== undefined }
  const isRight = current === undefined && passes(fields, { given, filled: row })
  let errors = isRight ? undefined : checkMembers(fields, row, checking)
  if (errors !== undefined) lookIntoReferences(fields, { sent: given, errors, context })
  errors = checkEntity(entity.entityChecks ?? NO_CHECKS, row, errors, checking)
  errors = checkEntity(kind.subschema?.entityChecks ?? NO_CHECKS, row, errors, checking)
  const refused = entity.refuse?.(sent, mode, row)
  if (refused !== undefined && hasErrors(refused)) {
    errors = mergeErrors(errors, refused)
  }
  if (errors !== undefined) refuseAny(errors, entity, fields)
  for (const text of deprecationsIn(fields, { sent, row })) context.warn?.(text, { id: row.id })

  // What only `/schemas` knows of may have no id; nothing is kept of it.
  return asRow(fields.id === undefined ? { id: '', ...row } : row)
}

/** Kong: an object without a usable id is looked at as what it leads to, and blamed for that first. */
function lookIntoReferences(
  fields: Fields,
  found: { readonly sent: Input; readonly errors: FieldErrors; readonly context: ValidateContext },
): void {
  const { sent, errors, context } = found
  for (const name of Object.keys(errors)) {
    const { reference } = fields[name] ?? {}
    const value = getOwn(sent, name)
    if (reference === undefined || typeof errors[name] === 'string') continue
    if (typeof value !== 'object' || value === null) continue
    const to = context.entityOf?.(reference)
    const inner = to === undefined ? undefined : errorsWithin(to, value)
    if (inner !== undefined) errors[name] = inner
  }
}

function errorsWithin(to: Entity, value: object): ErrorTree | undefined {
  const { key } = to.subschema ?? {}
  // Kong: what does not say its kind is looked at no further.
  const isNamed = key === undefined || (getOwn(value, key) ?? null) !== null
  if (!isNamed) return { [key]: 'required field missing' }
  if (!isObject(value)) return listErrors(value)
  const { errors, subschema } = kindOf(to, value)
  return errors ?? checkGiven(fieldsOf(to, subschema), value)
}

/** The members of a list are fields of no entity. */
function listErrors(list: object): ErrorTree | undefined {
  const unknown = Object.keys(list).map(() => UNKNOWN)
  return unknown.length === 0 ? undefined : unknown
}

const NO_CHECKS: readonly EntityCheck[] = []

interface Read {
  readonly given: Input
  readonly fields: Fields
  readonly kind: Kind
}

/** What was sent with all shorthands spelled out, over the row before; and which fields it has. */
function readSent({ entity, current }: Writing, sent: Input): Read {
  const errors = noErrors()
  const expanded = expandOwn(entity, sent, errors)
  const kind = kindOf(entity, expanded, current)
  const fields = fieldsOf(entity, kind.subschema)
  const spelled = expandShorthands(fields, expanded, errors)
  // Kong looks no further when a shorthand is wrong, nor when it cannot tell which kind is meant.
  refuseAny(errors, entity, fields)
  if (kind.errors !== undefined) refuseAny(kind.errors, entity, fields)

  const given =
    current === undefined ? spelled : merge(fields, current, { ...spelled, id: current.id })
  return { given, fields, kind }
}

function refuseAny(errors: FieldErrors, entity: Entity, fields: Fields): void {
  if (!hasErrors(errors)) return
  const hint = hintOf(fields, errors, Object.keys(entity.shorthands ?? {}))
  throw entityErrors.schemaViolation(errors, hint)
}

function asRow(row: Record<string, unknown>): Row {
  if (hasId(row)) return row
  throw new Error('Cannot make a row of an entity without an id')
}

function hasId(row: Record<string, unknown>): row is Row {
  return typeof row.id === 'string'
}

function asMembers(input: unknown): Input {
  if (isObject(input)) return input
  if (input === undefined || (Array.isArray(input) && input.length === 0)) return {}
  throw entityErrors.schemaViolation({ '@entity': ['expected a record'] })
}

function expandOwn({ shorthands }: Entity, input: Input, errors: FieldErrors): Input {
  if (shorthands === undefined) return input
  let expanded = input
  for (const [name, { field, expand }] of Object.entries(shorthands)) {
    const value = getOwn(expanded, name)
    if (value === undefined) continue
    const error = checkValue(field, value)
    if (error !== undefined) errors[name] = error
    const rest = without(expanded, name)
    expanded = error === undefined ? Object.assign(rest, expand(value)) : rest
  }
  return expanded
}

function without(input: Input, left: string): Record<string, unknown> {
  const rest: Record<string, unknown> = {}
  for (const name of Object.keys(input)) if (name !== left) setOwn(rest, name, input[name])
  return rest
}

/** The fields that make their values. */
const autoOf = perObject((fields: Fields) =>
  entriesOf(fields).filter(([, { auto }]) => auto === true),
)

/** The fields whose value is made whatever was given; those that nobody gave are filled in as it is. */
function autoFields(fields: Fields, given: Input, context: ValidateContext): Input {
  let auto: Record<string, unknown> | undefined
  for (const [name, field] of autoOf(fields)) {
    const value = getOwn(given, name)
    // Kong: a sent updated_at is not even looked at.
    if (value === undefined || (name !== 'updated_at' && value !== null)) continue
    auto ??= {}
    auto[name] = autoValue(field, context)
  }
  return auto ?? NO_MEMBERS
}

const NO_MEMBERS: Input = {}

function autoValue(field: Field, context: ValidateContext): unknown {
  if (field.timestamp === true) {
    return field.type === 'integer' ? Math.floor(context.now / 1000) : context.now / 1000
  }
  return field.uuid === true ? context.newId() : context.secret()
}
