import type { Row } from '../schema/entity.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { type Entry, isRemark } from './entries.ts'

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
  for (const entry of entries) {
    const clash = keysOf(entry).find(({ place }) => taken.has(place))
    for (const { place } of keysOf(entry)) taken.add(place)
    if (clash === undefined) continue
    const text = `uniqueness violation: '${entry.entity.name}' entity with ${clash.words} already declared`
    clashes.push({ entry, text, keyed: clash.keyed })
  }
  return clashes
}

interface UniqueKey {
  readonly place: string
  readonly words: string
  readonly keyed: boolean
}

function keysOf(entry: Entry): UniqueKey[] {
  const { entity, id } = entry
  const values: Row = { ...entry.input, ...entry.row, id }
  const keys: UniqueKey[] = []
  const add = (fields: readonly string[], words: string, keyed = false): void => {
    const parts = fields.map((field) => partOf(values, field))
    if (parts.includes('')) return
    const place = JSON.stringify([entity.name, fields, parts])
    keys.push({ place, words: `${words} set to '${parts.join(', ')}'`, keyed })
  }

  const { endpointKey } = entity
  if (endpointKey !== undefined && entity.fields[endpointKey]?.unique === true) {
    add([endpointKey], endpointKey)
  }
  add(['id'], 'primary key')
  for (const [name, field] of Object.entries(entity.fields)) {
    if (field.unique === true && name !== endpointKey) add([name], name, true)
  }
  for (const fields of entity.uniqueTogether ?? []) add(fields, fields.join(', '))
  return keys
}

function partOf(values: Row, field: string): string {
  const value = isRemark(field) ? undefined : getOwn(values, field)
  const id = isObject(value) ? getOwn(value, 'id') : value
  return typeof id === 'string' ? id : ''
}
