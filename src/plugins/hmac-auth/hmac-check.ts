import { createHmacSha256 } from '../../lib/hmac-sha256.ts'
import { timingSafeEqual } from '../../lib/timing-safe-equal.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Whether a signature is that of some bytes. */
export type HmacCheck = (signature: Bytes, signed: Bytes) => boolean | Promise<boolean>

const encoder = new TextEncoder()

/** Prepares a secret for one of the algorithms: the usual one answers at once, the platform's later. */
export function hmacCheck(algorithm: string, secret: string): HmacCheck {
  // Whoever knows nothing could sign with an empty secret.
  if (secret === '') return () => false
  const bytes = encoder.encode(secret)
  if (algorithm === 'hmac-sha256') {
    const sign = createHmacSha256(bytes)
    return (signature, signed) => timingSafeEqual(sign(signed), signature)
  }
  const params = { name: 'HMAC', hash: algorithm.replace('hmac-sha', 'SHA-') }
  let key: Promise<CryptoKey> | undefined
  return async (signature, signed) => {
    key ??= crypto.subtle.importKey('raw', bytes, params, false, ['verify'])
    return crypto.subtle.verify('HMAC', await key, signature, signed)
  }
}
