import { perObject } from '../lib/per-object.ts'
import { checkValue } from './check-value.ts'
import type { FieldErrors } from './error-tree.ts'
import {
  entriesOf,
  type Fields,
  getOwn,
  isObject,
  type Rules,
  type ShorthandField,
  setOwn,
} from './field.ts'
import { printLuaCompact } from './lua-print.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * Puts what shorthand fields of records stand for in their place, at every depth of what was sent.
 * Kong tells what is wrong with one at the top of the violations, wherever it was sent.
 */
export function expandShorthands(fields: Fields, sent: Members, errors: FieldErrors): Members {
  let expanded = sent
  for (const [name, field] of abbreviated(fields)) {
    const before = getOwn(sent, name)
    const after = expandIn(field, before, errors)
    if (after !== before) expanded = { ...expanded, [name]: after }
  }
  return expanded
}

/** The record with the deprecated fields of before beside what replaces them, at every depth. */
export function echoShorthands<V extends Members>(fields: Fields, shown: V): V {
  let echoed = shown
  for (const [name, field] of abbreviated(fields)) {
    const before = getOwn(shown, name)
    const after = echoIn(field, before)
    if (after !== before) echoed = { ...echoed, [name]: after }
  }
  return echoed
}

/** The fields with shorthands in them, looked for once: most rows have none. */
const abbreviated = perObject((fields: Fields): readonly (readonly [string, Rules])[] =>
  entriesOf(fields).filter(([, field]) => hasShorthands(field)),
)

function hasShorthands(rules: Rules | undefined): boolean {
  if (rules === undefined) return false
  if (rules.shorthand_fields !== undefined) return true
  if (hasShorthands(rules.elements) || hasShorthands(rules.values)) return true
  return rules.fields !== undefined && abbreviated(rules.fields).length > 0
}

function expandIn(rules: Rules, value: unknown, errors: FieldErrors): unknown {
  const { elements, values, fields = {} } = rules
  if (Array.isArray(value)) {
    return elements ? value.map((element) => expandIn(elements, element, errors)) : value
  }
  if (!isObject(value)) return value
  if (values !== undefined) return mapMembers(value, (item) => expandIn(values, item, errors))
  return expandShorthands(fields, expandOwn(rules, value, errors), errors)
}

function expandOwn(rules: Rules, sent: Members, errors: FieldErrors): Members {
  let record = sent
  for (const [name, field] of Object.entries(rules.shorthand_fields ?? {})) {
    const value = getOwn(record, name)
    if (value === undefined) continue
    const { [name]: _written, ...rest } = record
    const error = checkValue(field, value) ?? mismatch(field, name, record)
    if (error !== undefined) errors[name] = error
    record = error === undefined ? lay(rest, meaningOf(field, value), field) : rest
  }
  return record
}

/** Kong: a deprecated field may stand beside its successor when both say the same. */
function mismatch(field: ShorthandField, name: string, record: Members): string | undefined {
  const value = getOwn(record, name)
  if (value === null) return undefined
  for (const { path } of field.deprecation?.replaced_with ?? []) {
    const successor = valueAt(record, path)
    // To Lua, `false` is as good as nothing here.
    if (successor === undefined || successor === null || successor === false) continue
    if (JSON.stringify(successor) === JSON.stringify(value)) continue
    const old = `${name} = ${textOf(value)}`
    return `both deprecated and new field are used but their values mismatch: ${old} vs ${path.join('.')} = ${textOf(successor)}`
  }
  return undefined
}

function meaningOf(field: ShorthandField, value: unknown): Members {
  // A shorthand takes the type its field has, or null, which was held just before.
  if (field.expand !== undefined) return field.expand(value as never)
  const meaning: Record<string, unknown> = {}
  for (const { path } of field.deprecation?.replaced_with ?? []) {
    const [first = '', ...rest] = path
    const inner = rest.reduceRight((held, name) => ({ [name]: held }), value)
    Object.assign(meaning, lay(meaning, { [first]: inner }, {}))
  }
  return meaning
}

/** Kong: a deprecated shorthand yields to what is written out, any other overrides it. */
function lay(
  record: Members,
  meaning: Members,
  field: Pick<ShorthandField, 'deprecation'>,
): Members {
  const laid = { ...record }
  for (const [name, value] of Object.entries(meaning)) {
    const before = getOwn(record, name)
    if (isObject(value) && isObject(before)) laid[name] = lay(before, value, field)
    else if (isEmpty(before)) laid[name] = value
    // What is of the wrong type stays, to be refused.
    else if (field.deprecation === undefined && !isObject(value)) laid[name] = value
  }
  return laid
}

function echoIn(rules: Rules, value: unknown): unknown {
  const { elements, values, fields = {} } = rules
  if (Array.isArray(value)) return elements ? value.map((item) => echoIn(elements, item)) : value
  if (!isObject(value)) return value
  if (values !== undefined) return mapMembers(value, (item) => echoIn(values, item))

  const echoed = { ...echoShorthands(fields, value) }
  for (const [name, { deprecation }] of Object.entries(rules.shorthand_fields ?? {})) {
    const path = deprecation?.replaced_with?.[0]?.path
    if (path !== undefined) echoed[name] = valueAt(value, path) ?? null
  }
  return echoed
}

/** To Lua an empty list is an empty record. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}

function mapMembers(map: Members, change: (item: unknown) => unknown): Members {
  const changed: Record<string, unknown> = {}
  for (const name of Object.keys(map)) setOwn(changed, name, change(getOwn(map, name)))
  return changed
}

function valueAt(record: Members, path: readonly string[]): unknown {
  let at: unknown = record
  for (const name of path) at = isObject(at) ? getOwn(at, name) : undefined
  return at
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? printLuaCompact(value) : String(value)
}
