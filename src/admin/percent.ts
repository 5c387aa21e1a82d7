/** Decodes strictly, once: undefined for a broken escape or bytes that are no UTF-8. */
export function decodeSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const PERCENT = 0x25
const PLUS = 0x2b
const SPACE = 0x20

/**
 * Decodes a query or form part: `+` is a space and a broken escape stays as it is, as in nginx.
 * Undefined for bytes that are no UTF-8.
 */
export function decodeArgument(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text
  const bytes = unescaped(text, SPACE)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Where the bytes of a path's segment stop being UTF-8, counted from 1 as Kong does. */
export function brokenUtf8At(segment: string): number | undefined {
  const bytes = unescaped(segment, PLUS)
  let at = 0
  for (const char of new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) {
    const own = new TextEncoder().encode(char)
    // What cannot be read is decoded as U+FFFD, which may also stand there itself.
    if (own.some((byte, i) => byte !== bytes[at + i])) return at + 1
    at += own.length
  }
  return undefined
}

/** The bytes of a text with its sound escapes undone, and with `plus` for each `+`. */
function unescaped(text: string, plus: number): Uint8Array {
  // Works on bytes in place: megabytes of broken escapes must not cost seconds.
  const bytes = new TextEncoder().encode(text)
  let end = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    const escaped = byte === PERCENT ? hexByte(bytes[at + 1], bytes[at + 2]) : -1
    if (escaped !== -1) at += 2
    bytes[end++] = escaped !== -1 ? escaped : byte === PLUS ? plus : byte
  }
  return bytes.subarray(0, end)
}

/** The byte two hexadecimal digits spell; -1 when they are none. */
function hexByte(high = 0, low = 0): number {
  const h = hexDigit(high)
  const l = hexDigit(low)
  return h === -1 || l === -1 ? -1 : h * 16 + l
}

function hexDigit(char: number): number {
  if (char >= 0x30 && char <= 0x39) return char - 0x30
  const lower = char | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
