/** JSON as it comes. */
export type Json = Record<string, unknown>

/** Whether the value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field of a schema, by its one-key object. */
function fieldsOf(schema: Json): [string, Json][] {
  const list = Array.isArray(schema.fields) ? schema.fields : []
  return list.flatMap((field: unknown) => (isJson(field) ? Object.entries(field) : [])) as [
    string,
    Json,
  ][]
}

/** The field of that name. */
export function fieldOf(schema: Json, name: string): Json {
  return fieldsOf(schema).find(([key]) => key === name)?.[1] ?? {}
}

/** An entity's defaults, at any depth, as decK flattens a schema. */
export function entityDefaults(schema: Json): Json {
  return Object.fromEntries(
    fieldsOf(schema).map(([name, field]) => [
      name,
      field.type === 'record' ? entityDefaults(field) : (field.default ?? null),
    ]),
  )
}

/** `given` over `defaults`; decK fills what is nil, at any depth. */
export function mergeUnder(given: Json, defaults: Json): Json {
  const merged: Json = { ...given }
  for (const [name, value] of Object.entries(defaults)) {
    const own = merged[name]
    if (own === undefined || own === null) merged[name] = value
    else if (isJson(own) && isJson(value)) merged[name] = mergeUnder(own, value)
  }
  return merged
}

/** Old names in `config`, each with the paths that took its place. */
function usedShorthands(schema: Json, config: Json): Map<string, string[][]> {
  const used = new Map<string, string[][]>()
  for (const [name, paths] of shorthandsOf(schema)) {
    if (name in config && paths.length > 0) used.set(name, paths)
  }
  return used
}

function shorthandsOf(schema: Json): [string, string[][]][] {
  const list = Array.isArray(schema.shorthand_fields) ? schema.shorthand_fields : []
  return list.flatMap((item: unknown) =>
    Object.entries(isJson(item) ? item : {}).map(([name, field]): [string, string[][]] => {
      const shorthand = isJson(field) ? field : {}
      const { deprecation, translate_backwards: backwards } = shorthand
      const replaced = isJson(deprecation) ? deprecation.replaced_with : undefined
      const paths = Array.isArray(replaced) ? replaced.map(({ path }) => path) : []
      return [name, paths.length > 0 ? paths : Array.isArray(backwards) ? [backwards] : []]
    }),
  )
}

/** A plugin's config as decK wants it to be: defaults, or an explicit null where there is none. */
export function fillConfig(
  schema: Json,
  config: Json,
  outer: ReadonlyMap<string, string[][]> = new Map(),
): Json {
  const filled: Json = { ...config }
  const shorthands = new Map([...usedShorthands(schema, config), ...outer])
  const own = isJson(schema.default) ? schema.default : {}
  for (const [name, field] of fieldsOf(schema)) {
    const value = config[name]
    const elements = isJson(field.elements) ? field.elements : {}
    const isMap = field.keys !== undefined && field.values !== undefined
    if (name in config && isSet(value, { isMap, ofRecords: elements.type === 'record' })) continue

    const inner = innerShorthands(name, shorthands)
    const hasValue = value !== null && value !== undefined
    if (field.type === 'record' && (hasValue || field.required === true)) {
      const record = fillConfig(field, isJson(value) ? value : {}, inner)
      if (Object.keys(record).length > 0) filled[name] = record
    } else if (inner.size > 0) {
      // What an old name stands for is not filled in.
    } else if (elements.type === 'record' && Array.isArray(value) && value.length > 0) {
      filled[name] = value.map((item) =>
        isJson(item) ? fillConfig(elements, item, shorthands) : item,
      )
    } else if (!(name in config) || hasValue) {
      filled[name] = own[name] ?? field.default ?? null
    }
  }
  return filled
}

function isSet(value: unknown, field: { isMap: boolean; ofRecords: boolean }): boolean {
  if (isJson(value)) return field.isMap
  if (Array.isArray(value)) return !field.ofRecords
  return true
}

function innerShorthands(
  name: string,
  shorthands: ReadonlyMap<string, string[][]>,
): Map<string, string[][]> {
  const inner = new Map<string, string[][]>()
  for (const [old, paths] of shorthands) {
    const below = paths.filter(([first]) => first === name).map((path) => path.slice(1))
    if (below.length > 0) inner.set(old, below)
  }
  return inner
}

/** Makes both sides say old names and new ones alike; changes what it is given. */
export function alignShorthands(schema: Json, wanted: Json, current: Json): void {
  for (const [name, paths] of shorthandsOf(schema)) {
    if (!(name in wanted)) {
      delete current[name]
      continue
    }
    for (const path of paths) {
      const value = valueAt(wanted, path)
      if (value === undefined) dropAt(current, path)
      else if (value === null && wanted[name] !== null) {
        dropAt(wanted, path)
        dropAt(current, path)
      }
    }
  }
  for (const [name, field] of fieldsOf(schema)) {
    const [inner, outer] = [wanted[name], current[name]]
    if (field.type === 'record' && isJson(inner) && isJson(outer))
      alignShorthands(field, inner, outer)
  }
}

function valueAt(holder: Json, path: readonly string[]): unknown {
  const [first = '', ...rest] = path
  const value = holder[first]
  return isJson(value) && rest.length > 0 ? valueAt(value, rest) : value
}

function dropAt(holder: Json, path: readonly string[]): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) {
    delete holder[first]
    return
  }
  const inner = holder[first]
  if (!isJson(inner)) return
  dropAt(inner, rest)
  if (Object.keys(inner).length === 0) delete holder[first]
}

/** Sorts what decK sorts: lists of a config whose schema type is not `array`. */
export function sortSets(schema: Json, config: Json): Json {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      const field = fieldOf(schema, name)
      if (isJson(value) && field.type === 'record') return [name, sortSets(field, value)]
      if (!Array.isArray(value) || field.type === 'array') return [name, value]
      return [name, [...value].sort()]
    }),
  )
}

/** Go leaves out what is nil, in lists of records too. */
export function withoutNulls(members: Json): Json {
  const kept = Object.entries(members).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutNullsIn(value)]))
}

function withoutNullsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullsIn)
  return isJson(value) ? withoutNulls(value) : value
}
