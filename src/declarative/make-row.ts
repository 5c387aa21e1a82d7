import { checkValue } from '../schema/check-value.ts'
import type { Input } from '../schema/entity.ts'
import { EntityError } from '../schema/entity-error.ts'
import type { FieldErrors } from '../schema/error-tree.ts'
import { getOwn, type Rules, setOwn } from '../schema/field.ts'
import { rowForDeclarative, type ValidateContext } from '../schema/validate.ts'
import { referencesOf } from '../store/links.ts'
import { type Doubt, findReferred, isDoubtful } from './doubts.ts'
import { type Entry, noteErrors } from './entries.ts'
import type { FindEntry } from './identity.ts'

/** Turns the references of an entry into ids; tells `doubts` of those that may not stand. */
export function resolveEntry(
  entry: Entry,
  { input, find, doubts }: { input: Input; find: FindEntry; doubts: Doubt[] },
): void {
  const sent: Record<string, unknown> = { id: getOwn(input, 'id') ?? entry.id }
  const references = referencesOf(entry.entity)
  for (let i = 0; i < references.length; i++) {
    const reference = references[i]
    if (reference === undefined) continue
    const { field, to } = reference
    const value = getOwn(input, field) ?? null
    const holder = entry.parent?.field === field ? entry.parent.entry : undefined
    if (holder !== undefined) sent[field] = { id: holder.id }
    if (value === null) continue
    const found = findReferred(value, to, find)
    // An id that leads nowhere stands in until the error is told.
    const id = found?.id ?? (typeof value === 'string' ? entry.id : undefined)
    if (holder === undefined && id !== undefined) sent[field] = { id }
    if (isDoubtful(entry, value, found)) {
      doubts.push({ entry, field, to, value, found: found !== undefined })
    }
  }
  // The other members come last: Node 20 takes long to add any to a copy made by spreading.
  for (const name of Object.keys(input)) {
    if (!Object.hasOwn(sent, name)) setOwn(sent, name, input[name])
  }
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
    if (entry.entity.finish === undefined) entry.sent = entry.input
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
