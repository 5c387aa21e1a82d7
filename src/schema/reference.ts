/** Whether the value points at a secret in a vault instead of being it: `{vault://env/name}`. */
export function isReference(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('{vault://') && value.endsWith('}')
}
