import {
  type ErrorTree,
  type FieldErrors,
  setErrorAt,
  violationMessage,
  violationsOf,
} from './error-tree.ts'
import { printLuaCompact } from './lua-print.ts'

/** What an `EntityError` may bring besides its text. */
export interface ErrorDetails {
  readonly fields?: Readonly<Record<string, unknown>>
  readonly options?: Readonly<Record<string, string>>
  readonly flattened?: readonly unknown[]
  /** Ours: what may help, after Kong's members. */
  readonly hint?: string
}

/** One of Kong's closed set of refusals, with its code, status and body. */
export class EntityError extends Error {
  override readonly name = 'EntityError'
  readonly code: number
  readonly errorName: string
  readonly status: number
  readonly fields: ErrorDetails['fields']
  readonly options: ErrorDetails['options']
  readonly flattened: ErrorDetails['flattened']
  readonly hint: string | undefined

  constructor(code: number, errorName: string, message: string, details: ErrorDetails = {}) {
    super(message)
    this.code = code
    this.errorName = errorName
    this.status = STATUSES[code] ?? 400
    this.fields = details.fields
    this.options = details.options
    this.flattened = details.flattened
    this.hint = details.hint
  }

  /** The body Kong answers with. */
  toBody(): Record<string, unknown> {
    const body: Record<string, unknown> = {
      code: this.code,
      name: this.errorName,
      message: this.message,
    }
    if (this.fields !== undefined) body.fields = this.fields
    if (this.options !== undefined) body.options = this.options
    if (this.flattened !== undefined) body.flattened_errors = this.flattened
    if (this.hint !== undefined) body.hint = this.hint
    return body
  }
}

const STATUSES: Readonly<Record<number, number>> = { 5: 409, 6: 404, 12: 405 }

/** A reference that names no row: `service: {name: 'x'}`. */
export interface UnresolvedReference {
  readonly field: string
  readonly reference: string
  readonly key: Readonly<Record<string, unknown>>
}

type Key = Readonly<Record<string, unknown>>

/** Makes each refusal from its facts; texts and members as in Kong. */
export const entityErrors = {
  /** An id in a path that is none. */
  invalidPrimaryKey(key: Key = { id: 'expected a valid UUID' }): EntityError {
    const message = `invalid primary key: '${printLuaCompact(key)}'`
    return new EntityError(1, 'invalid primary key', message, { fields: key })
  },

  schemaViolation(fields: Readonly<FieldErrors>, hint?: string): EntityError {
    const details = { fields, ...hinting(hint) }
    return new EntityError(2, 'schema violation', violationMessage(fields), details)
  },

  primaryKeyViolation(key: Key): EntityError {
    const message = `primary key violation on key '${printLuaCompact(key)}'`
    return new EntityError(3, 'primary key violation', message, { fields: key })
  },

  /** `field` points at a row of `reference` that does not exist. */
  foreignKeyViolation(field: string, reference: string, key: Key): EntityError {
    const message = `the foreign key '${printLuaCompact(key)}' does not reference an existing '${reference}' entity.`
    return new EntityError(4, 'foreign key violation', message, { fields: { [field]: key } })
  },

  /** A row of `entity` cannot go while rows of `by` point at it. */
  foreignKeyRestricted(entity: string, by: string): EntityError {
    const message = `an existing '${by}' entity references this '${entity}' entity`
    return new EntityError(4, 'foreign key violation', message, {
      fields: { '@referenced_by': by },
    })
  },

  /** `holder` is the row that has the key already. */
  uniqueViolation(
    key: Key,
    holder?: { readonly entity: string; readonly id: string },
  ): EntityError {
    const message = `UNIQUE violation detected on '${printLuaCompact(key)}'`
    const hint = holder && `the ${holder.entity} ${holder.id} has it`
    const details = { fields: key, ...hinting(hint) }
    return new EntityError(5, 'unique constraint violation', message, details)
  },

  notFoundById(key: Key): EntityError {
    const message = `could not find the entity with primary key '${printLuaCompact(key)}'`
    return new EntityError(6, 'not found', message, { fields: key })
  },

  notFoundByKey(key: Key): EntityError {
    const message = `could not find the entity with '${printLuaCompact(key)}'`
    return new EntityError(6, 'not found', message, { fields: key })
  },

  /** `reason` is such as `bad base64 encoding`. */
  invalidOffset(offset: string, reason: string): EntityError {
    return new EntityError(7, 'invalid offset', `'${offset}' is not a valid offset: ${reason}`)
  },

  invalidSize(message: string): EntityError {
    return new EntityError(9, 'invalid size', message)
  },

  invalidUnique(field: string, message: string): EntityError {
    return new EntityError(10, `invalid unique ${field}`, message)
  },

  invalidOptions(options: Readonly<Record<string, string>>): EntityError {
    const parts = Object.keys(options).sort()
    const listed = parts.map((name) => `${name}: ${options[name]}`).join('; ')
    const head = parts.length === 1 ? 'invalid option' : `${parts.length} option violations`
    return new EntityError(11, 'invalid options', `${head} (${listed})`, { options })
  },

  operationUnsupported(message: string): EntityError {
    return new EntityError(12, 'operation unsupported', message)
  },

  foreignKeysUnresolved(list: readonly UnresolvedReference[]): EntityError {
    const fields: FieldErrors = {}
    for (const { field, reference, key } of list) {
      const text = `the foreign key cannot be resolved with '${printLuaCompact(key)}' for an existing '${reference}' entity`
      setErrorAt(fields, `${field}.${Object.keys(key)[0] ?? 'id'}`, text)
    }
    const parts = violationsOf(fields)
    const head = parts.length === 1 ? 'foreign key' : `${parts.length} foreign keys`
    const message = `${head} unresolved (${parts.join('; ')})`
    return new EntityError(13, 'foreign keys unresolved', message, { fields })
  },

  invalidDeclarative(
    fields: Readonly<Record<string, ErrorTree>>,
    flattened?: readonly unknown[],
  ): EntityError {
    const message = `declarative config is invalid: ${printLuaCompact(fields)}`
    const details = flattened === undefined ? { fields } : { fields, flattened }
    return new EntityError(14, 'invalid declarative configuration', message, details)
  },

  referencedByOthers(message: string): EntityError {
    return new EntityError(19, 'referenced by others', message)
  },
} as const

function hinting(hint: string | undefined): Pick<ErrorDetails, 'hint'> {
  return hint === undefined ? {} : { hint }
}
