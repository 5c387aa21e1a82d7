/**
 * The core's strings hold one char per byte; Workers give and take text, decoded as UTF-8. Bytes
 * that are not UTF-8 are lost before our code sees them.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII, whole
const ASCII = /^[\x00-\x7f]*$/

/** Text as one char per byte of its UTF-8. */
export function byteTextOf(text: string): string {
  if (ASCII.test(text)) return text
  return String.fromCharCode(...new TextEncoder().encode(text))
}

/** The text that UTF-8 bytes, one char each, stand for. */
export function textOf(byteText: string): string {
  if (ASCII.test(byteText)) return byteText
  return new TextDecoder().decode(Uint8Array.from(byteText, (char) => char.charCodeAt(0)))
}
