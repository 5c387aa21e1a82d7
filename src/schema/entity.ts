import type { ErrorTree } from './error-tree.ts'
import type { EntityCheck, Field, Fields } from './field.ts'

/** An entity as stored: every field present, null when unset; references are `{id}` or null. */
export type Row = { readonly id: string } & Readonly<Record<string, unknown>>

/** Members of a request, before they are known to be good. */
export type Input = Readonly<Record<string, unknown>>

/** How a row comes about; `declarative` is a file's entity, `validate` a question only. */
export type WriteMode = 'insert' | 'upsert' | 'update' | 'declarative' | 'validate'

/** What changes for entities of one kind, such as routes of stream protocols. */
export interface Subschema {
  readonly fields?: Fields
  readonly entityChecks?: readonly EntityCheck[]
}

/** A field that is only written, and stands for others: a service's `url`. */
export interface Shorthand {
  readonly field: Field
  expand(value: unknown): Input
}

/** A configured thing, said once: from it follow storage, Admin routes, `/schemas` and file form. */
export interface Entity {
  /** Table name: `services`, `key_sets`. */
  readonly name: string
  /** Admin path segment when it is not the name: `key-sets`. */
  readonly path?: string
  /** The unique field a path may use in place of the id. */
  readonly endpointKey?: string
  /** Text no row could have as its key is simply not found, instead of an error of its own. */
  readonly lenientKey?: boolean
  /** In wire order, `id` included. */
  readonly fields: Fields
  readonly entityChecks?: readonly EntityCheck[]
  readonly uniqueTogether?: readonly (readonly string[])[]
  /** Parts of the id a file's entity gets when it has none; the endpoint key when absent. */
  readonly cacheKey?: readonly string[]
  /** Lives under its parent only, with no collection of its own. */
  readonly nestedOnly?: boolean
  readonly shorthands?: Readonly<Record<string, Shorthand>>
  readonly subschema?: {
    readonly key: string
    /** The text that names the kind; undefined for an unknown one. */
    find(value: unknown): Subschema | undefined
    unknown(value: unknown): string
  }
  /** Changes what was sent before anything is filled in or checked. */
  readonly prepare?: (input: Input, mode: WriteMode) => Input
  /** Why what was sent is refused before the field rules are asked, field by field. */
  readonly refuse?: (input: Input, mode: WriteMode) => Readonly<Record<string, ErrorTree>>
  /** Brings an entity of a file from before format 3.0 to today's. */
  readonly migrate?: (input: Input) => Input
  /** A row as reads show it. */
  readonly show?: (row: Row) => Row
}

/** Keeps the literal types of the fields, for `EntityOf`. */
export function defineEntity<const F extends Fields>(
  entity: Omit<Entity, 'fields'> & { readonly fields: F },
): Entity & { readonly fields: F } {
  return entity
}

/** Gives a row of `entity` its type. */
export function rowOf<E extends Entity>(_entity: E, row: Row): EntityOf<E> {
  // Rows come out of validate.ts alone, which held each field to the very type EntityOf reads.
  return row as EntityOf<E>
}

/** The row type of an entity, read off its fields. */
export type EntityOf<E extends { readonly fields: Fields }> = RecordOf<E['fields']> & {
  readonly id: string
}

type RecordOf<F extends Fields> = { readonly [K in keyof F]: Nullable<F[K]> }

type Nullable<F> = F extends { readonly required: true } | { readonly auto: true }
  ? ValueOf<F>
  : ValueOf<F> | null

type ValueOf<F> = F extends { readonly one_of: readonly (infer V)[] }
  ? V
  : F extends { readonly type: 'string' }
    ? string
    : F extends { readonly type: 'integer' | 'number' }
      ? number
      : F extends { readonly type: 'boolean' }
        ? boolean
        : F extends { readonly type: 'foreign' }
          ? { readonly id: string }
          : Composite<F>

type Composite<F> = F extends { readonly type: 'array' | 'set'; readonly elements: infer E }
  ? readonly ValueOf<E>[]
  : F extends { readonly type: 'map'; readonly values: infer V }
    ? Readonly<Record<string, ValueOf<V>>>
    : F extends { readonly type: 'record'; readonly fields: infer R extends Fields }
      ? RecordOf<R>
      : unknown
