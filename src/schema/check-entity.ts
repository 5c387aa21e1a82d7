import {
  addEntityError,
  type ErrorTree,
  type FieldErrors,
  hasErrorAt,
  setErrorAt,
} from './error-tree.ts'
import type {
  Conditional,
  ConditionalAtLeastOneOf,
  CustomCheck,
  EntityCheck,
  Rules,
} from './field.ts'
import { getOwn, isObject } from './field.ts'

/** What the checks lean on: the check of one value, and whether a row is being changed. */
export interface CheckContext {
  check(rules: Rules, value: unknown): ErrorTree | undefined
  readonly updating: boolean
}

type Value = Readonly<Record<string, unknown>>

/** Runs the rules over several fields, in order, also when fields failed; adds to `errors`. */
export function checkEntity(
  checks: readonly EntityCheck[],
  value: Value,
  errors: FieldErrors,
  context: CheckContext,
): void {
  for (const check of checks) {
    const broken = runCheck(check, value, errors, context)
    if (broken !== undefined) addEntityError(errors, broken)
  }
}

function runCheck(
  check: EntityCheck,
  value: Value,
  errors: FieldErrors,
  context: CheckContext,
): string | undefined {
  if ('conditional' in check) return conditional(check.conditional, value, errors, context)
  if ('conditional_at_least_one_of' in check) {
    return conditionalAtLeastOneOf(check.conditional_at_least_one_of, value, context)
  }
  if ('custom_entity_check' in check) return custom(check.custom_entity_check, value, errors)
  if ('at_least_one_of' in check) {
    const names = check.at_least_one_of
    if (countOf(names, value) > 0) return undefined
    const prefix = context.updating ? 'when updating, ' : ''
    return `${prefix}at least one of these fields must be non-empty: ${quoted(names)}`
  }
  return runCount(check, value)
}

function runCount(
  check: Exclude<EntityCheck, Record<'conditional', unknown>>,
  value: Value,
): string | undefined {
  if ('only_one_of' in check) {
    const names = check.only_one_of
    if (countOf(names, value) === 1) return undefined
    return `exactly one of these fields must be non-empty: ${quoted(names)}`
  }
  if ('mutually_exclusive' in check) {
    const names = check.mutually_exclusive
    if (countOf(names, value) <= 1) return undefined
    return `only one or none of these fields must be set: ${quoted(names)}`
  }
  if ('mutually_required' in check) {
    const names = check.mutually_required
    const count = countOf(names, value)
    if (count === 0 || count === names.length) return undefined
    return `all or none of these fields must be set: ${quoted(names)}`
  }
  return 'distinct' in check ? distinct(check.distinct, value) : undefined
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

/** Kong says such a failure twice: on the whole, and on the field it is about. */
function conditional(
  rule: Conditional,
  value: Value,
  errors: FieldErrors,
  { check }: CheckContext,
): string | undefined {
  if (!applies(rule, value, check)) return undefined

  const error = check(rule.then_match, valueAt(value, rule.then_field))
  if (error === undefined) return undefined
  setErrorAt(errors, rule.then_field, rule.then_err ?? error)
  return `failed conditional validation given value of field '${rule.if_field}'`
}

function conditionalAtLeastOneOf(
  rule: ConditionalAtLeastOneOf,
  value: Value,
  { check }: CheckContext,
): string | undefined {
  const names = rule.then_at_least_one_of
  if (!applies(rule, value, check) || countOf(names, value) > 0) return undefined
  const text = rule.then_err ?? 'at least one of these fields must be non-empty: %s'
  return text.replace('%s', () => quoted(names))
}

/** A condition on a field without value does not hold. */
function applies(
  rule: { readonly if_field: string; readonly if_match: Rules },
  value: Value,
  check: CheckContext['check'],
): boolean {
  const tested = valueAt(value, rule.if_field)
  if (tested === null || tested === undefined) return rule.if_match.eq === null
  return check(rule.if_match, tested) === undefined
}

function custom(rule: CustomCheck, value: Value, errors: FieldErrors): string | undefined {
  const failed = rule.field_sources.some((name) => hasErrorAt(errors, name))
  if (failed && rule.run_with_invalid_fields !== true) return undefined
  return rule.check?.(value)
}

function valueAt(value: Value, path: string): unknown {
  let at: unknown = value
  for (const name of path.split('.')) at = isObject(at) ? getOwn(at, name) : undefined
  return at
}

function countOf(names: readonly string[], value: Value): number {
  return names.filter((name) => isNonEmpty(valueAt(value, name))).length
}

function isNonEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  return !isObject(value) || Object.keys(value).length > 0
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ')
}
