import { getOwn, isObject, setOwn } from '../../schema/field.ts'
import type { FieldStore } from './changes.ts'

/** Fields that hold any value. */
export interface JsonFields extends FieldStore {
  get(name: string): unknown
  put(name: string, value: unknown): void
}

/** The members of a JSON object as fields; names of prototypes are names like any. */
export function jsonFields(members: Record<string, unknown>): JsonFields {
  const get = (name: string) => getOwn(members, name)
  const put = (name: string, value: unknown) => setOwn(members, name, value)
  return {
    get,
    put,
    has: (name) => Object.hasOwn(members, name),
    remove: (name) => void delete members[name],
    rename(from, to) {
      if (from === to) return false
      put(to, get(from))
      delete members[from]
      return true
    },
    set: put,
    append: (name, value) => put(name, appended(get(name), value)),
  }
}

/** Kong: a list grows, a text becomes one, anything else makes way for one. */
export function appended(current: unknown, value: unknown): unknown {
  if (typeof current === 'string') return [current, value]
  if (Array.isArray(current)) return [...current, value]
  if (!isObject(current)) return [value]
  // Kong puts it under the number that comes next.
  const grown = { ...current }
  setOwn(grown, nextNumber(current), value)
  return grown
}

function nextNumber(members: object): string {
  let next = 1
  while (Object.hasOwn(members, `${next}`)) next++
  return `${next}`
}
