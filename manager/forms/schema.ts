import type { FieldType } from '../../src/schema/field.ts'

/** The shapes a field of a form may have; what else Kong may name is edited as JSON. */
export type FormFieldType = Exclude<FieldType, 'function'>

/** A field of an entity or of a plugin's configuration, as a form needs to know it. */
export interface SchemaField {
  readonly name: string
  readonly type: FormFieldType
  readonly required: boolean
  /** Made by the gateway when nothing is sent. */
  readonly auto: boolean
  /** Not to be read over somebody's shoulder. */
  readonly secret: boolean
  /** May name a secret of a vault. */
  readonly referenceable: boolean
  readonly deprecated: boolean
  /** Undefined where there is none. */
  readonly default: unknown
  readonly oneOf: readonly (string | number)[] | undefined
  readonly between: readonly [number, number] | undefined
  /** It must be greater. */
  readonly above: number | undefined
  /** Only this value is allowed, null for none at all. */
  readonly only: unknown
  readonly uuid: boolean
  readonly elements: SchemaField | undefined
  readonly keys: SchemaField | undefined
  readonly values: SchemaField | undefined
  readonly fields: readonly SchemaField[]
  /** The name of the entity it points at. */
  readonly reference: string | undefined
}

/** An entity, or what one plugin adds to one. */
export interface Schema {
  readonly fields: readonly SchemaField[]
  /** Of each of these lists of paths one has to be there. */
  readonly oneNeeded: readonly (readonly string[])[]
}

type Json = Readonly<Record<string, unknown>>

const TYPES: ReadonlySet<string> = new Set<FormFieldType>([
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'set',
  'map',
  'record',
  'foreign',
])

/** Names of secrets that Kong's schemas do not say to be such. */
const SECRETS = /(^|_)(password|secret|secret_key|private_key|api_key|access_key|token)$/

/** Reads what `GET /schemas/{name}` answers. What it does not know it leaves out. */
export function readSchema(answered: unknown): Schema {
  if (!isObject(answered)) return { fields: [], oneNeeded: [] }
  return { fields: readFields(answered.fields), oneNeeded: readChecks(answered.entity_checks) }
}

/** The entity with what one of its kinds changes: `config` and `protocols` of a plugin. */
export function withKind(entity: Schema, kind: Schema): Schema {
  const changed = new Map(kind.fields.map((field) => [field.name, field]))
  return {
    fields: entity.fields.map((field) => changed.get(field.name) ?? field),
    oneNeeded: [...entity.oneNeeded, ...kind.oneNeeded],
  }
}

/** A field that no schema lists, such as the `ttl` of keys. */
export function fieldOf(name: string, words: Json): SchemaField {
  return readField(name, words)
}

function readFields(list: unknown): readonly SchemaField[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown) =>
    isObject(entry)
      ? Object.entries(entry).map(([name, words]) => readField(name, isObject(words) ? words : {}))
      : [],
  )
}

function readField(name: string, words: Json): SchemaField {
  const type = typeof words.type === 'string' && isType(words.type) ? words.type : 'json'
  return {
    name,
    type,
    required: words.required === true,
    auto: words.auto === true || words.timestamp === true,
    secret: words.encrypted === true || (type === 'string' && SECRETS.test(name)),
    referenceable: words.referenceable === true,
    deprecated: words.deprecation !== undefined,
    default: words.default,
    oneOf: readChoices(words.one_of),
    between: readRange(words.between),
    above: typeof words.gt === 'number' ? words.gt : undefined,
    only: words.eq,
    uuid: words.uuid === true,
    elements: readInner(name, words.elements),
    keys: readInner(name, words.keys),
    values: readInner(name, words.values),
    fields: readFields(words.fields),
    reference: typeof words.reference === 'string' ? words.reference : undefined,
  }
}

function readInner(name: string, words: unknown): SchemaField | undefined {
  return isObject(words) ? readField(name, words) : undefined
}

function readChoices(words: unknown): readonly (string | number)[] | undefined {
  if (!Array.isArray(words)) return undefined
  return words.filter((word) => typeof word === 'string' || typeof word === 'number')
}

function readRange(words: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(words)) return undefined
  const [from, to]: unknown[] = words
  return typeof from === 'number' && typeof to === 'number' ? [from, to] : undefined
}

function readChecks(list: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((check: unknown) => {
    const paths = isObject(check) ? check.at_least_one_of : undefined
    return Array.isArray(paths) ? [paths.filter((path) => typeof path === 'string')] : []
  })
}

function isType(type: string): type is FormFieldType {
  return TYPES.has(type)
}

/** Whether a value has named members. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
