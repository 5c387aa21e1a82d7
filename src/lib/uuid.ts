import { sha1 } from './sha1.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether the text has a UUID's shape; any version, either case. */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text)
}

/** The version 5 UUID of a name: the same everywhere and always. */
export function uuidV5(namespace: string, name: string): string {
  const space = namespace.replaceAll('-', '').match(/../g) ?? []
  const text = new TextEncoder().encode(name)
  const message = new Uint8Array(space.length + text.length)
  message.set(space.map((pair) => Number.parseInt(pair, 16)))
  message.set(text, space.length)

  const bytes = sha1(message).subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-')
}
