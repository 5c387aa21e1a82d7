import { parseNested } from '../../lib/nested-json.ts'

/** Kong of old: an empty list reads `{}` once it has been through; the same bytes when there is none. */
export function withoutEmptyArrays(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes)
  if (!/\[\s*\]/.test(text)) return bytes
  const value = parseNested(text)
  return value === undefined ? bytes : new TextEncoder().encode(JSON.stringify(changed(value)))
}

function changed(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? {} : value.map(changed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changed(one)]))
}
