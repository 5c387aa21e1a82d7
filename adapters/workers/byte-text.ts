/**
 * The core's strings hold one char per byte; Workers give and take text, decoded as UTF-8. Bytes
 * that are not UTF-8 are lost before our code sees them.
 */

/** Text as one char per byte of its UTF-8. */
export function byteTextOf(text: string): string {
  if (isAscii(text)) return text
  return String.fromCharCode(...new TextEncoder().encode(text))
}

/** The text that UTF-8 bytes, one char each, stand for. */
export function textOf(byteText: string): string {
  if (isAscii(byteText)) return byteText
  return new TextDecoder().decode(Uint8Array.from(byteText, (char) => char.charCodeAt(0)))
}

/** A walk costs a header value less than a regex that is asked. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
