import { stringify } from 'yaml'
import { isObject } from '../schema/field.ts'
import type { Members } from './content.ts'
import type { Schemas, Shown, State } from './current.ts'
import { KINDS, type Kind, kindOf } from './kinds.ts'
import { idOf } from './resolve.ts'
import type { SchemaField } from './schema.ts'
import { withoutShorthands } from './shorthand.ts'

/** A gateway's state as a file, and what the file cannot say. */
export interface Dumped {
  readonly text: string
  readonly warnings: readonly string[]
}

/** Writes a state in decK's format: nested, sorted, without timestamps, ids only where needed. */
export async function dumpState(
  state: State,
  schemas: Schemas,
  selectTags: readonly string[],
): Promise<Dumped> {
  const holder: Holder = { state, schemas, selectTags, names: nameIndex(state) }
  const document: Record<string, unknown> = { _format_version: '3.0' }
  if (selectTags.length > 0) document._info = { select_tags: selectTags }
  for (const table of ORDER) {
    const kind = kindOf(table)
    if (kind === undefined) continue
    const rows = (state.get(table) ?? []).filter((row) => !isNested(kind, row, holder))
    if (rows.length > 0) document[table] = await writeAll(kind, rows, holder)
  }
  const hashed = state.get('basicauth_credentials')?.length ?? 0
  return {
    text: stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true }),
    warnings: hashed === 0 ? [] : [HASHED],
  }
}

const HASHED =
  'passwords of basic-auth are kept as hashes: this file syncs back to the same gateway, ' +
  'for another one write the passwords in it'

/** How a person would read it. */
const ORDER = [
  'services',
  'routes',
  'upstreams',
  'consumers',
  'plugins',
  'certificates',
  'ca_certificates',
  'vaults',
  'key_sets',
  'keys',
]

interface Holder {
  readonly state: State
  readonly schemas: Schemas
  readonly selectTags: readonly string[]
  readonly names: ReadonlyMap<string, string>
}

function nameIndex(state: State): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const kind of KINDS) {
    for (const row of state.get(kind.table) ?? []) {
      const name = row.name ?? row.username
      if (typeof name === 'string') names.set(`${kind.table}:${row.id}`, name)
    }
  }
  return names
}

/** The one entity it stands in; a plugin with two scopes stands by itself. */
function parentOf(kind: Kind, row: Shown, holder: Holder): string | undefined {
  const parents = Object.entries(kind.references).flatMap(([field, table]) => {
    const id = idOf(row[field])
    return id === null ? [] : [{ table, id }]
  })
  const [parent] = parents
  if (parents.length !== 1 || parent === undefined) return undefined
  const nests = kindOf(parent.table)?.nests
  const isThere = (holder.state.get(parent.table) ?? []).some(({ id }) => id === parent.id)
  const isKey = kind.table === 'keys' // decK lists keys at the top, each with its set
  return nests !== undefined && Object.hasOwn(nests, kind.table) && isThere && !isKey
    ? `${parent.table}:${parent.id}`
    : undefined
}

function isNested(kind: Kind, row: Shown, holder: Holder): boolean {
  return parentOf(kind, row, holder) !== undefined
}

async function writeAll(
  kind: Kind,
  rows: readonly Shown[],
  holder: Holder,
): Promise<readonly Members[]> {
  const sorted = [...rows].sort((a, b) => (sortKey(kind, a) < sortKey(kind, b) ? -1 : 1))
  const written: Members[] = []
  for (const row of sorted) written.push(await writeOne(kind, row, holder))
  return written
}

function sortKey(kind: Kind, row: Shown): string {
  const { name, username, custom_id: custom, prefix, target, group, key, client_id: client } = row
  const first = name ?? username ?? custom ?? prefix ?? target ?? group ?? key ?? client ?? ''
  return `${kind.table === 'certificates' ? '' : first}\u0000${row.id}`
}

async function writeOne(kind: Kind, row: Shown, holder: Holder): Promise<Members> {
  const schema = await holder.schemas.of(kind, row)
  const written: Record<string, unknown> = {}
  if (needsId(kind, row, holder)) written.id = row.id
  for (const [name, value] of Object.entries(withoutShorthands(schema, row))) {
    const field = schema.fields.get(name)
    if (LEFT_OUT.has(name) || field?.transient === true || kind.ignored?.includes(name)) continue
    if (Object.hasOwn(kind.references, name)) continue
    const kept = meaningful(field, value)
    if (kept !== undefined) written[name] = kept
  }
  if (kind.table === 'basicauth_credentials') written.password = row.password
  Object.assign(written, tagsOf(row, holder.selectTags))
  if (!isNested(kind, row, holder)) Object.assign(written, referencesOf(kind, row, holder))
  for (const [table, field] of Object.entries(kind.nests ?? {})) {
    const child = kindOf(table)
    if (child === undefined) continue
    const rows = (holder.state.get(table) ?? []).filter(
      (one) => idOf(one[field]) === row.id && isNested(child, one, holder),
    )
    if (rows.length > 0) written[table] = await writeAll(child, rows, holder)
  }
  return written
}

const LEFT_OUT = new Set(['id', 'created_at', 'updated_at', 'ttl', 'tags'])

/** A hash of a password has its consumer's id in it, so that id must stay. */
function needsId(kind: Kind, row: Shown, { state }: Holder): boolean {
  if (kind.table === 'certificates' || kind.table === 'ca_certificates') return true
  if (kind.table === 'consumers') {
    const hashes = state.get('basicauth_credentials') ?? []
    return typeof row.username !== 'string' || hashes.some((one) => idOf(one.consumer) === row.id)
  }
  const named = kind.keys.some((fields) =>
    fields.every(
      (field) => Object.hasOwn(kind.references, field) || typeof row[field] === 'string',
    ),
  )
  return !named
}

function tagsOf({ tags }: Shown, selectTags: readonly string[]): Members {
  const own = Array.isArray(tags) ? tags.filter((tag) => !selectTags.includes(tag)) : []
  return own.length > 0 ? { tags: own } : {}
}

function referencesOf(kind: Kind, row: Shown, { names }: Holder): Members {
  const references: Record<string, unknown> = {}
  for (const [field, table] of Object.entries(kind.references)) {
    const id = idOf(row[field])
    if (id === null) continue
    const name = names.get(`${table}:${id}`)
    references[field] = referenceForm(kind, { id, name })
  }
  return references
}

/** decK's forms: a bare text in services and plugins, an object elsewhere. */
function referenceForm(
  kind: Kind,
  { id, name }: { readonly id: string; readonly name: string | undefined },
): unknown {
  if (kind.table === 'services' || kind.table === 'plugins') return name ?? id
  return name === undefined ? { id } : { name }
}

/** A value without its nulls, but for those that stand where a default would come back. */
function meaningful(field: SchemaField | undefined, value: unknown): unknown {
  if (value === null || value === undefined) {
    const fallback = field?.fallback ?? null
    return fallback === null ? undefined : null
  }
  if (Array.isArray(value)) return value.map((item) => meaningful(field?.elements, item) ?? null)
  if (!isObject(value)) return value
  const entries = Object.entries(value).flatMap(([name, item]) => {
    const kept = meaningful(field?.fields.get(name) ?? field?.values, item)
    return kept === undefined ? [] : [[name, kept] as const]
  })
  return Object.fromEntries(entries)
}
