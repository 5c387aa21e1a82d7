import {
  addEntityError,
  type ErrorTree,
  type FieldErrors,
  hasErrorAt,
  noErrors,
  setErrorAt,
} from './error-tree.ts'
import type {
  Conditional,
  ConditionalAtLeastOneOf,
  CustomCheck,
  EntityCheck,
  Fields,
  Rules,
} from './field.ts'
import { getOwn, isObject } from './field.ts'
import { isReference } from './reference.ts'

/** What the checks lean on: the fields, the check of one value, and whether a row is being changed. */
export interface CheckContext {
  readonly fields: Fields
  check(rules: Rules, value: unknown): ErrorTree | undefined
  readonly updating: boolean
}

type Value = Readonly<Record<string, unknown>>

/** A broken check: what it says of the whole, and maybe of one field. */
interface Broken {
  readonly text?: string
  readonly field?: { readonly path: string; readonly error: ErrorTree }
}

/**
 * Runs the rules over several fields, in order, also when fields failed. Gives the errors with those
 * it found, undefined as long as there are none.
 */
export function checkEntity(
  checks: readonly EntityCheck[],
  value: Value,
  before: FieldErrors | undefined,
  context: CheckContext,
): FieldErrors | undefined {
  let errors = before
  for (const check of checks) {
    const broken = runCheck(check, value, errors, context)
    if (broken === undefined || isExempt(check, value, context)) continue
    errors ??= noErrors()
    if (broken.field !== undefined) setErrorAt(errors, broken.field.path, broken.field.error)
    if (broken.text !== undefined) addEntityError(errors, broken.text)
  }
  return errors
}

function runCheck(
  check: EntityCheck,
  value: Value,
  errors: FieldErrors | undefined,
  context: CheckContext,
): Broken | undefined {
  if ('conditional' in check) return conditional(check.conditional, value, context)
  const text = textOf(check, value, errors, context)
  return text === undefined ? undefined : { text }
}

function textOf(
  check: Exclude<EntityCheck, Record<'conditional', unknown>>,
  value: Value,
  errors: FieldErrors | undefined,
  context: CheckContext,
): string | undefined {
  if ('conditional_at_least_one_of' in check) {
    return conditionalAtLeastOneOf(check.conditional_at_least_one_of, value, context)
  }
  if ('custom_entity_check' in check) return custom(check.custom_entity_check, value, errors)
  if ('at_least_one_of' in check) {
    const names = check.at_least_one_of
    return countOf(names, value) > 0 ? undefined : atLeastOne(names, context)
  }
  return runCount(check, value, errors)
}

function atLeastOne(names: readonly string[], { updating }: CheckContext): string {
  const prefix = updating ? 'when updating, ' : ''
  return `${prefix}at least one of these fields must be non-empty: ${quoted(names)}`
}

function runCount(
  check: Exclude<EntityCheck, Record<'conditional', unknown>>,
  value: Value,
  errors: FieldErrors | undefined,
): string | undefined {
  if ('only_one_of' in check) {
    const names = check.only_one_of
    if (countOf(names, value) === 1) return undefined
    return `exactly one of these fields must be non-empty: ${quoted(names)}`
  }
  if ('mutually_exclusive' in check) {
    const names = check.mutually_exclusive
    if (countOf(names, value) <= 1 || haveFailed(names, errors)) return undefined
    return `only one or none of these fields must be set: ${quoted(names)}`
  }
  if ('mutually_required' in check) {
    const names = check.mutually_required
    const count = countOf(names, value)
    if (count === 0 || count === names.length || haveFailed(names, errors)) return undefined
    return `all or none of these fields must be set: ${quoted(names)}`
  }
  return 'distinct' in check ? distinct(check.distinct, value) : undefined
}

/** Kong looks for a failure under a field's whole name, where one of a dotted name never stands. */
function haveFailed(names: readonly string[], errors: FieldErrors | undefined): boolean {
  return errors !== undefined && names.some((name) => errors[name] !== undefined)
}

function distinct(names: readonly string[], value: Value): string | undefined {
  const seen = new Set<unknown>()
  for (const name of names) {
    const item = valueAt(value, name)
    if (!isNonEmpty(item)) continue
    if (seen.has(item)) return `values of these fields must be distinct: ${quoted(names)}`
    seen.add(item)
  }
  return undefined
}

