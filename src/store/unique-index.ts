import type { Entity, Row } from '../schema/entity.ts'
import { Overlay } from './overlay.ts'

/** Which row has a key that no two rows may share. */
export interface UniqueIndex {
  readonly fields: readonly string[]
  put(row: Row): void
  /** Puts the row, unless another has its key: then false. */
  add(row: Row): boolean
  remove(row: Row): void
  /** The id of the row with the same key. */
  find(row: Key): string | undefined
  /** The members of a row that make its key, as errors print them. */
  keyOf(row: Row): Key
  /** One that changes apart, good while the original does not change. */
  copy(): UniqueIndex
  /** One that nothing the original does can reach. */
  wholeCopy(): UniqueIndex
}

type Key = Readonly<Record<string, unknown>>

/** The indexes an entity asks for: unique fields first, then those unique together. */
export function uniqueIndexes({ fields, uniqueTogether = [] }: Entity): UniqueIndex[] {
  const single = Object.keys(fields).filter((name) => fields[name]?.unique === true)
  return [
    ...single.map((name) => createIndex([name])),
    ...uniqueTogether.map((names) => createIndex(names)),
  ]
}

function createIndex(fields: readonly string[], ids = new Overlay<string>()): UniqueIndex {
  const textOf = textFrom(fields)
  return {
    fields,
    put: (row) => {
      const text = textOf(row)
      if (text !== undefined) ids.set(text, row.id)
    },
    add: (row) => {
      const text = textOf(row)
      if (text === undefined) return true
      if (ids.get(text) !== undefined) return false
      ids.set(text, row.id)
      return true
    },
    remove: (row) => {
      const text = textOf(row)
      if (text !== undefined && ids.get(text) === row.id) ids.delete(text)
    },
    find: (row) => {
      const text = textOf(row)
      return text === undefined ? undefined : ids.get(text)
    },
    keyOf: (row) => Object.fromEntries(fields.map((name) => [name, row[name]])),
    copy: () => createIndex(fields, ids.copy()),
    wholeCopy: () => createIndex(fields, ids.wholeCopy()),
  }
}

/**
 * Makes the text of a row's key; undefined when it has none. Null is as good as nothing alone, but
 * counts among several (as in Kong).
 */
function textFrom(fields: readonly string[]): (row: Key) => string | undefined {
  const [first = '', second] = fields
  if (second !== undefined) return (row) => JSON.stringify(fields.map((name) => row[name] ?? null))
  return (row) => {
    const value = row[first]
    if (value === undefined || value === null) return undefined
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
}
