import type { AdminClient } from './client.ts'
import type { Members } from './content.ts'
import { inParallel, type Pace } from './in-parallel.ts'
import { KINDS, type Kind } from './kinds.ts'
import { NO_SCHEMA, readSchema, type SchemaField } from './schema.ts'
import { SyncError } from './sync-error.ts'

/** An entity as a gateway shows it. */
export type Shown = Members & { readonly id: string }

/** What a gateway has, by table. */
export type State = ReadonlyMap<string, readonly Shown[]>

/** Reads all that a sync manages; with tags, what bears all of them. */
export async function readState(
  client: AdminClient,
  tags: readonly string[],
  pace: Pace,
): Promise<State> {
  const state = new Map<string, readonly Shown[]>()
  const listed = KINDS.filter((kind) => kind.path !== '')
  await inParallel(listed, { ...pace, doing: 'reading' }, async (kind) => {
    state.set(kind.table, (await listOf(client, kind, kind.path, tags)).filter(isShown))
  })
  const targets: Shown[] = []
  const kind = KINDS.find(({ table }) => table === 'targets')
  if (kind === undefined) return state
  await inParallel(
    state.get('upstreams') ?? [],
    { ...pace, doing: 'reading targets' },
    async ({ id }) => {
      const rows = await listOf(client, kind, `/upstreams/${id}/targets`, [])
      targets.push(...rows.filter(isShown).filter((row) => hasAll(row.tags, tags)))
    },
  )
  return state.set('targets', targets)
}

/** Kong ignores `tags` on a nested collection, so targets are chosen here. */
function hasAll(tags: unknown, wanted: readonly string[]): boolean {
  return wanted.every((tag) => Array.isArray(tags) && tags.includes(tag))
}

async function listOf(
  client: AdminClient,
  kind: Kind,
  path: string,
  tags: readonly string[],
): Promise<readonly Members[]> {
  const rows = await client.list(path, tags)
  if (rows === undefined && kind.optional !== true)
    throw new SyncError([`GET ${path}: 404; is this the Admin API of a gateway?`])
  return rows ?? []
}

function isShown(row: Members): row is Shown {
  return typeof row.id === 'string'
}

/** Asks for schemas as they are needed, each once. */
export interface Schemas {
  /** How entities of the kind look; its plugins and vaults by their name. */
  of(kind: Kind, members: Members): Promise<SchemaField>
}

/** Reads schemas of a gateway; one that is missing means no defaults are known. */
export function schemaReader(client: AdminClient): Schemas {
  const known = new Map<string, Promise<SchemaField>>()
  const read = (path: string, required?: string): Promise<SchemaField> => {
    const asked = known.get(path)
    if (asked !== undefined) return asked
    const answer = client.send('GET', path).then(({ status, body }) => {
      if (status < 300) return readSchema(body)
      if (required !== undefined) throw new SyncError([required])
      return NO_SCHEMA
    })
    known.set(path, answer)
    return answer
  }
  return {
    async of(kind, members) {
      const base = await read(`/schemas/${kind.table}`)
      const { subschema } = kind
      if (subschema === undefined) return base
      const name = String(members[subschema.field])
      const path = `${subschema.path}${encodeURIComponent(name)}`
      const own = await read(path, `this gateway has no ${kind.word} "${name}"`)
      return { ...base, fields: new Map([...base.fields, ...own.fields]) }
    },
  }
}
