import type { Entity } from '../schema/entity.ts'
import { getOwn, isObject } from '../schema/field.ts'
import type { Entry } from './entries.ts'

/** A later entry that takes what an earlier one has; `keyed` ones Kong lists by name. */
export interface Clash {
  readonly entry: Entry
  readonly text: string
  readonly keyed: boolean
}

/** Finds entries that are declared twice, in the file's order. */
export function findClashes(entries: readonly Entry[]): Clash[] {
  const taken = new Set<string>()
  const clashes: Clash[] = []
  const known = new Map<Entity, UniqueKey[]>()
  for (const entry of entries) {
    const { entity } = entry
    const keys = known.get(entity) ?? uniqueKeysOf(entity)
    known.set(entity, keys)

    let clash: Clash | undefined
    for (const key of keys) {
      const parts = key.fields.map((field) => partOf(entry, field))
      if (parts.includes('')) continue
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
  readonly keyed: boolean
  readonly place: string
}

/** What no two rows may share, in the order Kong tells of it. */
function uniqueKeysOf({
  name: table,
  endpointKey,
  fields,
  uniqueTogether = [],
}: Entity): UniqueKey[] {
  const key = (names: readonly string[], words = names.join(', '), keyed = false): UniqueKey => {
    return { fields: names, words, keyed, place: `${table}:${names.join()}` }
  }
  const unique = Object.keys(fields).filter((name) => fields[name]?.unique === true)
  return [
    ...unique.filter((name) => name === endpointKey).map((name) => key([name])),
    key(['id'], 'primary key'),
    ...unique.filter((name) => name !== endpointKey).map((name) => key([name], name, true)),
    ...uniqueTogether.map((names) => key(names)),
  ]
}

function clashOf(entry: Entry, { words, keyed }: UniqueKey, parts: readonly string[]): Clash {
  const what = `'${entry.entity.name}' entity with ${words} set to '${parts.join(', ')}'`
  return { entry, keyed, text: `uniqueness violation: ${what} already declared` }
}

function partOf({ id, row, input }: Entry, field: string): string {
  const value = field === 'id' ? id : getOwn(row ?? input, field)
  const part = isObject(value) ? getOwn(value, 'id') : value
  return typeof part === 'string' ? part : ''
}
