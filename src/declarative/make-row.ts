import { checkValue } from '../schema/check-value.ts'
import type { Input } from '../schema/entity.ts'
import { EntityError } from '../schema/entity-error.ts'
import type { FieldErrors } from '../schema/error-tree.ts'
import { getOwn, type Rules } from '../schema/field.ts'
import { rowForDeclarative, type ValidateContext } from '../schema/validate.ts'
import { type Entry, noteErrors } from './entries.ts'
import { type FindEntry, keyOf, referenceOf, referencesOf } from './identity.ts'
import type { LateError } from './report.ts'

/** Turns the references of an entry into ids; those that lead nowhere are told to `late`. */
export function resolveEntry(
  entry: Entry,
  { input, find, late }: { input: Input; find: FindEntry; late: LateError[] },
): void {
  const sent: Record<string, unknown> = { ...input }
  const references = referencesOf(entry.entity)
  for (let i = 0; i < references.length; i++) {
    const { field = '', reference = '' } = references[i] ?? {}
    if (entry.parent?.field === field) {
      if ((getOwn(input, field) ?? null) !== null)
        noteErrors(entry, { [field]: 'value must be null' })
      sent[field] = { id: entry.parent.entry.id }
      continue
    }
    const name = referenceOf(entry, field)
    if (typeof name !== 'string') continue
    const found = find(reference, name)
    // An id that leads nowhere stands in until the error is told.
    sent[field] = { id: found?.id ?? entry.id }
    if (found !== undefined) continue
    const text = `invalid reference '${field}: ${name}' (no such entry in '${reference}')`
    const keyed = keyOf(entry) !== undefined || getOwn(entry.input, 'id') !== undefined
    late.push({ entry, field, text, keyed })
  }
  sent.id = getOwn(input, 'id') ?? entry.id
  entry.sent = sent
}

/** Makes the row of an entry, or notes all that is wrong with it. */
export function makeRow(entry: Entry, context: ValidateContext): void {
  if (entry.whole.length > 0) return
  if (entry.entity.ttl === true) takeLifetime(entry)
  try {
    entry.shown = rowForDeclarative(entry.entity, entry.sent, context)
    entry.row = entry.shown
    // Ten thousand copies that nobody asks for any more would only be in the way.
    if (!isAskedFor(entry)) entry.sent = entry.input
  } catch (error) {
    noteViolations(entry, error)
  }
}

/** Whether a later step looks at what the row was made from. */
function isAskedFor({ entity }: Entry): boolean {
  return entity.finish !== undefined || entity.relate !== undefined
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
