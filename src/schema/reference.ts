/** Whether the value points at a secret in a vault instead of being it: `{vault://env/name}`. */
export function isReference(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('{vault://') && value.endsWith('}')
}

/** Whether there is a reference anywhere in the value. */
export function holdsReference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isReference(value)
  return Object.values(value).some(holdsReference)
}
