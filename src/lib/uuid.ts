import { sha1 } from './sha1.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether the text has a UUID's shape; any version, either case. */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text)
}

/** The version 5 UUID of a name: the same everywhere and always. */
export function uuidV5(namespace: string, name: string): string {
  const space = spaceOf(namespace)
  const message = messageOf(space, name)
  const bytes = sha1(message)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return textOf(bytes)
}

const encoder = new TextEncoder()

/** Names of ASCII, as most are, need no encoder. */
function messageOf(space: Uint8Array, name: string): Uint8Array {
  const message = new Uint8Array(space.length + name.length)
  message.set(space)
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code > 127) return encodedMessage(space, name)
    message[space.length + i] = code
  }
  return message
}

function encodedMessage(space: Uint8Array, name: string): Uint8Array {
  const text = encoder.encode(name)
  const message = new Uint8Array(space.length + text.length)
  message.set(space)
  message.set(text, space.length)
  return message
}

const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
const DASH = 45

/** Made at once: text put together piece by piece stays a chain of its pieces. */
function textOf(bytes: Uint8Array): string {
  for (let i = 0, at = 0; i < 16; i++) {
    // The bytes of a UUID that a dash stands before.
    if (i === 4 || i === 6 || i === 8 || i === 10) CODES[at++] = DASH
    const byte = bytes[i] ?? 0
    CODES[at++] = DIGITS[byte >> 4] ?? 0
    CODES[at++] = DIGITS[byte & 15] ?? 0
  }
  return String.fromCharCode.apply(undefined, CODES)
}

/** Filled anew by each call. */
const CODES: number[] = new Array(36).fill(DASH)

const spaces = new Map<string, Uint8Array>()

/** Namespaces are few, one a table; more than that are not kept. */
const MOST_SPACES = 64

function spaceOf(text: string): Uint8Array {
  const known = spaces.get(text)
  if (known !== undefined) return known
  const bytes = bytesOf(text)
  if (spaces.size < MOST_SPACES) spaces.set(text, bytes)
  return bytes
}

function bytesOf(uuid: string): Uint8Array {
  const digits = uuid.replaceAll('-', '')
  const bytes = new Uint8Array(digits.length >> 1)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
