import { DECK_KINDS, type DeckKind, kindNamed, PROBES } from './deck-kinds.ts'
import { isJson, type Json } from './deck-schema.ts'

/** One request to the Admin API. */
export type Send = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ readonly status: number; readonly body: unknown }>

/** What a gateway has, by table. */
export type State = ReadonlyMap<string, readonly Json[]>

/** `GET /`, of which decK reads the version alone, and panics without. */
export async function ping(send: Send): Promise<void> {
  const { status, body } = await send('GET', '/')
  const version = isJson(body) ? body.version : undefined
  if (status !== 200 || typeof version !== 'string' || !/\d+\.\d+/.test(version))
    throw new Error(`GET /: decK panics without a version, got ${JSON.stringify(version)}`)
}

/** Makes the 23 lists, the second `GET /`, and one list for each upstream. */
export async function readAll(send: Send, tags: readonly string[]): Promise<State> {
  const state = new Map<string, readonly Json[]>()
  const tagged = tags.length === 0 ? '' : `&tags=${encodeURIComponent(tags.join(','))}`
  const lists = DECK_KINDS.filter(({ list }) => list !== '').map(async (kind) => {
    state.set(kind.table, await readList(send, kind, { path: kind.list, tagged }))
  })
  await Promise.all([...lists, ...PROBES.map((path) => soft(send, path)), ping(send)])
  const targets: Json[] = []
  const kind = kindNamed('targets')
  for (const { id } of state.get('upstreams') ?? [])
    targets.push(...(await readList(send, kind, { path: `/upstreams/${id}/targets`, tagged })))
  return state.set('targets', targets)
}

async function readList(
  send: Send,
  kind: DeckKind,
  { path, tagged }: { readonly path: string; readonly tagged: string },
): Promise<readonly Json[]> {
  const rows: Json[] = []
  for (let offset = ''; ; ) {
    const { status, body } = await send('GET', `${path}?size=1000${tagged}${offset}`)
    if (status === 404 && kind.soft === true) return []
    if (status !== 200 || !isJson(body) || !Array.isArray(body.data))
      throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`)
    for (const row of body.data) rows.push(strictly(kind, row))
    if (typeof body.offset !== 'string') return rows
    offset = `&offset=${encodeURIComponent(body.offset)}`
  }
}

/** decK decodes into Go's types: a fractional timestamp or a map for a list ends the run. */
export function strictly(kind: DeckKind, row: Json): Json {
  const bad = (what: string) => new Error(`${kind.table}: ${what} in ${JSON.stringify(row)}`)
  for (const name of ['created_at', 'updated_at']) {
    const isFine =
      kind.table === 'targets' ? Number.isFinite(row[name]) : Number.isInteger(row[name])
    if (row[name] !== undefined && row[name] !== null && !isFine) throw bad(name)
  }
  for (const name of ['tags', 'paths', 'hosts', 'methods', 'protocols', 'snis']) {
    const value = row[name]
    if (value !== undefined && value !== null && !Array.isArray(value)) throw bad(name)
  }
  return row
}

/** Asks for what only Enterprise has. */
export async function soft(send: Send, path: string): Promise<void> {
  const { status } = await send('GET', `${path}?size=1000`)
  if (status !== 404 && !(path === '/filter-chains' && status === 400))
    throw new Error(`GET ${path}: ${status}, where Kong OSS has nothing`)
}
