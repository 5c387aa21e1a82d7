import type { Item, Schemas } from './deck-file.ts'
import { DECK_KINDS, type DeckKind } from './deck-kinds.ts'
import type { State } from './deck-read.ts'
import {
  alignShorthands,
  fieldOf,
  fillConfig,
  isJson,
  type Json,
  sortSets,
  withoutNulls,
} from './deck-schema.ts'

/** What decK would do, or did. */
export interface DeckChange {
  readonly action: 'create' | 'update' | 'delete'
  readonly table: string
  readonly id: string
  readonly why?: string
}

/** What differs, by decK's rules. */
export async function compareAll(
  wanted: readonly Item[],
  state: State,
  schemas: Schemas,
): Promise<DeckChange[]> {
  const changes: DeckChange[] = []
  for (const { kind, id, value } of wanted) {
    const current = (state.get(kind.table) ?? []).find((row) => row.id === id)
    const place = { table: kind.table, id }
    if (current === undefined) {
      changes.push({ action: 'create', ...place })
      continue
    }
    const [a, b] =
      kind.table === 'plugins'
        ? await pluginSides(value, current, schemas)
        : [entitySide(kind, value), entitySide(kind, current)]
    if (a !== b) changes.push({ action: 'update', ...place, why: `wanted ${a}\ngot    ${b}` })
  }
  for (const kind of [...DECK_KINDS].reverse()) {
    for (const row of state.get(kind.table) ?? []) {
      const id = String(row.id)
      if (!wanted.some((item) => item.kind === kind && item.id === id))
        changes.push({ action: 'delete', table: kind.table, id })
    }
  }
  return changes
}

async function pluginSides(value: Json, row: Json, schemas: Schemas): Promise<[string, string]> {
  const config = fieldOf(await schemas.plugin(value.name), 'config')
  const wanted = fillConfig(config, isJson(value.config) ? value.config : {})
  const current: Json = structuredClone(isJson(row.config) ? row.config : {})
  alignShorthands(config, wanted, current)
  const side = (members: Json, filled: Json) =>
    textOf({
      ...withoutNulls(comparable('plugins', members)),
      config: sortSets(config, filled),
    })
  return [side(value, wanted), side(row, current)]
}

function entitySide(kind: DeckKind, members: Json): string {
  return textOf(withoutNulls(comparable(kind.table, members)))
}

const UNCOMPARED: Readonly<Record<string, readonly string[]>> = {
  certificates: ['snis'],
  ca_certificates: ['cert_digest'],
  basicauth_credentials: ['password'],
}

function comparable(table: string, members: Json): Json {
  const dropped = ['created_at', 'updated_at', 'ttl', ...(UNCOMPARED[table] ?? [])]
  const kept = Object.entries(members).filter(([name]) => !dropped.includes(name))
  const sorted = ['tags', ...(table === 'plugins' ? ['protocols'] : ['ca_certificates'])]
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (name === 'tags' && Array.isArray(value) && value.length === 0) return [name, null]
      if (sorted.includes(name) && Array.isArray(value)) return [name, [...value].sort()]
      const isReference = isJson(value) && typeof value.id === 'string' && name !== 'config'
      return [name, isReference ? { id: value.id } : value]
    }),
  )
}

/** One text for values that are deeply equal, whatever the order of their members. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isJson(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
