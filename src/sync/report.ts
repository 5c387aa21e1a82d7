import { isObject } from '../schema/field.ts'
import { type Difference, isSecret } from './compare.ts'
import type { Change } from './plan.ts'
import type { SchemaField } from './schema.ts'

/** How many entities a plan creates, updates and deletes. */
export interface Summary {
  readonly creating: number
  readonly updating: number
  readonly deleting: number
  readonly total: number
}

/** Counts changes by what they do. */
export function summarize(changes: readonly Change[]): Summary {
  const count = (action: Change['action']) =>
    changes.filter((change) => change.action === action).length
  return {
    creating: count('create'),
    updating: count('update'),
    deleting: count('delete'),
    total: changes.length,
  }
}

/** `creating service shop`; an update says what differs. */
export function lineOf(change: Change, masked: readonly string[]): string {
  const { action, kind, label, differences } = change
  const line = `${VERBS[action]} ${kind.word} ${label}`
  if (differences.length === 0) return mask(line, masked)
  return mask(`${line}: ${differences.map(differenceText).join(', ')}`, masked)
}

const VERBS = { create: 'creating', update: 'updating', delete: 'deleting' } as const
const MASK = '[masked]'

/** The last lines, in decK's words. */
export function summaryText({ creating, updating, deleting }: Summary): string {
  return `Summary:\n  Created: ${creating}\n  Updated: ${updating}\n  Deleted: ${deleting}\n`
}

/** What `--json-output` prints, in decK's shape. */
export function reportJson(
  changes: readonly Change[],
  notes: {
    readonly warnings: readonly string[]
    readonly errors: readonly string[]
    readonly masked: readonly string[]
  },
): string {
  const lists: Record<string, unknown[]> = { creating: [], updating: [], deleting: [] }
  for (const change of changes) {
    const { kind, label, before, after, schema, differences } = change
    lists[VERBS[change.action]]?.push({
      name: label,
      kind: kind.word,
      body: { new: withoutSecrets(schema, after), old: withoutSecrets(schema, before) },
      ...(differences.length > 0 && { diff: differences.map(differenceText).join('\n') }),
    })
  }
  const { warnings, errors, masked } = notes
  const report = { changes: lists, summary: summarize(changes), warnings, errors }
  return `${mask(JSON.stringify(report, null, 2), masked)}\n`
}

function differenceText({ path, before, after, secret }: Difference): string {
  if (secret) return `${path} changes`
  return `${path} ${shortened(before)} -> ${shortened(after)}`
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'unset'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** A value as anybody may see it. */
export function withoutSecrets(schema: SchemaField | undefined, value: unknown): unknown {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(schema?.elements, item))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const field = schema?.fields.get(name)
      const hides = typeof item === 'string' && isSecret(name, field)
      return [name, hides ? MASK : withoutSecrets(field ?? schema?.values, item)]
    }),
  )
}

/** Values out of the environment are not for everybody who reads the output. */
export function mask(text: string, values: readonly string[]): string {
  let masked = text
  for (const value of values) {
    if (value.length < SHORTEST_SECRET) continue
    masked = masked.replaceAll(value, MASK).replaceAll(JSON.stringify(value).slice(1, -1), MASK)
  }
  return masked
}

/** A shorter value would blot out half the output and hide nothing. */
const SHORTEST_SECRET = 4
