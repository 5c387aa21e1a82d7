/** Freezes a JSON value with all that is in it, and gives it back. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const name of Object.getOwnPropertyNames(value)) deepFreeze(Reflect.get(value, name))
  return Object.freeze(value)
}