/** Kong says such a failure twice: on the whole, where `then_err` goes, and on the field. */
function conditional(rule: Conditional, value: Value, context: CheckContext): Broken | undefined {
  const { then_field: path, then_match } = rule
  const item = valueAt(value, path)
  if (valueAt(value, rule.if_field) === undefined) return lacking(rule.if_field, item, context)
  // Of a value that is not there, the cheaper question comes first: most rows have none.
  const isUnset = item === null || item === undefined
  if (!isUnset && !applies(rule, value, context)) return undefined

  const error = context.check(inherit(then_match, path, context.fields), item)
  if (error === undefined || (isUnset && !applies(rule, value, context))) return undefined
  const text =
    rule.then_err ?? `failed conditional validation given value of field '${rule.if_field}'`
  return { text, field: { path, error } }
}

/** Kong: a rule that lacks the field it asks about says so there, unless its other is lacking too. */
function lacking(path: string, other: unknown, { updating }: CheckContext): Broken | undefined {
  if (other === undefined) return undefined
  return { field: { path, error: `field required for entity check${updating ? WHEN : ''}` } }
}

const WHEN = ' when updating'

function conditionalAtLeastOneOf(
  rule: ConditionalAtLeastOneOf,
  value: Value,
  context: CheckContext,
): string | undefined {
  const names = rule.then_at_least_one_of
  if (countOf(names, value) > 0 || !applies(rule, value, context)) return undefined
  return rule.then_err?.replace('%s', () => quoted(names)) ?? atLeastOne(names, context)
}

/** A condition on a field that is not there at all, such as one of a null record, does not hold. */
function applies(
  { if_field, if_match }: { readonly if_field: string; readonly if_match: Rules },
  value: Value,
  { check, fields }: CheckContext,
): boolean {
  const tested = valueAt(value, if_field)
  return tested !== undefined && check(inherit(if_match, if_field, fields), tested) === undefined
}

const inherited = new WeakMap<Rules, WeakMap<Fields, Map<string, Rules>>>()

/** Kong: what a condition asks comes on top of the field's own rules. */
function inherit(match: Rules, path: string, fields: Fields): Rules {
  const ofMatch = inherited.get(match) ?? new WeakMap<Fields, Map<string, Rules>>()
  const ofFields = ofMatch.get(fields) ?? new Map<string, Rules>()
  const known = ofFields.get(path)
  if (known !== undefined) return known

  const rules = { ...fieldAt(fields, path), ...match }
  inherited.set(match, ofMatch.set(fields, ofFields.set(path, rules)))
  return rules
}

function fieldAt(fields: Fields, path: string): Rules | undefined {
  let at: Rules | undefined = { fields }
  for (const name of path.split('.')) at = at?.fields?.[name]
  return at
}

/**
 * Kong: nothing is asked of fields whose whole record is null, but that one of them be set, and that
 * of new rows only; nor where a reference stands for a value nobody knows yet.
 */
function isExempt(check: EntityCheck, value: Value, { fields, updating }: CheckContext): boolean {
  const names = namesOf(check)
  const missing = names.every((path) => valueAt(value, path) === undefined)
  if (missing && (updating || !('at_least_one_of' in check))) return true
  return names.some(
    (path) => isReference(valueAt(value, path)) && fieldAt(fields, path)?.referenceable === true,
  )
}

function namesOf(check: EntityCheck): readonly string[] {
  if ('conditional' in check) return [check.conditional.if_field, check.conditional.then_field]
  if ('conditional_at_least_one_of' in check) {
    const { if_field, then_at_least_one_of } = check.conditional_at_least_one_of
    return [if_field, ...then_at_least_one_of]
  }
  if ('custom_entity_check' in check) return check.custom_entity_check.field_sources
  return Object.values(check)[0] ?? []
}

function custom(
  rule: CustomCheck,
  value: Value,
  errors: FieldErrors | undefined,
): string | undefined {
  const failed = errors !== undefined && rule.field_sources.some((name) => hasErrorAt(errors, name))
  if (failed && rule.run_with_invalid_fields !== true) return undefined
  return rule.check?.(value)
}

function valueAt(value: Value, path: string): unknown {
  if (!path.includes('.')) return getOwn(value, path)
  let at: unknown = value
  for (const name of path.split('.')) at = isObject(at) ? getOwn(at, name) : undefined
  return at
}

function countOf(names: readonly string[], value: Value): number {
  let count = 0
  for (const name of names) if (isNonEmpty(valueAt(value, name))) count++
  return count
}

function isNonEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  return !isObject(value) || Object.keys(value).length > 0
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ')
}
