import { isObject } from '../schema/field.ts'
import type { Members } from './content.ts'

/** What a field's schema, as a gateway shows it, tells a sync. */
export interface SchemaField {
  readonly type: string
  readonly required: boolean
  readonly auto: boolean
  /** Shown, yet no part of the entity's own state. */
  readonly transient: boolean
  /** Not to be printed. */
  readonly secret: boolean
  readonly fallback: unknown
  readonly elements: SchemaField | undefined
  readonly values: SchemaField | undefined
  readonly fields: ReadonlyMap<string, SchemaField>
  /** Old names, with the paths of what took their place. */
  readonly shorthands: ReadonlyMap<string, readonly (readonly string[])[]>
}

/** Reads an answer of `GET /schemas/…` as a record. */
export function readSchema(answer: unknown): SchemaField {
  return readField(isObject(answer) ? { type: 'record', ...answer } : { type: 'record' })
}

/** What is known of an entity whose schema the gateway does not show. */
export const NO_SCHEMA: SchemaField = readField({ type: 'record' })

function readField(value: unknown): SchemaField {
  const field = isObject(value) ? value : {}
  return {
    type: String(field.type ?? ''),
    required: field.required === true,
    auto: field.auto === true,
    transient: field.transient === true,
    secret: field.encrypted === true,
    fallback: field.default,
    elements: isObject(field.elements) ? readField(field.elements) : undefined,
    values: isObject(field.values) ? readField(field.values) : undefined,
    fields: new Map(named(field.fields).map(([name, inner]) => [name, readField(inner)])),
    shorthands: new Map(
      named(field.shorthand_fields).map(([name, inner]) => [name, pathsOf(inner)]),
    ),
  }
}

/** Fields come as a list of objects with one key each. */
function named(list: unknown): [string, unknown][] {
  return Array.isArray(list)
    ? list.flatMap((item) => (isObject(item) ? Object.entries(item) : []))
    : []
}

function pathsOf(shorthand: unknown): readonly (readonly string[])[] {
  if (!isObject(shorthand)) return []
  const { deprecation, translate_backwards: backwards } = shorthand
  const replaced = isObject(deprecation) ? deprecation.replaced_with : undefined
  const paths = Array.isArray(replaced)
    ? replaced.map((item: unknown) => (isObject(item) ? item.path : undefined))
    : []
  const all = paths.length > 0 ? paths : [backwards]
  return all.filter((path): path is string[] => Array.isArray(path) && path.length > 0)
}

/** `value` with every default its record has, at any depth; what is null stays null. */
export function fill(record: SchemaField, value: Members, inherited?: unknown): Members {
  const filled: Record<string, unknown> = { ...value }
  const outer = isObject(inherited) ? inherited : {}
  for (const [name, field] of record.fields) {
    const given = value[name]
    // Kong: a record's own default beats those of its fields.
    const chosen = given === undefined ? (outer[name] ?? field.fallback ?? undefined) : given
    if (chosen !== undefined) filled[name] = fillValue(field, chosen)
    else if (field.type === 'record' && field.required) filled[name] = fill(field, {})
  }
  return filled
}

function fillValue(field: SchemaField, value: unknown): unknown {
  if (field.type === 'record' && isObject(value)) return fill(field, value)
  const { elements, values } = field
  if (elements?.type === 'record' && Array.isArray(value))
    return value.map((item) => fillValue(elements, item))
  if (values?.type === 'record' && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fillValue(values, item)]),
    )
  }
  return value
}
