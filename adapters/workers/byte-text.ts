import { isAscii } from '../../src/lib/byte-string.ts'

/**
 * The text that UTF-8 bytes, one char each, stand for. The core's strings hold one char per byte;
 * Workers give and take text, and bytes that are not UTF-8 are lost before our code sees them.
 */
export function textOf(byteText: string): string {
  if (isAscii(byteText)) return byteText
  return new TextDecoder().decode(Uint8Array.from(byteText, (char) => char.charCodeAt(0)))
}
