import { randomUUID } from 'node:crypto'
import { DECK_KINDS, type DeckKind } from './deck-kinds.ts'
import type { Send, State } from './deck-read.ts'
import {
  entityDefaults,
  fieldOf,
  isJson,
  type Json,
  mergeUnder,
  withoutNulls,
} from './deck-schema.ts'

/** An entity of a file, with the id it has, found or got. */
export interface Item {
  readonly kind: DeckKind
  readonly id: string
  readonly value: Json
}

/** `_info.select_tags`. */
export function tagsOf(file: Json): string[] {
  const info = isJson(file._info) ? file._info : {}
  return Array.isArray(info.select_tags) ? info.select_tags : []
}

/** Lists a file's entities, each with the id it has, finds or gets. */
export function collect(file: Json, state: State, tags: readonly string[]): Item[] {
  const items: Item[] = []
  const add = (kind: DeckKind, given: Json, refs: Json): void => {
    const own = resolved(kind, { ...given, ...refs }, items)
    const all = tags.length === 0 ? own : { ...own, tags: [...new Set([...tagList(own), ...tags])] }
    const found = (state.get(kind.table) ?? []).find((row) => isSame(kind, row, all))
    const id = String(given.id ?? found?.id ?? randomUUID())
    items.push({ kind, id, value: { ...all, id } })
    for (const child of DECK_KINDS) {
      for (const [parent, ref] of child.inside ?? []) {
        const list = given[child.table]
        if (parent !== kind.table || !Array.isArray(list)) continue
        for (const item of list) add(child, item, { [ref]: reference(kind, { ...all, id }) })
      }
    }
  }
  for (const kind of DECK_KINDS) {
    const list = file[kind.table]
    if (Array.isArray(list)) for (const item of list) add(kind, item, {})
  }
  return items.sort((a, b) => a.kind.level - b.kind.level)
}

function tagList({ tags }: Json): readonly unknown[] {
  return Array.isArray(tags) ? tags : []
}

/** Credentials name their consumer beside its id; the server must not mind. */
function reference(kind: DeckKind, { id, username }: Json): Json {
  return kind.table === 'consumers' && username !== undefined ? { id, username } : { id }
}

/** An entity without what is nested in it, and with its references as ids. */
function resolved(kind: DeckKind, given: Json, items: readonly Item[]): Json {
  const nested = new Set(
    DECK_KINDS.filter(({ inside }) => inside?.some(([parent]) => parent === kind.table)).map(
      ({ table }) => table,
    ),
  )
  const value: Json = {}
  for (const [name, item] of Object.entries(given)) {
    if (nested.has(name)) continue
    const table = kind.refs[name]
    value[name] = table === undefined ? item : referenceTo(table, item, items)
  }
  return value
}

function referenceTo(table: string, value: unknown, items: readonly Item[]): unknown {
  if (value === null) return null
  const name = isJson(value) ? (value.id ?? value.name) : value
  const to = items.find(
    (item) =>
      item.kind.table === table &&
      [item.id, item.value.name, item.value.username].includes(String(name)),
  )
  return { id: to?.id ?? name }
}

function isSame(kind: DeckKind, row: Json, value: Json): boolean {
  if (value.id !== undefined) return row.id === value.id
  return kind.lookup.every((name) => {
    const [a, b] = [row[name], value[name]]
    if (!Object.hasOwn(kind.refs, name)) return a !== undefined && a !== null && a === b
    return (isJson(a) ? a.id : null) === (isJson(b) ? b.id : null)
  })
}

/** Reads schemas, each once. */
export interface Schemas {
  entity(table: string): Promise<Json | undefined>
  plugin(name: unknown): Promise<Json>
}

/** A run's cache of schemas. */
export function schemaReader(send: Send): Schemas {
  const known = new Map<string, Promise<Json | undefined>>()
  const read = (path: string) => {
    const asked =
      known.get(path) ??
      send('GET', path).then(({ status, body }) =>
        status === 200 && isJson(body) ? body : undefined,
      )
    known.set(path, asked)
    return asked
  }
  return {
    entity: (table) => read(`/schemas/${table}`),
    async plugin(name) {
      const schema = await read(`/schemas/plugins/${name}`)
      if (schema === undefined) throw new Error(`no schema of plugin ${name}`)
      return schema
    },
  }
}

const DEFAULTED = ['services', 'routes', 'upstreams', 'targets']

/** Puts defaults in, from the file's `_info.defaults` and the schemas. */
export async function fillAll(
  items: readonly Item[],
  schemas: Schemas,
  file: Json,
): Promise<Item[]> {
  const info = isJson(file._info) ? file._info : {}
  const said = isJson(info.defaults) ? info.defaults : {}
  if ((await schemas.entity('consumer_group_plugins')) !== undefined)
    throw new Error('Kong OSS has no schema of consumer_group_plugins')
  const defaults = new Map<string, Json>()
  for (const table of DEFAULTED)
    defaults.set(table, entityDefaults((await schemas.entity(table)) ?? {}))
  const filled: Item[] = []
  for (const item of items) {
    const { table } = item.kind
    const own = said[table.slice(0, -1)]
    const base = mergeUnder(isJson(own) ? own : {}, defaults.get(table) ?? {})
    const value = table === 'plugins' ? await withScope(item.value, schemas) : item.value
    filled.push({
      ...item,
      value: defaults.has(table) ? withoutNulls(mergeUnder(value, base)) : value,
    })
  }
  return filled
}

/** A plugin is sent with what the file says, and these. */
async function withScope(value: Json, schemas: Schemas): Promise<Json> {
  const schema = await schemas.plugin(value.name)
  const protocols = fieldOf(schema, 'protocols').default
  return { enabled: true, protocols, config: {}, ...value }
}
