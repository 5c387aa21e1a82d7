import { checkValue } from './check-value.ts'
import type { Entity, Input, Subschema } from './entity.ts'
import type { FieldErrors } from './error-tree.ts'
import { type Fields, getOwn, isObject, type Rules } from './field.ts'

/** What members say of their entity's kind; what is wrong when they name none. */
export interface Kind {
  readonly subschema?: Subschema
  readonly errors?: FieldErrors
}

const NO_KINDS: Kind = {}

/** The kind that is given; a change that does not say keeps the one of `current`. */
export function kindOf(entity: Entity, given: Input, current?: Input): Kind {
  if (entity.subschema === undefined) return NO_KINDS
  const { key, find, unknown } = entity.subschema
  const stated = getOwn(given, key)
  const value =
    stated !== undefined ? stated : current ? getOwn(current, key) : entity.fields[key]?.default

  const found = value === undefined || value === null ? undefined : find(value)
  if (found !== undefined) return { subschema: found }
  // Missing, or of the wrong type altogether: the field's own words say so.
  const field = entity.fields[key]
  const mistyped = readsAsList(field, value) ? undefined : checkValue(typeOf(field), value)
  return { errors: { [key]: typeof mistyped === 'string' ? mistyped : unknown(value) } }
}

const merged = new WeakMap<Subschema, Fields>()

/** The fields of an entity of one kind, put together once. */
export function fieldsOf(entity: Entity, subschema: Subschema | undefined): Fields {
  if (subschema?.fields === undefined) return entity.fields
  const known = merged.get(subschema)
  if (known !== undefined) return known
  const fields = { ...entity.fields, ...subschema.fields }
  merged.set(subschema, fields)
  return fields
}

/** Kong looks for a kind in any text or table, before it asks whether that is the list it wants. */
function readsAsList(field: Rules | undefined, value: unknown): boolean {
  return field?.type === 'set' && (typeof value === 'string' || isObject(value))
}

function typeOf(field: Rules | undefined): Rules {
  return field?.type === undefined ? { required: true } : { type: field.type, required: true }
}
