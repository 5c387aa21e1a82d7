import { type Draft, defaultOf, isListDraft, isRecordDraft, textOf } from './draft.ts'
import { isObject, type SchemaField } from './schema.ts'

/** Values by field, as they are sent. */
export type Values = Readonly<Record<string, unknown>>

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Reads a draft; null for what is empty. Text that cannot be read stays text, for a problem to name. */
export function readDraft(field: SchemaField, draft: Draft): unknown {
  switch (field.type) {
    case 'boolean':
      return draft
    case 'integer':
    case 'number':
      return numberOf(textOf(draft))
    case 'array':
    case 'set':
      return listOf(field, draft)
    case 'map':
      return mapOf(field, draft)
    case 'record':
      return recordOf(field, draft)
    case 'foreign':
      return referenceOf(field, textOf(draft).trim())
    case 'json':
      return jsonOf(textOf(draft))
    default:
      return choiceOf(field, textOf(draft))
  }
}

/** Reads the drafts of a row's fields. */
export function readDrafts(fields: readonly SchemaField[], draft: Draft): Values {
  const at = isRecordDraft(draft) ? draft : {}
  return Object.fromEntries(
    fields.map((field) => [field.name, readDraft(field, at[field.name] ?? null)]),
  )
}

/** What a new entity sends: all that is not its default anyway, and explicit nulls in place of one. */
export function toCreate(fields: readonly SchemaField[], values: Values): Values {
  return kept(fields, (field) => {
    const value = values[field.name] ?? null
    return beyondDefault(field, value, defaultOf(field) ?? null)
  })
}

/** What a change sends: only what changed; of records their changed members, of lists and maps the whole. */
export function toChange(fields: readonly SchemaField[], before: Values, after: Values): Values {
  return kept(fields, (field) => changeOf(field, before[field.name] ?? null, after[field.name]))
}

/** Whether two values are the same to the gateway: an empty list or map is none. */
export function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(settled(one)) === JSON.stringify(settled(other))
}

function kept(
  fields: readonly SchemaField[],
  read: (field: SchemaField) => unknown,
): Readonly<Record<string, unknown>> {
  const entries = fields.map((field) => [field.name, read(field)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function beyondDefault(field: SchemaField, value: unknown, standard: unknown): unknown {
  if (sameValue(value, standard)) return undefined
  if (field.type !== 'record' || !isObject(value)) return value
  const known = isObject(standard) ? standard : {}
  return kept(field.fields, (sub) =>
    beyondDefault(sub, value[sub.name] ?? null, known[sub.name] ?? null),
  )
}

function changeOf(field: SchemaField, before: unknown, after: unknown): unknown {
  if (sameValue(before, after)) return undefined
  if (field.type !== 'record' || !isObject(before) || !isObject(after)) return after
  return toChange(field.fields, before, after)
}

/** Without what says nothing, and in one order, so that equal things look equal. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(settled)
  if (!isObject(value)) return value === '' ? null : (value ?? null)
  const entries = Object.entries(value).map(([name, inner]) => [name, settled(inner)] as const)
  const said = entries.filter(([, inner]) => inner !== null)
  if (said.length === 0) return null
  return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function numberOf(text: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const number = Number(trimmed)
  return Number.isFinite(number) ? number : trimmed
}

function choiceOf({ oneOf }: SchemaField, text: string): unknown {
  if (text === '') return null
  return oneOf?.find((choice) => String(choice) === text) ?? text
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function referenceOf(field: SchemaField, text: string): unknown {
  if (text === '') return null
  if (UUID.test(text)) return { id: text }
  return { [field.reference === 'consumers' ? 'username' : 'name']: text }
}

function listOf({ elements }: SchemaField, draft: Draft): unknown {
  if (!isListDraft(draft) || elements === undefined) return []
  return draft.map((item) => readDraft(elements, item)).filter((item) => item !== null)
}

function mapOf({ values }: SchemaField, draft: Draft): unknown {
  if (!isListDraft(draft) || draft.length === 0 || values === undefined) return null
  const rows = draft.flatMap((row) => {
    if (!isRecordDraft(row)) return []
    const key = textOf(row.key ?? '').trim()
    return key === '' ? [] : [[key, readDraft(values, row.value ?? null)] as const]
  })
  return rows.length === 0 ? null : Object.fromEntries(rows)
}

/** A record that may be absent is, once none of its fields says anything. */
function recordOf(field: SchemaField, draft: Draft): unknown {
  const values = readDrafts(field.fields, draft)
  const optional = !field.required && !isObject(field.default)
  return optional && settled(values) === null ? null : values
}
