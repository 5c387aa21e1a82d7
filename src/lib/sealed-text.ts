import { decodeBase64Url, encodeBase64Url } from './base64.ts'

/** Makes texts that nobody without the secret can read, make or change. */
export interface Seal {
  seal(text: string): Promise<string>
  /** Undefined for what was not sealed by the same secret for the same purpose. */
  open(sealed: string): Promise<string | undefined>
}

const IV_LENGTH = 12
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * AES-256-GCM under a key that HKDF-SHA-256 derives from the secret for one purpose. The form is
 * base64url of a random 96-bit nonce, the encrypted text and its tag.
 */
export function createSeal(secret: string, purpose: string): Seal {
  let key: Promise<CryptoKey> | undefined
  const keyOf = (): Promise<CryptoKey> => {
    key ??= deriveKey(secret, purpose)
    return key
  }
  return {
    async seal(text) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH))
      const how = { name: 'AES-GCM', iv }
      const hidden = await crypto.subtle.encrypt(how, await keyOf(), encoder.encode(text))
      return encodeBase64Url(new Uint8Array([...iv, ...new Uint8Array(hidden)]))
    },
    async open(sealed) {
      const bytes = decodeBase64Url(sealed)
      if (bytes === undefined || bytes.length <= IV_LENGTH) return undefined
      const how = { name: 'AES-GCM', iv: bytes.subarray(0, IV_LENGTH) }
      const known = await keyOf()
      try {
        const plain = await crypto.subtle.decrypt(how, known, bytes.subarray(IV_LENGTH))
        return decoder.decode(plain)
      } catch {
        return undefined
      }
    },
  }
}

async function deriveKey(secret: string, purpose: string): Promise<CryptoKey> {
  const { subtle } = crypto
  const material = await subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, [
    'deriveKey',
  ])
  const info = encoder.encode(purpose)
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  const made = { name: 'AES-GCM', length: 256 }
  return subtle.deriveKey(how, material, made, false, ['encrypt', 'decrypt'])
}
