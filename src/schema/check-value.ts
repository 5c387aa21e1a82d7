import { perObject } from '../lib/per-object.ts'
import { isUuid } from '../lib/uuid.ts'
import { checkEntity } from './check-entity.ts'
import type { ErrorTree, FieldErrors } from './error-tree.ts'
import { noErrors } from './error-tree.ts'
import { entriesOf, type Fields, getOwn, isObject, type Rules } from './field.ts'
import { IGNORED } from './fill.ts'
import { isReference } from './reference.ts'
import { brokenBy } from './rules.ts'

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
  return checkOf(rules)(value, checking)
}

/** What is wrong with the members of a record, unknown ones included; undefined when nothing is. */
export function checkMembers(
  fields: Fields,
  value: Members,
  checking: Checking = ANEW,
): FieldErrors | undefined {
  let errors: FieldErrors | undefined
  let found = 0
  const members = membersOf(fields)
  for (let i = 0; i < members.length; i++) {
    const member = members[i]
    if (member === undefined) continue
    const { name } = member
    const item = member.inherited ? getOwn(value, name) : value[name]
    if (item !== undefined) found++
    // Of ten thousand rows most have most fields unset, or as the schema fills them in.
    if (item === member.passed && item !== undefined) continue
    const error = member.check(item, checking)
    if (error === undefined) {
      if (isConstant(item) || item === member.usual) member.passed = item
      continue
    }
    errors ??= noErrors()
    errors[name] = error
  }
  return countOf(value) === found ? errors : withUnknown(fields, Object.keys(value), errors)
}

/** What is wrong with the members that are there; those that are not are not asked for. */
export function checkGiven(fields: Fields, value: Members): FieldErrors | undefined {
  let errors: FieldErrors | undefined
  for (const name of Object.keys(value)) {
    if (name === IGNORED) continue
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const error = field === undefined ? UNKNOWN : checkValue(field, getOwn(value, name))
    if (error === undefined) continue
    errors ??= noErrors()
    errors[name] = error
  }
  return errors
}

/** Whether nothing is wrong with the value of a member, in a new row. */
export function passesMember(member: Member, item: unknown): boolean {
  if (item === member.passed && item !== undefined) return true
  if (member.check(item, ANEW) !== undefined) return false
  if (isConstant(item) || item === member.usual) member.passed = item
  return true
}

function countOf(value: Members): number {
  let count = 0
  for (const _ in value) count++
  return count
}

/** Unknown members are told of first. */
function withUnknown(
  fields: Fields,
  names: readonly string[],
  errors: FieldErrors | undefined,
): FieldErrors | undefined {
  const unknown = names.filter((name) => !Object.hasOwn(fields, name) && name !== IGNORED)
  if (unknown.length === 0) return errors
  const all = noErrors()
  for (const name of unknown) all[name] = UNKNOWN
  return Object.assign(all, errors)
}

type Check = (value: unknown, checking: Checking) => ErrorTree | undefined

/** What is the same whenever it is the very same, and often comes again. */
function isConstant(item: unknown): boolean {
  return item === null || typeof item === 'boolean' || typeof item === 'number'
}

/** A field with its check. */
export interface Member {
  readonly name: string
  /** Whether every object seems to have it. */
  readonly inherited: boolean
  readonly check: Check
  /** The list that is the field's default: not to be changed by anybody. */
  readonly usual: unknown
  /** The last value that nothing was wrong with, where it is such that it need not be asked again. */
  passed: unknown
}

/** The fields with their checks, made once: rows come by the ten thousand. */
export const membersOf = perObject((fields: Fields): readonly Member[] =>
  entriesOf(fields).map(([name, field]) => ({
    name,
    inherited: name in Object.prototype,
    check: checkOf(field),
    usual: Array.isArray(field.default) ? field.default : null,
    passed: undefined,
  })),
)

const checkOf: (rules: Rules) => Check = perObject(makeCheck)

function makeCheck(rules: Rules): Check {
  const { eq, err, referenceable } = rules
  const unset = checkNull(rules)
  const findBroken = brokenBy(rules)
  return (value, checking) => {
    if (value === null || value === undefined) return unset
    if (eq === null) return err ?? 'value must be null'
    const mistyped = checkType(rules, value, checking)
    if (mistyped !== undefined) return mistyped
    if (referenceable === true && isReference(value)) return undefined
    return findBroken(value)
  }
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
      if (Array.isArray(value)) return checkPlaces(rules.keys)
      return isObject(value) ? checkMap(rules, value, checking) : 'expected a map'
    case 'record':
      if (Array.isArray(value)) return value.map(() => UNKNOWN)
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
  if (id === undefined) return { id: 'missing primary key' }
  if (id === null) return { id: REQUIRED }
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

  const check = checkOf(elements)
  let errors: (ErrorTree | null)[] | undefined
  for (let i = 0; i < value.length; i++) {
    const element: unknown = value[i]
    const error = element === null ? REQUIRED : check(element, checking)
    if (error === undefined) continue
    errors ??= []
    while (errors.length < i) errors.push(null)
    errors.push(error)
  }
  return errors
}

/** To Kong a list is a table as any other, whose names are its places: 1, 2, 3. */
function checkPlaces(keys: Rules | undefined): string | undefined {
  return keys?.type === 'string' ? 'expected a string' : undefined
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
  if (checks === undefined) return errors
  const context = { fields, check: checkValue, updating: checking.updating }
  return checkEntity(checks, value, errors, context)
}
