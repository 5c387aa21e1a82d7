import { parseNested } from '../../lib/nested-json.ts'
import { getOwn, isObject } from '../../schema/field.ts'

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The object a text spells; undefined for any other text. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text)
  return isObject(value) ? value : undefined
}

/** The value a text spells; undefined for a text that is no JSON, or nests too deep to be written again. */
export function parseJson(text: string): unknown {
  return parseNested(text)
}

/** What lies at the end of a path of own members and places in lists; undefined when it breaks off. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value
  for (const step of path) {
    if (typeof step === 'number') found = Array.isArray(found) ? found[step] : undefined
    else found = isObject(found) ? getOwn(found, step) : undefined
  }
  return found
}

/** The text there; undefined when it is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

/** The number there; undefined when it is none. */
export function numberAt(
  value: unknown,
  ...path: readonly (string | number)[]
): number | undefined {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : undefined
}

/** The list there; an empty one when there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** A copy without some members. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}
