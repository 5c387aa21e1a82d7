import { isUuid } from '../lib/uuid.ts'
import { checkEntity } from './check-entity.ts'
import type { ErrorTree } from './error-tree.ts'
import { noErrors } from './error-tree.ts'
import { entriesOf, type Fields, getOwn, isObject, type Rules } from './field.ts'
import { firstBroken } from './rules.ts'

const REQUIRED = 'required field missing'

/** What is wrong with a value, in Kong's words: text, a tree for composites, or undefined. */
export function checkValue(rules: Rules, value: unknown): ErrorTree | undefined {
  if (value === null || value === undefined) return checkNull(rules)
  if (rules.eq === null) return rules.err ?? 'value must be null'
  return checkType(rules, value) ?? firstBroken(rules, value)
}

/** What is wrong with the members of a record, unknown ones included. */
export function checkMembers(
  fields: Fields,
  value: Readonly<Record<string, unknown>>,
): ReturnType<typeof noErrors> {
  const errors = noErrors()
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) errors[name] = 'unknown field'
  }
  for (const [name, field] of entriesOf(fields)) {
    const error = checkValue(field, getOwn(value, name))
    if (error !== undefined) errors[name] = error
  }
  return errors
}

function checkNull(rules: Rules): string | undefined {
  if (rules.ne === null) return rules.err ?? 'value must not be null'
  if (rules.eq !== undefined && rules.eq !== null) return rules.err ?? `value must be ${rules.eq}`
  return rules.required === true ? REQUIRED : undefined
}

function checkType(rules: Rules, value: unknown): ErrorTree | undefined {
  switch (rules.type) {
    case 'string':
      return typeof value === 'string' ? undefined : 'expected a string'
    case 'number':
      // YAML knows `.nan`, which no bound would stop.
      return typeof value === 'number' && !Number.isNaN(value) ? undefined : 'expected a number'
    case 'integer':
      return isInteger(value) ? undefined : 'expected an integer'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'expected a boolean'
    case 'foreign':
      return checkReference(value)
    case 'map':
      return isObject(value) ? checkMap(rules, value) : 'expected a map'
    case 'record':
      return isObject(value) ? checkRecord(rules, value) : 'expected a record'
    case 'array':
    case 'set':
    case undefined:
      return checkList(rules, value)
    default:
      return undefined
  }
}

/** Beyond 64 bits the databases behind Kong fail; refused here instead. */
function isInteger(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63
}

function checkReference(value: unknown): ErrorTree | undefined {
  const id = isObject(value) ? getOwn(value, 'id') : undefined
  if (id === undefined || id === null) return { id: 'missing primary key' }
  if (typeof id !== 'string') return { id: 'expected a string' }
  return isUuid(id) ? undefined : { id: 'expected a valid UUID' }
}

function checkList(rules: Rules, value: unknown): ErrorTree | undefined {
  if (!Array.isArray(value)) {
    return rules.type === undefined
      ? undefined
      : `expected ${rules.type === 'set' ? 'a set' : 'an array'}`
  }
  const { elements } = rules
  if (elements === undefined) return undefined

  const errors: (ErrorTree | null)[] = []
  for (const [i, element] of value.entries()) {
    const error = element === null ? REQUIRED : checkValue(elements, element)
    if (error === undefined) continue
    while (errors.length < i) errors.push(null)
    errors.push(error)
  }
  return errors.length > 0 ? errors : undefined
}

function checkMap(rules: Rules, value: Readonly<Record<string, unknown>>): ErrorTree | undefined {
  const errors = noErrors()
  for (const [key, item] of Object.entries(value)) {
    const error =
      (rules.keys && checkValue(rules.keys, key)) ??
      (item === null ? REQUIRED : rules.values && checkValue(rules.values, item))
    if (error !== undefined) errors[key] = error
  }
  return Object.keys(errors).length > 0 ? errors : undefined
}

function checkRecord(
  rules: Rules,
  value: Readonly<Record<string, unknown>>,
): ErrorTree | undefined {
  if (rules.fields === undefined) return undefined
  const errors = checkMembers(rules.fields, value)
  checkEntity(rules.entity_checks ?? [], value, errors, { check: checkValue, updating: false })
  return Object.keys(errors).length > 0 ? errors : undefined
}
