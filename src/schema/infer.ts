import type { Entity, Input, Row, Subschema } from './entity.ts'
import { type Fields, getOwn, isObject, type Rules } from './field.ts'
import { fieldsOf, kindOf } from './kind.ts'

const LUA_NUMBER = /^\s*[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)\s*$/i
const LUA_HEX = /^\s*([-+]?)(0x[0-9a-f]+)\s*$/i

/** Gives the text of a form the types its fields have; what does not parse stays text. */
export function inferTypes(fields: Fields, form: unknown): unknown {
  if (!isObject(form)) return form === '' ? null : form
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, infer(ruleOf(fields, name), value)]),
  )
}

/**
 * The same for a whole entity: its kind's fields, and those that are only written. A change that
 * does not say which kind it is of is of that of `current`.
 */
export function inferEntity(entity: Entity, form: unknown, current?: Row): unknown {
  const written = Object.entries(entity.shorthands ?? {}).map(([name, { field }]) => [name, field])
  const fields = fieldsOf(entity, isObject(form) ? kindIn(entity, form, current) : undefined)
  return inferTypes({ ...fields, ...Object.fromEntries(written) }, form)
}

function kindIn(entity: Entity, form: Input, current: Row | undefined): Subschema | undefined {
  const { key = '' } = entity.subschema ?? {}
  const stated = getOwn(form, key)
  const given = stated === undefined ? {} : { [key]: infer(entity.fields[key] ?? {}, stated) }
  return kindOf(entity, given, current).subschema
}

function ruleOf(fields: Fields, name: string): Rules {
  // Kong: the `ttl` of a credential is an option, not a field.
  if (!Object.hasOwn(fields, name)) return name === 'ttl' ? { type: 'number' } : {}
  return fields[name] ?? {}
}

function infer(rules: Rules, value: unknown): unknown {
  if (value === '') return null
  switch (rules.type) {
    case 'integer':
    case 'number':
      return typeof value === 'string' ? inferNumber(value) : value
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value
    case 'array':
    case 'set':
      return inferList(rules.elements ?? {}, value)
    case 'map':
      return inferMap(rules, value)
    case 'record':
      return inferTypes({ ...rules.fields, ...rules.shorthand_fields }, value)
    case 'foreign':
      return inferTypes({}, value)
    default:
      return value
  }
}

/** Reads a number as Lua does: decimal or hexadecimal, space around it allowed. */
function inferNumber(text: string): number | string {
  const [, sign, hex] = LUA_HEX.exec(text) ?? []
  if (hex !== undefined) return sign === '-' ? -Number(hex) : Number(hex)
  return LUA_NUMBER.test(text) ? Number(text) : text
}

function inferList(elements: Rules, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => infer(elements, element))
  // What was sent with keys, such as a list with holes, is for the check to refuse.
  return isObject(value) ? value : [infer(elements, value)]
}

function inferMap({ values = {} }: Rules, value: unknown): unknown {
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value).map((name) => [name, infer(values, getOwn(value, name))]),
  )
}
