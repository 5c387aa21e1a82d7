/** Freezes a JSON value with all that is in it, and gives it back. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const name in value) {
    // Most members are no objects, and a call for each would cost more than all else.
    if (typeof value[name] === 'object') deepFreeze(value[name])
  }
  return Object.freeze(value)
}
