import { checkValue } from '../schema/check-value.ts'
import type { Input } from '../schema/entity.ts'
import { EntityError } from '../schema/entity-error.ts'
import type { FieldErrors } from '../schema/error-tree.ts'
import { getOwn, type Rules } from '../schema/field.ts'
import { rowForDeclarative, type ValidateContext } from '../schema/validate.ts'
import { type Entry, noteErrors } from './entries.ts'
import { type FindEntry, keyOf, referenceOf, referencesOf } from './identity.ts'
import type { LateError } from './report.ts'

/** Turns the references of an entry into ids, and tells of those that lead nowhere. */
export function resolveEntry(entry: Entry, input: Input, find: FindEntry): LateError[] {
  const resolved: Record<string, unknown> = {}
  const unknown: LateError[] = []
  for (const { field, reference } of referencesOf(entry.entity)) {
    if (entry.parent?.field === field) {
      if ((getOwn(input, field) ?? null) !== null)
        noteErrors(entry, { [field]: 'value must be null' })
      resolved[field] = { id: entry.parent.entry.id }
      continue
    }
    const name = referenceOf(entry, field)
    if (typeof name !== 'string') continue
    const found = find(reference, name)
    // An id that leads nowhere stands in until the error is told.
    resolved[field] = { id: found?.id ?? entry.id }
    if (found !== undefined) continue
    const text = `invalid reference '${field}: ${name}' (no such entry in '${reference}')`
    const keyed = keyOf(entry) !== undefined || getOwn(entry.input, 'id') !== undefined
    unknown.push({ entry, field, text, keyed })
  }
  entry.sent = { ...input, ...resolved, id: getOwn(input, 'id') ?? entry.id }
  return unknown
}

/** Makes the row of an entry, or notes all that is wrong with it. */
export function makeRow(entry: Entry, context: ValidateContext): void {
  if (entry.whole.length > 0) return
  if (entry.entity.ttl === true) takeLifetime(entry)
  try {
    entry.shown = rowForDeclarative(entry.entity, entry.sent, context)
    entry.row = entry.shown
  } catch (error) {
    noteViolations(entry, error)
  }
}

const LIFETIME: Rules = { type: 'integer', between: [0, 100_000_000] }

/** Kong: the seconds a row has to live are no field of it. */
function takeLifetime(entry: Entry): void {
  const { ttl, ...sent } = entry.sent
  if (ttl === undefined) return
  const error = checkValue(LIFETIME, ttl)
  if (error !== undefined) noteErrors(entry, { ttl: error })
  else if (typeof ttl === 'number') entry.ttl = ttl
  entry.sent = sent
}

/** Adds what a step refused to the errors of an entry; a failure of another kind is a bug. */
export function noteViolations(entry: Entry, error: unknown): void {
  if (!(error instanceof EntityError) || error.code !== 2) throw error
  // Code 2 brings violations by field.
  noteErrors(entry, error.fields as FieldErrors)
}
