import { type Draft, draftAt, isListDraft, textOf } from './draft.ts'
import type { Schema, SchemaField } from './schema.ts'
import { readDraft, sameValue } from './values.ts'
import { labelOf } from './words.ts'

/** What is wrong before anything is sent, by dotted path; `''` for what is of the whole. */
export type Problems = ReadonlyMap<string, string>

/** What can be told here already; the gateway knows the rest. */
export function problemsOf(schema: Schema, draft: Draft): Problems {
  const found = new Map<string, string>()
  for (const field of schema.fields) look(field, draftAt(draft, field.name), field.name, found)
  for (const paths of schema.oneNeeded) {
    const isThere = paths.some((path) => !sameValue(readAt(schema.fields, draft, path), null))
    if (!isThere) found.set('', `Fill in one of: ${paths.map(labelOf).join(', ')}`)
  }
  return found
}

function look(field: SchemaField, draft: Draft, path: string, found: Map<string, string>): void {
  const problem = problemOf(field, draft)
  if (problem !== undefined) found.set(path, problem)
  const absent = sameValue(readDraft(field, draft), null)
  if (field.type === 'record' && (field.required || !absent)) {
    for (const sub of field.fields)
      look(sub, draftAt(draft, sub.name), `${path}.${sub.name}`, found)
  }
  const { elements } = field
  if (elements !== undefined && isListDraft(draft)) {
    for (const [i, item] of draft.entries()) look(elements, item, `${path}.${i}`, found)
  }
}

function problemOf(field: SchemaField, draft: Draft): string | undefined {
  const value = readDraft(field, draft)
  if (sameValue(value, null)) return isNeeded(field) ? 'Fill this in' : undefined
  if (field.type === 'json') return isJson(textOf(draft)) ? undefined : 'This is not JSON'
  if (field.type !== 'integer' && field.type !== 'number') return undefined
  if (typeof value !== 'number') return 'Give a number'
  if (field.type === 'integer' && !Number.isInteger(value)) return 'Give a whole number'
  return rangeProblem(field, value)
}

function rangeProblem({ between, above }: SchemaField, value: number): string | undefined {
  if (between !== undefined && (value < between[0] || value > between[1])) {
    return `Give a number from ${between[0]} to ${between[1]}`
  }
  if (above !== undefined && value <= above) return `Give a number greater than ${above}`
  return undefined
}

/** Records look after their own fields; what has a default gets it. */
function isNeeded({ type, required, auto, default: standard }: SchemaField): boolean {
  return required && !auto && standard === undefined && type !== 'record'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function readAt(fields: readonly SchemaField[], draft: Draft, path: string): unknown {
  const [first = '', ...rest] = path.split('.')
  const field = fields.find(({ name }) => name === first)
  if (field === undefined) return null
  const inner = draftAt(draft, first)
  return rest.length === 0 ? readDraft(field, inner) : readAt(field.fields, inner, rest.join('.'))
}
