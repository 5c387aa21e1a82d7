import { perObject } from '../lib/per-object.ts'
import { WORKSPACE } from '../pdk/workspace.ts'
import type { Row } from '../schema/entity.ts'
import { isObject } from '../schema/field.ts'

/** A row as entries tell of it. Kong: what is not set is left out, and the workspace is named. */
export const loggedRow: (row: Row) => Row = perObject((row) => ({
  ...withoutNulls(row),
  id: row.id,
  ws_id: WORKSPACE.workspace,
}))

function withoutNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) kept[name] = told(value)
  }
  return kept
}

function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told)
  return isObject(value) ? withoutNulls(value) : value
}
