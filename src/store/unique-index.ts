import type { Entity, Row } from '../schema/entity.ts'
import { Overlay } from './overlay.ts'

/** Which row has a key that no two rows may share. */
export interface UniqueIndex {
  readonly fields: readonly string[]
  put(row: Row): void
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
  return {
    fields,
    put: (row) => {
      const text = textOf(fields, row)
      if (text !== undefined) ids.set(text, row.id)
    },
    remove: (row) => {
      const text = textOf(fields, row)
      if (text !== undefined && ids.get(text) === row.id) ids.delete(text)
    },
    find: (row) => {
      const text = textOf(fields, row)
      return text === undefined ? undefined : ids.get(text)
    },
    keyOf: (row) => Object.fromEntries(fields.map((name) => [name, row[name]])),
    copy: () => createIndex(fields, ids.copy()),
    wholeCopy: () => createIndex(fields, ids.wholeCopy()),
  }
}

/** Undefined when the row has no such key: null is as good as nothing alone, but counts among several (as in Kong). */
function textOf(fields: readonly string[], row: Key): string | undefined {
  const [first, ...others] = fields
  const value = first === undefined ? undefined : row[first]
  if (others.length > 0) return JSON.stringify(fields.map((name) => row[name] ?? null))
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
