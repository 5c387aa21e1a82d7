import { isUuid } from '../lib/uuid.ts'
import { isObject } from '../schema/field.ts'
import type { Wanted } from './collect.ts'
import type { Members } from './content.ts'
import type { Shown, State } from './current.ts'
import { KINDS, type Kind } from './kinds.ts'
import { SyncError } from './sync-error.ts'

/** A wanted entity with its id, its references as ids, and what the gateway has in its place. */
export interface Resolved {
  readonly wanted: Wanted
  readonly kind: Kind
  readonly id: string
  readonly members: Members
  readonly current: Shown | undefined
}

/** What ids are found in, and made by. */
export interface ResolveOptions {
  readonly state: State
  readonly selectTags: readonly string[]
  readonly newId: () => string
}

/** Gives every entity the id it has, finds by its keys, or gets; says all that cannot be found. */
export function resolve(wanted: readonly Wanted[], options: ResolveOptions): readonly Resolved[] {
  const problems: string[] = []
  const claimed = new Set(wanted.map(({ value }) => ownId(value)))
  const found = new Map<Wanted, Resolved>()
  const names = new Map<string, Resolved>()
  const existing = indexState(options.state)
  for (const one of wanted) {
    const say = (text: string) => problems.push(`${one.place}: ${text}`)
    const references = referencesOf(one, { found, names, options, existing, say })
    const members = { ...withTags(one.value, options.selectTags), ...references }
    const keys = allKeys(one.kind, members)
    const own = ownId(one.value)
    if (own === undefined && keys.length === 0) {
      say(`needs ${one.kind.keys.map(([first, second]) => second ?? first).join(' or ')}, or an id`)
      continue
    }
    const same = keys.map((key) => existing.byKey.get(key)).find((row) => row !== undefined)
    const isFree = same !== undefined && !claimed.has(same.id)
    const id = own ?? (isFree ? same.id : options.newId())
    const current = existing.byId.get(`${one.kind.table}:${id}`)
    const resolved = { wanted: one, kind: one.kind, id, members: { ...members, id }, current }
    found.set(one, resolved)
    for (const name of [`${one.kind.table}:${id}`, ...keys, ...nameKeys(resolved)]) {
      const twin = names.get(name)
      if (twin === undefined) names.set(name, resolved)
      else if (twin !== resolved) say(`is the same ${one.kind.word} as ${twin.wanted.place}`)
    }
  }
  if (problems.length > 0) throw new SyncError([...new Set(problems)])
  return [...found.values()]
}

/** Every key of an entity as one text each, for looking up and for telling clashes. */
export function allKeys(kind: Kind, members: Members): readonly string[] {
  return [...kind.keys, ...(kind.unique ?? [])].flatMap((fields) => {
    const parts = fields.map((field) =>
      Object.hasOwn(kind.references, field) ? idOf(members[field]) : keyPart(members[field]),
    )
    return parts.includes(undefined) ? [] : [JSON.stringify([kind.table, fields, parts])]
  })
}

/** The id in a reference; null when it points nowhere. */
export function idOf(reference: unknown): string | null {
  const id = isObject(reference) ? reference.id : undefined
  return typeof id === 'string' ? id : null
}

function keyPart(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return value.includes('-----BEGIN') ? value.trim() : value
}

function ownId(value: Members): string | undefined {
  return typeof value.id === 'string' ? value.id.toLowerCase() : undefined
}

interface Existing {
  readonly byId: ReadonlyMap<string, Shown>
  readonly byKey: ReadonlyMap<string, Shown>
}

function indexState(state: State): Existing {
  const byId = new Map<string, Shown>()
  const byKey = new Map<string, Shown>()
  for (const kind of KINDS) {
    for (const row of state.get(kind.table) ?? []) {
      byId.set(`${kind.table}:${row.id}`, row)
      for (const key of allKeys(kind, row)) byKey.set(key, row)
      for (const name of namesOf(row)) byKey.set(`${kind.table}:${name}`, row)
    }
  }
  return { byId, byKey }
}

/** The texts a reference may use for an entity, beside its id. */
function nameKeys({ kind, members }: Resolved): readonly string[] {
  if (!KINDS.some(({ references }) => Object.values(references).includes(kind.table))) return []
  return namesOf(members).map((name) => `${kind.table}:${name}`)
}

function namesOf(members: Members): readonly string[] {
  return [members.name, members.username, members.custom_id].filter(
    (name): name is string => typeof name === 'string',
  )
}

function referencesOf(
  one: Wanted,
  among: {
    found: ReadonlyMap<Wanted, Resolved>
    names: ReadonlyMap<string, Resolved>
    existing: Existing
    options: ResolveOptions
    say: (text: string) => void
  },
): Members {
  const references: Record<string, unknown> = {}
  for (const [field, table] of Object.entries(one.kind.references)) {
    const to = one.references.get(field)
    if (to === undefined) continue
    const target = typeof to === 'string' ? among.names.get(`${table}:${to}`) : among.found.get(to)
    if (target !== undefined) references[field] = { id: target.id }
    else if (typeof to === 'string') {
      const why = whyNot(to, table, among)
      if (why === undefined) references[field] = { id: to.toLowerCase() }
      else among.say(`${field}: ${why}`)
    }
  }
  return references
}

/** Why a text that names nothing in the files is no reference; an id elsewhere is one. */
function whyNot(
  text: string,
  table: string,
  { existing, options }: { existing: Existing; options: ResolveOptions },
): string | undefined {
  const word = KINDS.find((kind) => kind.table === table)?.word ?? table
  const key = `${table}:${text}`
  if (existing.byId.has(key.toLowerCase()) || existing.byKey.has(key))
    return `the ${word} "${text}" is on the gateway but not in the files, so a sync would delete it`
  if (isUuid(text)) return undefined
  const advice = options.selectTags.length > 0 ? '; one without the tags is named by its id' : ''
  return `no ${word} "${text}" in the files${advice}`
}

function withTags(value: Members, selectTags: readonly string[]): Members {
  if (selectTags.length === 0) return value
  const tags = Array.isArray(value.tags) ? value.tags : []
  return { ...value, tags: [...new Set([...tags, ...selectTags])] }
}
