import { isUuid, uuidV5 } from '../lib/uuid.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { inSlices } from '../store/in-slices.ts'
import type { Entry } from './entries.ts'

/** Kong's root for the ids it derives from names. */
const ROOT = 'fd02801f-0957-4a15-a55a-c8d9606f30b5'

/** Finds an entry of a table by its id or endpoint key. */
export type FindEntry = (table: string, idOrKey: string) => Entry | undefined

/** Indexes entries that have their ids as references name them; the first of one name counts. */
export async function indexEntries(entries: readonly Entry[]): Promise<FindEntry> {
  const tables = new Map<string, Map<string, Entry>>()
  await inSlices(entries, (entry) => {
    const { name: table } = entry.entity
    const found = tables.get(table) ?? new Map<string, Entry>()
    if (found.size === 0) tables.set(table, found)
    const key = keyOf(entry)
    if (key !== undefined) note(found, key, entry)
    const id = toldId(entry)
    if (id !== undefined) note(found, id, entry)
  })
  return (table, idOrKey) => tables.get(table)?.get(placeOf(idOrKey))
}

function note(found: Map<string, Entry>, name: string, entry: Entry): void {
  const place = placeOf(name)
  if (!found.has(place)) found.set(place, entry)
}

/** A UUID is the same in any case. */
function placeOf(idOrKey: string): string {
  return isUuid(idOrKey) ? idOrKey.toLowerCase() : idOrKey
}

/** The endpoint key an entry is written with, if any. */
export function keyOf({ entity, input }: Entry): string | undefined {
  const key = entity.endpointKey === undefined ? undefined : getOwn(input, entity.endpointKey)
  return typeof key === 'string' && key !== '' ? key : undefined
}

/** Gives every entry its id: its own, else one derived from its names, else a new one. */
export async function assignIds(
  entries: readonly Entry[],
  newId: (entry: Entry) => string,
): Promise<void> {
  await inSlices(entries, (entry) => assignId(entry, newId))
}

function assignId(entry: Entry, newId: (entry: Entry) => string): string {
  if (entry.id !== '') return entry.id

  const own = getOwn(entry.input, 'id')
  if (typeof own === 'string' && isUuid(own)) {
    entry.id = own
  } else {
    const name = derivedName(entry, (parent) => assignId(parent, newId))
    entry.id = name === undefined ? newId(entry) : uuidV5(namespaceOf(entry.entity.name), name)
  }
  return entry.id
}

/** The id that an entry says or that its names make; undefined when it was made up. */
export function toldId(entry: Entry): string | undefined {
  const own = getOwn(entry.input, 'id')
  if (own !== undefined) return typeof own === 'string' ? own : undefined
  return derivedName(entry, (parent) => parent.id) === undefined ? undefined : entry.id
}

const namespaces = new Map<string, string>()

function namespaceOf(table: string): string {
  const namespace = namespaces.get(table) ?? uuidV5(ROOT, table)
  namespaces.set(table, namespace)
  return namespace
}

function derivedName(entry: Entry, idOf: (parent: Entry) => string): string | undefined {
  const { entity, input, parent } = entry
  if (entity.cacheKey === undefined) return keyOf(entry)

  const parts: string[] = []
  for (const name of entity.cacheKey) {
    if (entity.fields[name]?.auto === true) return undefined
    const value = parent?.field === name ? idOf(parent.entry) : getOwn(input, name)
    // Kong: a reference counts as it is written, by name or id, and what is null not at all.
    if (value !== null) parts.push(textOf(value))
  }
  return `${entity.name}:*:${parts.join(':')}`
}

function textOf(value: unknown): string {
  return String((isObject(value) ? getOwn(value, 'id') : value) ?? '')
}
