import { isObject } from '../schema/field.ts'

/** Whether two values are the same JSON, whatever the order of their members. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, i) => sameValue(item, b[i]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  for (const name of names) {
    const item = b[name]
    // What all objects inherit is no JSON, so what is the very same is their own.
    if (item !== a[name] && !(Object.hasOwn(b, name) && sameValue(a[name], item))) return false
  }
  return true
}
