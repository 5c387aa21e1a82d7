import { joinBytes } from './join-bytes.ts'
import { sha256 } from './sha256.ts'

const BLOCK = 64

/** Prepares a key; what it gives makes the HMAC-SHA-256 of a message, at once. */
export function createHmacSha256(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const block = new Uint8Array(BLOCK)
  block.set(key.length > BLOCK ? sha256(key) : key)
  const inner = block.map((byte) => byte ^ 0x36)
  const outer = block.map((byte) => byte ^ 0x5c)
  return (message) => sha256(joinBytes([outer, sha256(joinBytes([inner, message]))]))
}
