import {
  entriesOf,
  type Field,
  type Fields,
  getOwn,
  isObject,
  type Rules,
  setOwn,
} from './field.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * Every field in wire order: as forced, else as given, else its default, else null; unknown members
 * follow.
 */
export function fillIn(
  fields: Fields,
  given: Members,
  forced: Members = {},
): Record<string, unknown> {
  const filled: Record<string, unknown> = {}
  for (const [name, field] of entriesOf(fields)) {
    const value = getOwn(forced, name) ?? getOwn(given, name)
    filled[name] = conform(field, value === undefined ? (field.default ?? null) : value)
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(fields, name)) setOwn(filled, name, getOwn(given, name))
  }
  return filled
}

/** Lays a change over what is there: records member by member, all else replaced whole. */
export function merge(fields: Fields, current: Members, change: Members): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...current }
  for (const name of Object.keys(change)) {
    const value = getOwn(change, name)
    if (value === undefined) continue
    const field: Field | undefined = Object.hasOwn(fields, name) ? fields[name] : undefined
    const before = getOwn(current, name)
    const deep = field?.type === 'record' && field.fields && isObject(before) && isObject(value)
    setOwn(merged, name, deep ? merge(deep && field.fields, before, value) : value)
  }
  return merged
}

/** Drops what sets hold twice, keeping the first. Only for values that passed their checks. */
export function settle(rules: Rules, value: unknown): unknown {
  if (rules.type === 'set' && Array.isArray(value)) {
    const seen = new Map<string, unknown>()
    for (const element of value) {
      const key = JSON.stringify(element)
      if (!seen.has(key)) seen.set(key, element)
    }
    return seen.size === value.length ? value : [...seen.values()]
  }
  if (rules.type === 'record' && rules.fields && isObject(value)) {
    return settleMembers(rules.fields, value)
  }
  return value
}

/** `settle` for each field of an entity or record; the very same object when nothing changes. */
export function settleMembers<V extends Members>(fields: Fields, value: V): V {
  let settled = value
  for (const [name, field] of entriesOf(fields)) {
    const before = getOwn(value, name)
    const after = settle(field, before)
    if (after !== before) settled = { ...settled, [name]: after }
  }
  return settled
}

/** To Lua an empty list and an empty map are the same table; both are taken for either. */
function conform(rules: Rules, value: unknown): unknown {
  switch (rules.type) {
    case 'array':
    case 'set':
      if (Array.isArray(value))
        return value.map((element) => conform(rules.elements ?? {}, element))
      return isObject(value) && Object.keys(value).length === 0 ? [] : value
    case 'map':
      if (Array.isArray(value) && value.length === 0) return {}
      return isObject(value) ? conformMap(rules.values ?? {}, value) : value
    case 'record':
      if (Array.isArray(value) && value.length === 0) return fillIn(rules.fields ?? {}, {})
      return isObject(value) && rules.fields ? fillIn(rules.fields, value) : value
    case 'foreign': {
      const id = isObject(value) ? getOwn(value, 'id') : undefined
      return id === undefined ? value : { id }
    }
    default:
      return value
  }
}

function conformMap(values: Rules, map: Members): unknown {
  // fromEntries makes own properties, so a key `__proto__` stays a key.
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, conform(values, item)]))
}
