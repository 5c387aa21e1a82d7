/** What a TLS client says first, as far as a connection is routed by it. */
export interface ClientHello {
  /** In lower case; undefined when it names no server. */
  readonly sni: string | undefined
}

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const HOST_NAME = 0
const RECORD_HEAD = 5
const MESSAGE_HEAD = 4
const LONGEST_RECORD = 16_384
/** What a hello may take; with post-quantum keys they have about 2 KB. */
const LONGEST_HELLO = 16_384

/**
 * Reads the hello at the beginning of a connection (RFC 8446, 4.1.2; RFC 6066, 3): `more` when
 * bytes are missing, `none` when it is something else, broken or too long. Never throws.
 */
export function readClientHello(bytes: Uint8Array): ClientHello | 'more' | 'none' {
  const message = messageOf(bytes)
  if (typeof message === 'string') return message
  const body = bodyOf(message.bytes)
  if (body !== 'more') return body === 'none' ? 'none' : (helloOf(body) ?? 'none')
  return message.ended ? 'more' : 'none'
}

interface Gathered {
  readonly bytes: Uint8Array
  /** What follows would belong to it too. */
  readonly ended: boolean
}

/** Joins what the records carry: a hello may be cut into several. */
function messageOf(bytes: Uint8Array): Gathered | 'more' | 'none' {
  const parts: number[] = []
  let at = 0
  while (at < bytes.length && parts.length < LONGEST_HELLO + MESSAGE_HEAD) {
    if (bytes[at] !== HANDSHAKE) return at === 0 ? 'none' : { bytes: toBytes(parts), ended: false }
    if (at + 1 < bytes.length && bytes[at + 1] !== 3) return 'none'
    if (at + RECORD_HEAD > bytes.length) break
    const length = uint16(bytes, at + 3)
    if (length === 0 || length > LONGEST_RECORD) return 'none'
    const payload = bytes.subarray(at + RECORD_HEAD, at + RECORD_HEAD + length)
    for (const byte of payload) parts.push(byte)
    at += RECORD_HEAD + length
  }
  return { bytes: toBytes(parts), ended: true }
}

function toBytes(parts: readonly number[]): Uint8Array {
  return Uint8Array.from(parts)
}

function bodyOf(message: Uint8Array): Uint8Array | 'more' | 'none' {
  if (message.length > 0 && message[0] !== CLIENT_HELLO) return 'none'
  if (message.length < MESSAGE_HEAD) return 'more'
  const length = ((message[1] ?? 0) << 16) | uint16(message, 2)
  if (length > LONGEST_HELLO) return 'none'
  if (message.length < MESSAGE_HEAD + length) return 'more'
  return message.subarray(MESSAGE_HEAD, MESSAGE_HEAD + length)
}

/** Undefined when it is broken. */
function helloOf(body: Uint8Array): ClientHello | undefined {
  // Version and random.
  let at = 34
  // The session's id, ciphers, compressions: a length and so many bytes each.
  for (const width of [1, 2, 1]) {
    if (at + width > body.length) return undefined
    at += width + (width === 1 ? (body[at] ?? 0) : uint16(body, at))
  }
  if (at === body.length) return { sni: undefined }
  const extensions = vectorAt(body, at)
  return extensions === undefined ? undefined : fromExtensions(extensions)
}

function fromExtensions(extensions: Uint8Array): ClientHello | undefined {
  let at = 0
  while (at < extensions.length) {
    const content = vectorAt(extensions, at + 2)
    if (content === undefined) return undefined
    if (uint16(extensions, at) === SERVER_NAME) return fromNames(content)
    at += 4 + content.length
  }
  return { sni: undefined }
}

function fromNames(content: Uint8Array): ClientHello | undefined {
  const names = vectorAt(content, 0)
  if (names === undefined) return undefined
  let at = 0
  while (at < names.length) {
    const name = vectorAt(names, at + 1)
    if (name === undefined) return undefined
    if (names[at] === HOST_NAME) return { sni: textOf(name) }
    at += 3 + name.length
  }
  return { sni: undefined }
}

/** A name is of letters, digits and a few signs; what has other bytes names nobody. */
function textOf(name: Uint8Array): string | undefined {
  const text = String.fromCharCode(...name.subarray(0, 256)).toLowerCase()
  return name.length < 256 && /^[\x21-\x7e]+$/.test(text) ? text : undefined
}

/** What stands behind a length of two bytes; undefined when it reaches beyond the end. */
function vectorAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  if (at + 2 > bytes.length) return undefined
  const end = at + 2 + uint16(bytes, at)
  return end > bytes.length ? undefined : bytes.subarray(at + 2, end)
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
