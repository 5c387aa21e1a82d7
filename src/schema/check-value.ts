import { isUuid } from '../lib/uuid.ts'
import { checkEntity } from './check-entity.ts'
import type { ErrorTree, FieldErrors } from './error-tree.ts'
import { noErrors } from './error-tree.ts'
import { entriesOf, type Fields, getOwn, isObject, type Rules } from './field.ts'
import { isReference } from './reference.ts'
import { firstBroken } from './rules.ts'

/** What a record without some value is told. */
const REQUIRED = 'required field missing'

/** What a member that has no field is told. */
export const UNKNOWN = 'unknown field'

type Members = Readonly<Record<string, unknown>>

/** How a value comes to be checked. */
export interface Checking {
  /** Whether a row is being changed, which some texts say. */
  readonly updating: boolean
}

const ANEW: Checking = { updating: false }

/** What is wrong with a value, in Kong's words: text, a tree for composites, or undefined. */
export function checkValue(
  rules: Rules,
  value: unknown,
  checking: Checking = ANEW,
): ErrorTree | undefined {
  if (value === null || value === undefined) return checkNull(rules)
  if (rules.eq === null) return rules.err ?? 'value must be null'
  const mistyped = checkType(rules, value, checking)
  if (mistyped !== undefined) return mistyped
  if (rules.referenceable === true && isReference(value)) return undefined
  return firstBroken(rules, value)
}

/** What is wrong with the members of a record, unknown ones included. */
export function checkMembers(
  fields: Fields,
  value: Members,
  checking: Checking = ANEW,
): FieldErrors {
  const errors = noErrors()
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) errors[name] = UNKNOWN
  }
  for (const [name, field] of entriesOf(fields)) {
    const error = checkValue(field, getOwn(value, name), checking)
    if (error !== undefined) errors[name] = error
  }
  return errors
}

function checkNull(rules: Rules): string | undefined {
  if (rules.ne === null) return rules.err ?? 'value must not be null'
  if (rules.eq !== undefined && rules.eq !== null) return rules.err ?? `value must be ${rules.eq}`
  return rules.required === true ? REQUIRED : undefined
}

function checkType(rules: Rules, value: unknown, checking: Checking): ErrorTree | undefined {
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
      return isObject(value) ? checkMap(rules, value, checking) : 'expected a map'
    case 'record':
      return isObject(value) ? checkRecord(rules, value, checking) : 'expected a record'
    case 'array':
    case 'set':
    case undefined:
      return checkList(rules, value, checking)
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

function checkList(rules: Rules, value: unknown, checking: Checking): ErrorTree | undefined {
  if (!Array.isArray(value)) {
    return rules.type === undefined
      ? undefined
      : `expected ${rules.type === 'set' ? 'a set' : 'an array'}`
  }
  const { elements } = rules
  if (elements === undefined) return undefined

  const errors: (ErrorTree | null)[] = []
  for (let i = 0; i < value.length; i++) {
    const element: unknown = value[i]
    const error = element === null ? REQUIRED : checkValue(elements, element, checking)
    if (error === undefined) continue
    while (errors.length < i) errors.push(null)
    errors.push(error)
  }
  return errors.length > 0 ? errors : undefined
}

/** Kong tells the first thing wrong with a map, without its key. */
function checkMap(rules: Rules, value: Members, checking: Checking): ErrorTree | undefined {
  for (const [key, item] of Object.entries(value)) {
    const error =
      (rules.keys && checkValue(rules.keys, key, checking)) ??
      (item === null ? REQUIRED : rules.values && checkValue(rules.values, item, checking))
    if (error !== undefined) return error
  }
  return undefined
}

function checkRecord(rules: Rules, value: Members, checking: Checking): ErrorTree | undefined {
  const { fields, entity_checks: checks } = rules
  if (fields === undefined) return undefined
  const errors = checkMembers(fields, value, checking)
  if (checks !== undefined) {
    checkEntity(checks, value, errors, { fields, check: checkValue, updating: checking.updating })
  }
  return isEmpty(errors) ? undefined : errors
}

function isEmpty(errors: FieldErrors): boolean {
  for (const _ in errors) return false
  return true
}
