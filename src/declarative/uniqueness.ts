import { isSecretName } from '../lib/redact.ts'
import type { Entity } from '../schema/entity.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { inSlices } from '../store/in-slices.ts'
import type { Entry } from './entries.ts'
import type { LateError } from './report.ts'

/** Finds entries that are declared twice, in the file's order; the later one is told of. */
export async function findClashes(entries: readonly Entry[]): Promise<LateError[]> {
  const clashes: LateError[] = []
  const known = new Map<Entity, readonly UniqueKey[]>()
  await inSlices(entries, (entry) => {
    let keys = known.get(entry.entity)
    if (keys === undefined) {
      keys = uniqueKeysOf(entry.entity)
      known.set(entry.entity, keys)
    }
    const clash = clashWithin(entry, keys)
    if (clash !== undefined) clashes.push(clash)
  })
  return clashes
}

/** The first key of an entry that an earlier one has; takes all of its keys. */
function clashWithin(entry: Entry, keys: readonly UniqueKey[]): LateError | undefined {
  let clash: LateError | undefined
  for (const key of keys) {
    const parts = partsOf(entry, key)
    if (parts === undefined) continue
    const text = typeof parts === 'string' ? parts : parts.join('\n')
    const { size } = key.taken
    if (key.taken.add(text).size === size) clash ??= clashOf(entry, key, parts)
  }
  return clash
}

interface UniqueKey {
  readonly fields: readonly string[]
  readonly words: string
  /** Kong lists such a clash by the entry's name. */
  readonly keyed: boolean
  /** Not for logs. */
  readonly secret: boolean
  /** What entries have. */
  readonly taken: Set<string>
}

/** What no two rows may share, in the order Kong tells of it. */
function uniqueKeysOf({ endpointKey, fields, uniqueTogether = [] }: Entity): readonly UniqueKey[] {
  const key = (names: readonly string[], words = names.join(', '), keyed = false): UniqueKey => ({
    fields: names,
    words,
    keyed,
    secret: names.some((name) => fields[name]?.encrypted === true || isSecretName(name)),
    taken: new Set(),
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
  parts: string | readonly string[],
): LateError {
  const say = (value: string) =>
    `uniqueness violation: '${entry.entity.name}' entity with ${words} set to '${value}' already declared`
  const text = say(typeof parts === 'string' ? parts : parts.join(', '))
  return secret ? { entry, keyed, text, loggable: say('******') } : { entry, keyed, text }
}

/** As for a store: one field alone is no key when unset, but among several null counts. */
function partsOf(entry: Entry, { fields }: UniqueKey): string | string[] | undefined {
  const [first, second] = fields
  if (second === undefined) {
    const part = partOf(entry, first ?? '')
    return part === '' ? undefined : part
  }
  // Only a row has its references as ids.
  return entry.row === undefined ? undefined : fields.map((field) => partOf(entry, field))
}

function partOf({ id, row, input }: Entry, field: string): string {
  const value = field === 'id' ? id : getOwn(row ?? input, field)
  const part = isObject(value) ? getOwn(value, 'id') : value
  return typeof part === 'string' ? part : ''
}
