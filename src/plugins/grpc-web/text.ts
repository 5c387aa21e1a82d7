import { decodeBase64, encodeBase64 } from '../../lib/base64.ts'
import { bytesOf, charsOf } from '../../lib/latin1.ts'

/** The bytes of a base64 body; pieces may be padded each. Undefined when it is none. */
export function decodeText(body: Uint8Array): Uint8Array | undefined {
  const pieces = charsOf(body).match(/[^=]+={0,2}|=/g) ?? []
  let chars = ''
  for (const piece of pieces) {
    const bytes = decodeBase64(piece)
    if (bytes === undefined) return undefined
    chars += charsOf(bytes)
  }
  return bytesOf(chars)
}

/** The body in base64, for clients that read text alone. */
export function encodeText(bytes: Uint8Array): Uint8Array {
  return bytesOf(encodeBase64(bytes))
}
