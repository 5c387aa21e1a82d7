import { isSecretName } from '../lib/redact.ts'
import type { Entity } from '../schema/entity.ts'
import { getOwn, isObject } from '../schema/field.ts'
import type { Entry } from './entries.ts'
import type { LateError } from './report.ts'

/** Finds entries that are declared twice, in the file's order; the later one is told of. */
export function findClashes(entries: readonly Entry[]): LateError[] {
  const taken = new Set<string>()
  const clashes: LateError[] = []
  const known = new Map<Entity, readonly UniqueKey[]>()
  for (const entry of entries) {
    const { entity } = entry
    const keys = known.get(entity) ?? uniqueKeysOf(entity)
    known.set(entity, keys)

    let clash: LateError | undefined
    for (const key of keys) {
      const parts = partsOf(entry, key)
      if (parts === undefined) continue
      const place = `${key.place}\n${parts.join('\n')}`
      if (taken.has(place)) clash ??= clashOf(entry, key, parts)
      taken.add(place)
    }
    if (clash !== undefined) clashes.push(clash)
  }
  return clashes
}

interface UniqueKey {
  readonly fields: readonly string[]
  readonly words: string
  /** Kong lists such a clash by the entry's name. */
  readonly keyed: boolean
  /** Not for logs. */
  readonly secret: boolean
  readonly place: string
}

/** What no two rows may share, in the order Kong tells of it. */
function uniqueKeysOf({
  name: table,
  endpointKey,
  fields,
  uniqueTogether = [],
}: Entity): readonly UniqueKey[] {
  const key = (names: readonly string[], words = names.join(', '), keyed = false): UniqueKey => ({
    fields: names,
    words,
    keyed,
    secret: names.some((name) => fields[name]?.encrypted === true || isSecretName(name)),
    place: `${table}:${names.join()}`,
  })
  const unique = Object.keys(fields).filter((name) => fields[name]?.unique === true)
  return [
    ...unique.filter((name) => name === endpointKey).map((name) => key([name])),
    key(['id'], 'primary key'),
    ...unique.filter((name) => name !== endpointKey).map((name) => key([name], name, true)),
    ...uniqueTogether.map((names) => key(names)),
  ]
}

function clashOf(
  entry: Entry,
  { words, keyed, secret }: UniqueKey,
  parts: readonly string[],
): LateError {
  const say = (value: string) =>
    `uniqueness violation: '${entry.entity.name}' entity with ${words} set to '${value}' already declared`
  const text = say(parts.join(', '))
  return secret ? { entry, keyed, text, loggable: say('******') } : { entry, keyed, text }
}

/** As for a store: one field alone is no key when unset, but among several null counts. */
function partsOf(entry: Entry, { fields }: UniqueKey): string[] | undefined {
  const [first, second] = fields
  if (second === undefined) {
    const part = partOf(entry, first ?? '')
    return part === '' ? undefined : [part]
  }
  // Only a row has its references as ids.
  return entry.row === undefined ? undefined : fields.map((field) => partOf(entry, field))
}

function partOf({ id, row, input }: Entry, field: string): string {
  const value = field === 'id' ? id : getOwn(row ?? input, field)
  const part = isObject(value) ? getOwn(value, 'id') : value
  return typeof part === 'string' ? part : ''
}
