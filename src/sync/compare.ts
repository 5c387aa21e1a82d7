import { isObject } from '../schema/field.ts'
import type { Members } from './content.ts'
import type { Kind } from './kinds.ts'
import { fill, type SchemaField } from './schema.ts'
import { settleShorthands } from './shorthand.ts'

/** A value that a sync would change. */
export interface Difference {
  /** `config.redis.host` */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
  /** Not to be printed. */
  readonly secret: boolean
}

const NEVER = ['id', 'created_at', 'updated_at', 'ttl']

/** What differs between an entity as wanted and as the gateway has it; nothing when a sync is idle. */
export function compare(
  kind: Kind,
  schema: SchemaField,
  sides: { readonly wanted: Members; readonly current: Members },
): readonly Difference[] {
  const ignored = new Set([...NEVER, ...(kind.ignored ?? [])])
  for (const [name, field] of schema.fields) if (field.transient) ignored.add(name)
  const compared = (members: Members): Members =>
    Object.fromEntries(Object.entries(members).filter(([name]) => !ignored.has(name)))

  const shown = compared(sides.current)
  const settled = settleShorthands(schema, {
    wanted: withAuto(schema, compared(sides.wanted), shown),
    current: shown,
  })
  const wanted = normalized(kind, fill(schema, settled.wanted))
  const current = normalized(kind, settled.current)
  return differences(schema, {
    before: canonical(schema, current),
    after: canonical(schema, wanted),
  })
}

/** What the gateway made up itself stays as it is where the files do not say. */
export function withAuto(record: SchemaField, wanted: Members, current: Members): Members {
  const result: Record<string, unknown> = { ...wanted }
  for (const [name, field] of record.fields) {
    const shown = current[name]
    const given = wanted[name]
    if (field.auto && given === undefined && shown !== undefined && shown !== null)
      result[name] = shown
    if (field.type !== 'record' || !isObject(shown)) continue
    const inner = withAuto(field, isObject(given) ? given : {}, shown)
    if (isObject(given) || Object.keys(inner).length > 0) result[name] = inner
  }
  return result
}

/** Kong's own reading of values that go together. */
function normalized(kind: Kind, members: Members): Members {
  const result: Record<string, unknown> = { ...members }
  for (const name of kind.unordered ?? []) {
    const list = result[name]
    if (Array.isArray(list)) result[name] = [...list].sort()
  }
  if (Array.isArray(result.tags) && result.tags.length === 0) result.tags = undefined
  if (kind.table === 'upstreams') Object.assign(result, settledHashing(result))
  if (isHashed(kind, result)) result.client_secret = undefined
  for (const name of ['cert', 'key', 'cert_alt', 'key_alt']) {
    const pem = result[name]
    if (kind.level === 1 && typeof pem === 'string') result[name] = pem.trim()
  }
  return result
}

/** Kong: these algorithms clear `hash_on`; of the others `hash_on` alone decides. */
function settledHashing({ algorithm, hash_on: on }: Members): Members {
  if (algorithm === 'least-connections' || algorithm === 'latency') return { hash_on: 'none' }
  const hashes = on !== undefined && on !== null && on !== 'none'
  return hashes
    ? { algorithm: 'consistent-hashing' }
    : { algorithm: 'round-robin', hash_on: 'none' }
}

/** Nobody can tell whether a hashed secret is the one of the files. */
function isHashed(kind: Kind, members: Members): boolean {
  return kind.table === 'oauth2_credentials' && members.hash_secret === true
}

/** Null and absent are one; sets have an order; references are their ids. */
function canonical(field: SchemaField | undefined, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(field?.elements, item))
    if (field?.type !== 'set') return items
    return items.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
  }
  if (!isObject(value)) return value
  if (field?.type === 'foreign') return value.id
  const entries = Object.entries(value)
    .map(
      ([name, item]) => [name, canonical(field?.fields.get(name) ?? field?.values, item)] as const,
    )
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries)
}

function differences(
  field: SchemaField | undefined,
  { before, after }: { readonly before: unknown; readonly after: unknown },
  path = '',
  secret = false,
): readonly Difference[] {
  if (textOf(before) === textOf(after)) return []
  if (!isObject(before) || !isObject(after) || field?.type === 'map')
    return [{ path, before, after, secret }]
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => {
    const inner = field?.fields.get(name)
    const sides = { before: before[name], after: after[name] }
    const deeper = path === '' ? name : `${path}.${name}`
    return differences(inner, sides, deeper, secret || isSecret(name, inner))
  })
}

const SECRET_NAMES = /^(key|key_alt|secret|password|client_secret|provision_key|jwk|private_key)$/

/** Whether a field's value must not be printed. */
export function isSecret(name: string, field: SchemaField | undefined): boolean {
  return field?.secret === true || SECRET_NAMES.test(name)
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? ''
}
