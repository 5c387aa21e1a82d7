import type { Entity, Subschema } from './entity.ts'
import { isObject, setOwn } from './field.ts'

const FIELD_LISTS = new Set(['fields', 'shorthand_fields'])

/** An entity in the words of `GET /schemas/{entity}`. */
export function describeEntity(entity: Entity): {
  fields: Record<string, unknown>[]
  entity_checks: unknown[]
} {
  return {
    fields: describeFields(entity.fields),
    entity_checks: (entity.entityChecks ?? []).map(describe),
  }
}

/** What one kind of an entity changes, such as a plugin, in the words of `GET /schemas/plugins/{name}`. */
export function describeSubschema(subschema: Subschema): {
  fields: Record<string, unknown>[]
  entity_checks: unknown[]
} {
  return {
    fields: describeFields(subschema.fields ?? {}),
    entity_checks: (subschema.entityChecks ?? []).map(describe),
  }
}

/** Each field as an object with one key, so that order survives where maps lose it. */
function describeFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  return Object.entries(fields).map(([name, field]) => ({ [name]: describe(field) }))
}

function describe(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(describe)
  if (!isObject(value)) return value

  const shown: Record<string, unknown> = {}
  for (const [word, item] of Object.entries(value)) {
    if (typeof item === 'function' || item === undefined) continue
    if (word === 'default') shown.default = item
    else if (FIELD_LISTS.has(word) && isObject(item)) shown[word] = describeFields(item)
    else setOwn(shown, word, describe(item))
  }
  return shown
}
