import { isObject, type SchemaField } from './schema.ts'

/**
 * What stands in a form, as it was typed: texts for whatever is typed, numbers and references too, so that
 * nothing is lost while it is not yet right. A map is a list of its rows.
 */
export type Draft = string | boolean | null | readonly Draft[] | DraftRecord

/** The drafts of a record's fields. */
export interface DraftRecord {
  readonly [name: string]: Draft
}

/** What a field shows for a value; for none it is empty. */
export function draftOf(field: SchemaField, value: unknown): Draft {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'array':
    case 'set':
      return Array.isArray(value) ? value.map((item) => elementDraft(field.elements, item)) : []
    case 'map':
      return isObject(value) ? Object.entries(value).map((row) => rowDraft(field, row)) : []
    case 'record':
      return recordDraft(field.fields, isObject(value) ? value : {})
    case 'foreign':
      return isObject(value) && typeof value.id === 'string' ? value.id : ''
    case 'json':
      return value === undefined || value === null ? '' : JSON.stringify(value, null, 2)
    default:
      return value === undefined || value === null ? '' : String(value)
  }
}

/** The drafts of a row's fields. */
export function recordDraft(
  fields: readonly SchemaField[],
  row: Readonly<Record<string, unknown>>,
): DraftRecord {
  return Object.fromEntries(fields.map((field) => [field.name, draftOf(field, row[field.name])]))
}

/** What a new entity starts with: the defaults, a record's own before those of its fields. */
export function startingDraft(field: SchemaField): Draft {
  return draftOf(field, defaultOf(field))
}

/** The value a field has when nothing is sent for it; undefined for none. */
export function defaultOf(field: SchemaField): unknown {
  if (field.type !== 'record') return field.default
  const own = isObject(field.default) ? field.default : {}
  const inner = field.fields.map((sub) => [sub.name, own[sub.name] ?? defaultOf(sub)] as const)
  return Object.fromEntries(inner.filter(([, value]) => value !== undefined))
}

/** What a further element of a list starts with. */
export function elementDraft(elements: SchemaField | undefined, value: unknown): Draft {
  return elements === undefined ? JSON.stringify(value ?? '') : draftOf(elements, value)
}

/** What a further row of a map starts with. */
function rowDraft(field: SchemaField, [key, value]: readonly [string, unknown]): Draft {
  return { key, value: elementDraft(field.values, value) }
}

/** What is at a dotted path: `config.redis.host`, `headers.0.key`. */
export function draftAt(draft: Draft, path: string): Draft {
  return stepsOf(path).reduce<Draft>((at, step) => memberOf(at, step), draft)
}

/** The same draft with something else at a path. */
export function withDraftAt(draft: DraftRecord, path: string, value: Draft): DraftRecord {
  const changed = changedAt(draft, stepsOf(path), value)
  return isRecordDraft(changed) ? changed : draft
}

function changedAt(draft: Draft, [step, ...rest]: readonly string[], value: Draft): Draft {
  if (step === undefined) return value
  const inner = changedAt(memberOf(draft, step), rest, value)
  if (isListDraft(draft)) return draft.map((item, i) => (String(i) === step ? inner : item))
  return { ...(isRecordDraft(draft) ? draft : {}), [step]: inner }
}

function memberOf(draft: Draft, step: string): Draft {
  if (isListDraft(draft)) return draft[Number(step)] ?? null
  return isRecordDraft(draft) ? (draft[step] ?? null) : null
}

function stepsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('.')
}

/** Whether a draft is that of a list or a map. */
export function isListDraft(draft: Draft | undefined): draft is readonly Draft[] {
  return Array.isArray(draft)
}

/** Whether a draft is that of a record, or of a map's row. */
export function isRecordDraft(draft: Draft | undefined): draft is DraftRecord {
  return typeof draft === 'object' && draft !== null && !Array.isArray(draft)
}

/** A draft that is text; empty when it is none. */
export function textOf(draft: Draft): string {
  return typeof draft === 'string' ? draft : ''
}
