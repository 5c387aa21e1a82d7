import { perObject } from '../lib/per-object.ts'
/** The kinds of value Kong's schemas know. */
export type FieldType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'array'
  | 'set'
  | 'map'
  | 'record'
  | 'foreign'
  | 'json'
  | 'function'

/** A Lua pattern with the text that tells why it matters; both are shown in `/schemas`. */
export interface PatternRule {
  readonly pattern: string
  readonly err?: string
}

/** What a value must be like, in the words of Kong's `/schemas`. A rule alone may lack a type. */
export interface Rules {
  readonly type?: FieldType
  readonly required?: boolean
  readonly eq?: unknown
  readonly ne?: unknown
  readonly one_of?: readonly (string | number)[]
  readonly not_one_of?: readonly (string | number)[]
  readonly gt?: number
  readonly between?: readonly [number, number]
  readonly timestamp?: boolean
  readonly uuid?: boolean
  readonly is_regex?: boolean
  readonly len_eq?: number
  readonly len_min?: number
  readonly len_max?: number
  readonly starts_with?: string
  readonly not_match?: string
  readonly match?: string
  readonly match_none?: readonly PatternRule[]
  readonly match_all?: readonly PatternRule[]
  readonly match_any?: { readonly patterns: readonly string[]; readonly err?: string }
  readonly contains?: string | number
  readonly mutually_exclusive_subsets?: readonly (readonly string[])[]
  readonly elements?: Rules
  readonly keys?: Rules
  readonly values?: Rules
  readonly fields?: Fields
  readonly entity_checks?: readonly EntityCheck[]
  /** Of a record: what may be written in place of its fields. */
  readonly shorthand_fields?: Readonly<Record<string, ShorthandField>>
  /** A string that may be a reference to a vault's secret instead. */
  readonly referenceable?: boolean
  readonly encrypted?: boolean
  readonly description?: string
  /** The text of any failure, in place of the rule's own. */
  readonly err?: string
  /** A rule no word exists for; answers why the value is refused. Never shown. */
  check?(value: never): string | undefined
}

/** One field of an entity or record: its rules, and what becomes of it. */
export interface Field extends Rules {
  readonly type: FieldType
  readonly default?: unknown
  readonly auto?: boolean
  readonly unique?: boolean
  readonly unique_across_ws?: boolean
  readonly reference?: string
  readonly on_delete?: 'cascade' | 'null' | 'restrict'
  readonly abstract?: boolean
  readonly transient?: boolean
  readonly referenceable?: boolean
  readonly encrypted?: boolean
  readonly immutable?: boolean
  readonly description?: string
  readonly deprecation?: Deprecation
  /** What a `json` field may hold; shown, never asked. */
  readonly json_schema?: Readonly<Record<string, unknown>>
  readonly shorthand_fields?: Readonly<Record<string, ShorthandField>>
}

/** Why a field should not be used any more, and what is there instead. */
export interface Deprecation {
  readonly message?: string
  readonly removal_in_version?: string
  readonly old_default?: unknown
  /** Where its value goes, from the record it stands in. */
  readonly replaced_with?: readonly { readonly path: readonly string[] }[]
}

/** A field that stands for others of its record: written as such, kept as those. */
export interface ShorthandField extends Field {
  /** What it stands for, where `deprecation.replaced_with` does not tell; asked of null too. Never shown. */
  expand?(value: never): Readonly<Record<string, unknown>>
}

/** Fields by name; the order they are written in is the order on the wire. */
export type Fields = Readonly<Record<string, Field>>

/** A rule over several fields of an entity or record, in Kong's words. */
export type EntityCheck =
  | { readonly conditional: Conditional }
  | { readonly conditional_at_least_one_of: ConditionalAtLeastOneOf }
  | { readonly at_least_one_of: readonly string[] }
  | { readonly only_one_of: readonly string[] }
  | { readonly mutually_exclusive: readonly string[] }
  | { readonly mutually_required: readonly string[] }
  | { readonly distinct: readonly string[] }
  | { readonly custom_entity_check: CustomCheck }

export interface Conditional {
  readonly if_field: string
  readonly if_match: Rules
  readonly then_field: string
  readonly then_match: Rules
  readonly then_err?: string
}

export interface ConditionalAtLeastOneOf {
  readonly if_field: string
  readonly if_match: Rules
  readonly then_at_least_one_of: readonly string[]
  /** `%s` stands for the quoted field names. */
  readonly then_err?: string
}

export interface CustomCheck {
  readonly field_sources: readonly string[]
  readonly run_with_missing_fields?: boolean
  readonly run_with_invalid_fields?: boolean
  /** Answers what is wrong with the whole. Never shown. */
  check?(value: Readonly<Record<string, unknown>>): string | undefined
}

/** A required record whose default is that of its fields, as Kong fills it in at load. */
export function record<const F extends Fields>(fields: F) {
  return { type: 'record', required: true, default: defaultsOf(fields), fields } as const
}

/** The fields with their names, listed once for each schema: rows come by the ten thousand. */
export const entriesOf = perObject((fields: Fields): readonly (readonly [string, Field])[] =>
  Object.entries(fields),
)

/** Makes an own property even of the name `__proto__`, so no input can reach a prototype. */
export function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else Object.defineProperty(target, name, { value, ...PLAIN })
}

const PLAIN = { writable: true, enumerable: true, configurable: true }

/** The own property of that name, never an inherited one such as `constructor`. */
export function getOwn(source: object, name: string): unknown {
  return Object.hasOwn(source, name) ? Reflect.get(source, name) : undefined
}

/** Whether the value is an object of named members: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function defaultsOf(fields: Fields): Record<string, unknown> {
  const filled: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    if (field.default !== undefined && field.default !== null) filled[name] = field.default
  }
  return filled
}
