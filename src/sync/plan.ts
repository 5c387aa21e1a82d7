import { compare, type Difference, withAuto } from './compare.ts'
import type { Members } from './content.ts'
import type { Schemas, Shown, State } from './current.ts'
import { KINDS, type Kind } from './kinds.ts'
import { allKeys, idOf, type Resolved } from './resolve.ts'
import type { SchemaField } from './schema.ts'

/** One write of a sync. */
export interface Change {
  readonly action: 'create' | 'update' | 'delete'
  readonly kind: Kind
  readonly id: string
  /** What it is called in a line of output. */
  readonly label: string
  /** As it is now; absent when it is created. */
  readonly before: Members | undefined
  /** What is sent; absent when it is deleted. */
  readonly after: Members | undefined
  readonly differences: readonly Difference[]
  readonly schema: SchemaField
}

/** What a sync does, in the order it does it. */
export interface Plan {
  /** Deletes that must come first: what follows needs their names. */
  readonly clearing: readonly Change[]
  /** Creates and updates; what is referred to comes before what refers to it. */
  readonly writes: readonly Change[]
  readonly deletes: readonly Change[]
}

/** Every change of a plan, in order. */
export function changesOf({ clearing, writes, deletes }: Plan): readonly Change[] {
  return [...clearing, ...writes, ...deletes]
}

/** Finds what must change for the gateway to be as wanted. */
export async function makePlan(
  resolved: readonly Resolved[],
  state: State,
  schemas: Schemas,
): Promise<Plan> {
  const kept = new Set(resolved.map(({ kind, id }) => `${kind.table}:${id}`))
  const doomed = [...KINDS]
    .reverse()
    .flatMap((kind) => (state.get(kind.table) ?? []).map((row) => ({ kind, row })))
  const leaving = doomed.filter(({ kind, row }) => !kept.has(`${kind.table}:${row.id}`))
  const cleared = inTheWay(resolved, doomed, state)

  const names = nameIndex(resolved, state)
  const labels = labeler(names)
  const deletion = async ({ kind, row }: Standing): Promise<Change> => ({
    ...{ action: 'delete', kind, id: row.id, label: labels(kind, row) },
    ...{ before: row, after: undefined, differences: [], schema: await schemas.of(kind, row) },
  })
  const writes: Change[] = []
  for (const one of resolved) {
    const isCleared = cleared.has(`${one.kind.table}:${one.id}`)
    const schema = await schemas.of(one.kind, one.members)
    const change = changeOf(isCleared ? { ...one, current: undefined } : one, schema)
    if (change === undefined) continue
    const differences = change.differences.map((one) => withNames(change.kind, one, names))
    writes.push({ ...change, differences, label: labels(one.kind, one.members) })
  }
  const isCleared = ({ kind, row }: Standing) => cleared.has(`${kind.table}:${row.id}`)
  return {
    clearing: await Promise.all(doomed.filter(isCleared).map(deletion)),
    // Updates free names that creates of the same level may take.
    writes: writes.sort((a, b) => rankOf(a) - rankOf(b)),
    deletes: await Promise.all(leaving.filter((one) => !isCleared(one)).map(deletion)),
  }
}

interface Standing {
  readonly kind: Kind
  readonly row: Shown
}

function rankOf({ kind, action }: Change): number {
  return kind.level * 2 + (action === 'create' ? 1 : 0)
}

function changeOf(
  { kind, id, members, current }: Resolved,
  schema: SchemaField,
): Omit<Change, 'label'> | undefined {
  const found = { kind, id, schema }
  if (current === undefined) {
    return { ...found, action: 'create', before: undefined, after: members, differences: [] }
  }
  const differences = compare(kind, schema, { wanted: members, current })
  if (differences.length === 0) return undefined
  const { updated_at: _, ...after } = withAuto(schema, members, current)
  const snis = kind.table === 'certificates' ? { snis: current.snis } : {}
  return { ...found, action: 'update', before: current, after: { ...after, ...snis }, differences }
}

/**
 * What bears a name that is wanted for another and is not free in time, with all that refers to it.
 * A name that an update gives up is free for what is created, but not for another update.
 */
function inTheWay(
  resolved: readonly Resolved[],
  standing: readonly Standing[],
  state: State,
): ReadonlySet<string> {
  const owners = new Map<string, Resolved>()
  const kept = new Set<string>()
  for (const one of resolved) {
    kept.add(`${one.kind.table}:${one.id}`)
    for (const key of allKeys(one.kind, one.members)) owners.set(key, one)
  }
  const cleared = new Set<string>()
  const clear = (kind: Kind, id: string): void => {
    if (cleared.has(`${kind.table}:${id}`)) return
    cleared.add(`${kind.table}:${id}`)
    for (const other of KINDS) {
      for (const [field, table] of Object.entries(other.references)) {
        if (table !== kind.table) continue
        const referring = (state.get(other.table) ?? []).filter((row) => idOf(row[field]) === id)
        for (const row of referring) clear(other, row.id)
      }
    }
  }
  for (const { kind, row } of standing) {
    const isKept = kept.has(`${kind.table}:${row.id}`)
    const clashes = allKeys(kind, row).some((key) => {
      const owner = owners.get(key)
      if (owner === undefined || owner.id === row.id) return false
      return !isKept || owner.current !== undefined
    })
    if (clashes) clear(kind, row.id)
  }
  return cleared
}

/** Names by table and id. */
type Names = ReadonlyMap<string, string>

function nameIndex(resolved: readonly Resolved[], state: State): Names {
  const names = new Map<string, string>()
  const learn = (kind: Kind, { id, name, username, custom_id: custom }: Members) => {
    const text = name ?? username ?? custom
    if (typeof text === 'string') names.set(`${kind.table}:${id}`, text)
  }
  for (const kind of KINDS) for (const row of state.get(kind.table) ?? []) learn(kind, row)
  for (const { kind, members } of resolved) learn(kind, members)
  return names
}

/** A reference that changes is told by names. */
function withNames(kind: Kind, difference: Difference, names: Names): Difference {
  const table = kind.references[difference.path]
  if (table === undefined) return difference
  const named = (id: unknown) => (typeof id === 'string' ? (names.get(`${table}:${id}`) ?? id) : id)
  return { ...difference, before: named(difference.before), after: named(difference.after) }
}

/** Names things as a person would: `key-auth … for consumer mia`. */
function labeler(names: Names): (kind: Kind, members: Members) => string {
  return (kind, members) => {
    const scopes = Object.entries(kind.references).flatMap(([field, table]) => {
      const id = idOf(members[field])
      if (id === null || !SHOWN_SCOPES.has(kind.table)) return []
      return [`${field} ${names.get(`${table}:${id}`) ?? id}`]
    })
    const text = ownName(kind, members)
    if (scopes.length > 0) return `${text} for ${scopes.join(' and ')}`
    return kind.table === 'plugins' ? `${text} (global)` : text
  }
}

const SHOWN_SCOPES = new Set(
  KINDS.filter(({ under, table }) => under !== undefined || table === 'plugins').map(
    ({ table }) => table,
  ),
)

function ownName(kind: Kind, members: Members): string {
  const { name, username, custom_id: custom, prefix, target, group, client_id: client } = members
  // The key of a key-auth credential is its secret.
  const key = kind.table === 'jwt_secrets' ? members.key : undefined
  const text =
    name ?? username ?? custom ?? prefix ?? target ?? group ?? key ?? client ?? members.id
  return kind.table === 'oauth2_credentials' ? String(client ?? members.id) : String(text)
}
