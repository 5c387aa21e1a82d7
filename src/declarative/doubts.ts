import { isUuid } from '../lib/uuid.ts'
import { type FieldErrors, hasErrors } from '../schema/error-tree.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { type Entry, noteErrors } from './entries.ts'
import { type FindEntry, keyOf } from './identity.ts'
import type { LateError } from './report.ts'

/**
 * A reference that Kong's first look at a file does not take: it knows names at the top alone, and
 * none where entries stand in one another. A second look, with names turned into ids, follows only
 * if the first one found anything wrong; from there on a name that leads nowhere is told otherwise.
 */
export interface Doubt {
  readonly entry: Entry
  readonly field: string
  /** The table it leads into. */
  readonly to: string
  /** As written, not null. */
  readonly value: unknown
  /** Whether there is such an entry. */
  readonly found: boolean
}

/** What is said of a reference without a usable id. */
export const NO_KEY = 'missing primary key'

/** The entry that a reference names by its key or id, or by `{id}`. */
export function findReferred(value: unknown, table: string, find: FindEntry): Entry | undefined {
  if (typeof value === 'string') return find(table, value)
  const id = isObject(value) ? getOwn(value, 'id') : undefined
  return typeof id === 'string' && isUuid(id) ? find(table, id) : undefined
}

/** Whether a reference is to be kept in mind: all but a name at the top that leads somewhere. */
export function isDoubtful(entry: Entry, value: unknown, found: Entry | undefined): boolean {
  return found === undefined || typeof value !== 'string' || entry.parent !== undefined
}

interface Looked {
  readonly doubts: readonly Doubt[]
  readonly entries: readonly Entry[]
  /** What is wrong at the top of the document. */
  readonly errors: FieldErrors
}

/** Notes what Kong's second look says of references; those left are told once all else is right. */
export function settleDoubts({ doubts, entries, errors }: Looked): LateError[] {
  if (doubts.length === 0) return []
  const looksTwice =
    hasErrors(errors) || entries.some(failsAtFirst) || doubts.some((doubt) => !isName(doubt))
  if (looksTwice) {
    for (const doubt of doubts) {
      const { entry, field, value, found } = doubt
      if (!found && !(isObject(value) && hasId(value))) {
        noteErrors(entry, { ...lack(doubt), [field]: entry.errors[field] ?? { id: NO_KEY } })
      }
    }
  }
  if (!hasErrors(errors) && !entries.some(isFaulty)) return doubts.filter(isLost).map(lateOf)

  // Kong adds what its first look says of references in nested entries.
  for (const { entry, field } of doubts) {
    if (entry.parent !== undefined) noteErrors(entry, { [field]: 'value must be null' })
  }
  return []
}

/** What an entry lacks besides, without what it refers to. */
function lack({ entry, field }: Doubt): FieldErrors | undefined {
  if (!isPassword(entry)) return undefined
  return entry.entity.refuse?.(entry.input, 'declarative', { ...entry.input, [field]: null })
}

/** Says of a reference that there is no such entry. */
export function lostText({ field, to, value }: Doubt): string {
  const name = typeof value === 'string' ? value : JSON.stringify(value)
  return `invalid reference '${field}: ${name}' (no such entry in '${to}')`
}

/** Whether a reference leads nowhere. */
export function isLost({ found }: Doubt): boolean {
  return !found
}

function lateOf(doubt: Doubt): LateError {
  const { entry, field } = doubt
  const keyed = keyOf(entry) !== undefined || getOwn(entry.input, 'id') !== undefined
  return { entry, field, text: lostText(doubt), keyed }
}

function isName({ entry, value }: Doubt): boolean {
  return typeof value === 'string' && entry.parent === undefined
}

function hasId(value: object): boolean {
  const id = getOwn(value, 'id')
  return typeof id === 'string' && isUuid(id)
}

function failsAtFirst(entry: Entry): boolean {
  return isPassword(entry) || isFaulty(entry)
}

/** Kong: a password needs its consumer's id beside it, which no entry has at first. */
function isPassword({ entity }: Entry): boolean {
  return entity.name === 'basicauth_credentials'
}

function isFaulty({ whole, errors }: Entry): boolean {
  return whole.length > 0 || hasErrors(errors)
}
