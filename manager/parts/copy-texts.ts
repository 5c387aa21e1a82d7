import { adminApi, isRecord } from '../api.ts'
import { toYaml } from './yaml.ts'

/** A way to take a row along as text. */
export interface CopyText {
  readonly label: string
  readonly text: () => string
}

/** A row as JSON, YAML, the curl command that makes it again, and as decK's file. */
export function copyTexts(path: string, row: Readonly<Record<string, unknown>>): CopyText[] {
  return [
    { label: 'JSON', text: () => JSON.stringify(row, null, 2) },
    { label: 'YAML', text: () => toYaml(row) },
    { label: 'curl', text: () => curlOf(path, row) },
    { label: 'decK', text: () => deckOf(path, row) },
  ]
}

const STAMPS = ['created_at', 'updated_at']

/** PUT to its id: the same however often it runs. No token is in it. */
export function curlOf(path: string, row: Readonly<Record<string, unknown>>): string {
  const base = new URL(adminApi(), location.origin).href.replace(/\/$/, '')
  const { id, ...rest } = without(row, STAMPS)
  const body = JSON.stringify(rest).replaceAll("'", "'\\''")
  return [
    `curl -X PUT '${base}/${path}/${String(id)}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${body}'`,
  ].join('\n')
}

/** Collections whose name in a file is another one than in a path. */
const IN_FILE: Readonly<Record<string, string>> = { 'key-sets': 'key_sets' }

/** As a file of its own: what is null is left out, foreign keys are names or ids. */
export function deckOf(path: string, row: Readonly<Record<string, unknown>>): string {
  const kept = Object.entries(without(row, STAMPS)).flatMap(([name, value]) => {
    if (value === null) return []
    return [[name, isForeign(value) ? value.id : value]]
  })
  const list = IN_FILE[path] ?? path
  return toYaml({ _format_version: '3.0', [list]: [Object.fromEntries(kept)] })
}

function isForeign(value: unknown): value is { readonly id: string } {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value.id === 'string'
}

function without(
  row: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}
