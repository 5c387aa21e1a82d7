import type { Field, Fields, Rules } from '../schema/field.ts'
import { stringRules } from './string-rules.ts'

/** A JSON Schema of 2020-12, as far as it is written here. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Which way an entity goes: sent whole, sent in part, or shown. */
export type Form = 'new' | 'patch' | 'row'

/** What a schema is made with. */
export interface SchemaContext {
  readonly form: Form
  /** The fields besides the id by which rows of a table can be named in a reference. */
  namesOf(table: string): readonly string[]
}

/** A field in the words of JSON Schema. What those cannot say is left out, or said as a description. */
export function schemaOfField(field: Field, context: SchemaContext): JsonSchema {
  const schema = schemaOfRules(field, context)
  const fallback = context.form === 'new' && isShown(field) ? { default: field.default } : {}
  return {
    ...(isNullable(field, context.form) ? orNull(schema) : schema),
    ...fallback,
    ...describe(field),
  }
}

/** The default of a secret is drawn anew by each process, and nobody's business. */
function isShown({ default: value, encrypted }: Field): boolean {
  return value !== undefined && value !== null && encrypted !== true
}

function isNullable(field: Field, form: Form): boolean {
  if (field.required === true) return false
  return form !== 'row' || field.auto !== true
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema
  if (typeof type !== 'string' || type === 'null') return schema
  return {
    ...schema,
    type: [type, 'null'],
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  }
}

function describe({ deprecation, description }: Field): JsonSchema {
  const texts = [description, deprecation?.message].filter((text) => text !== undefined)
  return {
    ...(deprecation === undefined ? {} : { deprecated: true }),
    ...(texts.length === 0 ? {} : { description: texts.join(' ') }),
  }
}

/** The rules alone: elements, keys and values have no default and are never null. */
function schemaOfRules(rules: Rules, context: SchemaContext): JsonSchema {
  switch (rules.type) {
    case 'string':
      return { type: 'string', ...stringRules(rules) }
    case 'function':
      return { type: 'string' }
    case 'integer':
    case 'number':
      return { type: rules.type, ...numberRules(rules) }
    case 'boolean':
      return { type: 'boolean', ...(typeof rules.eq === 'boolean' ? { const: rules.eq } : {}) }
    case 'array':
    case 'set':
      return listSchema(rules, context)
    case 'map':
      return mapSchema(rules, context)
    case 'record':
      return recordSchema(rules, context)
    case 'foreign':
      return foreignSchema(rules, context)
    default:
      return {}
  }
}

function numberRules({ between, gt, one_of: values }: Rules): JsonSchema {
  return {
    ...(between === undefined ? {} : { minimum: between[0], maximum: between[1] }),
    ...(gt === undefined ? {} : { exclusiveMinimum: gt }),
    ...(values === undefined ? {} : { enum: values }),
  }
}

function listSchema(rules: Rules, context: SchemaContext): JsonSchema {
  const { type, elements = {}, contains, len_eq: exact } = rules
  const { len_min: least = exact, len_max: most = exact } = rules
  return {
    type: 'array',
    items: schemaOfRules(elements, context),
    ...(type === 'set' ? { uniqueItems: true } : {}),
    ...(least === undefined ? {} : { minItems: least }),
    ...(most === undefined ? {} : { maxItems: most }),
    ...(contains === undefined ? {} : { contains: { const: contains } }),
  }
}

function mapSchema({ keys, values = {}, len_min: least }: Rules, context: SchemaContext) {
  const names = keys === undefined ? {} : schemaOfRules(keys, context)
  return {
    type: 'object',
    additionalProperties: schemaOfRules(values, context),
    ...(Object.keys(names).length > 1 ? { propertyNames: names } : {}),
    ...(least === undefined ? {} : { minProperties: least }),
  }
}

function recordSchema(
  { fields, shorthand_fields: shorthands = {} }: Rules,
  context: SchemaContext,
) {
  if (fields === undefined) return { type: 'object' }
  return objectSchema({ fields, shorthands }, context)
}

/** An object of named fields, and of the shorthands that may be written in their place. */
export function objectSchema(
  parts: { readonly fields: Fields; readonly shorthands: Fields },
  context: SchemaContext,
): JsonSchema {
  const all = [...Object.entries(parts.fields), ...Object.entries(parts.shorthands)]
  const properties = Object.fromEntries(
    all.map(([name, field]) => [name, schemaOfField(field, context)]),
  )
  const required = requiredOf(parts, context.form)
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(context.form === 'row' ? {} : { additionalProperties: false }),
  }
}

function requiredOf(
  { fields, shorthands }: { readonly fields: Fields; readonly shorthands: Fields },
  form: Form,
): readonly string[] {
  if (form === 'patch') return []
  if (form === 'row') return Object.keys(fields)
  // What a shorthand can stand for need not be sent by its own name.
  const replaced = Object.values(shorthands).flatMap(
    ({ deprecation }) => deprecation?.replaced_with?.flatMap(({ path }) => path.slice(0, 1)) ?? [],
  )
  return mustSend(fields).filter((name) => !replaced.includes(name))
}

/** The fields nothing fills in. */
export function mustSend(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.required !== true || field.auto === true || field.default !== undefined) return []
    const fillable = field.type === 'record' && mustSend(field.fields ?? {}).length === 0
    return fillable ? [] : [name]
  })
}

function foreignSchema(rules: Rules, { form, namesOf }: SchemaContext): JsonSchema {
  if (rules.eq === null) return { type: 'null' }
  const id = { type: 'string', format: 'uuid' }
  if (form === 'row') return { type: 'object', properties: { id }, required: ['id'] }
  const table = 'reference' in rules && typeof rules.reference === 'string' ? rules.reference : ''
  const names = namesOf(table).map((name) => [name, { type: 'string' }])
  return { type: 'object', properties: { id, ...Object.fromEntries(names) }, minProperties: 1 }
}
