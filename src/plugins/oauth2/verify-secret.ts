import { decodeBase64 } from '../../lib/base64.ts'
import { timingSafeEqual } from '../../lib/timing-safe-equal.ts'

const STORED = /^\$pbkdf2-sha512\$i=(\d{1,6}),l=(\d{1,3})\$([^$]+)\$([^$]+)$/

/** Whether a secret is the one that was stored in its one-way form. */
export async function verifySecret(secret: string, stored: string): Promise<boolean> {
  const [, iterations, length, salt, hash] = STORED.exec(stored) ?? []
  const saltBytes = salt === undefined ? undefined : decodeBase64(salt)
  const expected = hash === undefined ? undefined : decodeBase64(hash)
  if (saltBytes === undefined || expected === undefined) return false
  if (Number(iterations) === 0 || expected.length === 0) return false
  if (expected.length !== Number(length)) return false

  const text = new TextEncoder().encode(secret)
  const key = await crypto.subtle.importKey('raw', text, 'PBKDF2', false, ['deriveBits'])
  const algorithm = {
    name: 'PBKDF2',
    hash: 'SHA-512',
    salt: saltBytes,
    iterations: Number(iterations),
  }
  const bits = await crypto.subtle.deriveBits(algorithm, key, expected.length * 8)
  return timingSafeEqual(new Uint8Array(bits), expected)
}
