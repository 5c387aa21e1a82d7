import { sha1 } from './sha1.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether the text has a UUID's shape; any version, either case. */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text)
}

/** The version 5 UUID of a name: the same everywhere and always. */
export function uuidV5(namespace: string, name: string): string {
  const space = bytesOf(namespace)
  const text = encoder.encode(name)
  const message = new Uint8Array(space.length + text.length)
  message.set(space)
  message.set(text, space.length)

  const bytes = sha1(message)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  let uuid = ''
  for (let i = 0; i < 16; i++) uuid += (DASHED.has(i) ? '-' : '') + HEX[bytes[i] ?? 0]
  return uuid
}

const encoder = new TextEncoder()
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The bytes of a UUID that a dash stands before. */
const DASHED: ReadonlySet<number> = new Set([4, 6, 8, 10])

function bytesOf(uuid: string): Uint8Array {
  const digits = uuid.replaceAll('-', '')
  const bytes = new Uint8Array(digits.length >> 1)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
