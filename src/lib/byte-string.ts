import { bytesOf } from './latin1.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** The UTF-8 bytes of a text, one char each, as request lines and headers hold them. */
export function toByteString(text: string): string {
  if (isAscii(text)) return text
  let bytes = ''
  for (const byte of encoder.encode(text)) bytes += String.fromCharCode(byte)
  return bytes
}

/** The text that bytes, one char each, spell in UTF-8; the same string where they spell none. */
export function fromByteString(bytes: string): string {
  if (isAscii(bytes)) return bytes
  try {
    return decoder.decode(bytesOf(bytes))
  } catch {
    return bytes
  }
}

/** Whether a text and its UTF-8 bytes, one char each, are the same; a walk costs less than a regex. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false
  }
  return true
}
