import type { ErrorTree, FieldErrors } from './error-tree.ts'
import type { EntityCheck, Field, Fields } from './field.ts'

/** An entity as stored: every field present, null when unset; references are `{id}` or null. */
export type Row = { readonly id: string } & Readonly<Record<string, unknown>>

/** Members of a request, before they are known to be good. */
export type Input = Readonly<Record<string, unknown>>

/** How a row comes about; `declarative` is a file's entity, `validate` a question only. */
export type WriteMode = 'insert' | 'upsert' | 'update' | 'declarative' | 'validate'

/** What changes for entities of one kind, such as routes of stream protocols or one plugin's `config`. */
export interface Subschema {
  readonly fields?: Fields
  readonly entityChecks?: readonly EntityCheck[]
}

/** What a rule that spans rows may ask of the others. */
export interface RowReader {
  get(entity: string, id: string): Row | undefined
  /** The rows of `entity` whose reference `field` points at the row `id`. */
  children(entity: string, field: string, id: string): readonly Row[]
}

/** What the last step of a write is told. */
export interface FinishContext {
  readonly mode: WriteMode
  /** What was sent, references resolved; only fields in it were set by this write. */
  readonly sent: Input
  /** The row before an update. */
  readonly current?: Row
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
  /** Known to `/schemas` and files, with neither a table nor routes. */
  readonly schemaOnly?: boolean
  /** Path segment under its parents when that is not `path`: `key-auth` of `/key-auths`. */
  readonly nestedPath?: string
  /** The field a path under its parent may use in place of the endpoint key: an ACL's `group`. */
  readonly nestedKey?: string
  /** Rows may be given seconds to live, with the option `ttl`. */
  readonly ttl?: boolean
  /** Lists of ids in other tables that keep a row from going: the CA certificates of a service. */
  readonly listedBy?: readonly { readonly entity: string; readonly field: string }[]
  readonly shorthands?: Readonly<Record<string, Shorthand>>
  readonly subschema?: {
    readonly key: string
    /** The text that names the kind; undefined for an unknown one. */
    find(value: unknown): Subschema | undefined
    unknown(value: unknown): string
  }
  /** Changes what was sent before anything is filled in or checked. */
  readonly prepare?: (input: Input, mode: WriteMode) => Input
  /** Why what was sent, or the row it makes, is refused whatever the field rules say, by field. */
  readonly refuse?: (
    input: Input,
    mode: WriteMode,
    row: Input,
  ) => Readonly<Record<string, ErrorTree>>
  /** Brings an entity of a file from before format 3.0 to today's. */
  readonly migrate?: (input: Input) => Input
  /** Why a valid row may not stand beside the others, by field; undefined when it may. */
  readonly relate?: (row: Row, rows: RowReader, sent: Input) => FieldErrors | undefined
  /**
   * The last step of a write: hashes, digests, keys that must fit. Rejects with code 2. Not asked of
   * a file that says its values are done already (`_transform: false`), nor by a mere validation.
   */
  readonly finish?: (row: Row, context: FinishContext) => Promise<Row>
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

/** What a record holds, read off its fields. */
export type RecordOf<F extends Fields> = { readonly [K in keyof F]: Nullable<F[K]> }

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
