/** How long a login lasts, in seconds. */
export const LOGIN_SECONDS = 8 * 3600

/** Makes the Manager's sessions and knows them again, without keeping any. */
export interface Seals {
  /** A new session. */
  seal(now: number): Promise<string>
  /** Whether it is one of ours and still holds. */
  holds(text: string, now: number): Promise<boolean>
}

/**
 * Sessions that are `expiry.id.mac`: every process and isolate that knows the token knows them, and
 * with another token none holds any more.
 */
export function createSeals(token: string): Seals {
  const key = keyOf(token)
  return {
    async seal(now) {
      const body = `${Math.floor(now / 1000) + LOGIN_SECONDS}.${crypto.randomUUID()}`
      const mac = await crypto.subtle.sign('HMAC', await key, bytesOf(body))
      return `${body}.${hexOf(new Uint8Array(mac))}`
    },
    async holds(text, now) {
      const [, body = '', expiry = '', mac = ''] = SEALED.exec(text) ?? []
      if (body === '' || Number(expiry) * 1000 <= now) return false
      return crypto.subtle.verify('HMAC', await key, fromHex(mac), bytesOf(body))
    },
  }
}

const SEALED = /^((\d{1,12})\.[0-9a-f-]{36})\.([0-9a-f]{64})$/

/** A key for this use alone: what it signs is never the token's own digest. */
function keyOf(token: string): Promise<CryptoKey> {
  const raw = bytesOf(`gibbon-manager-session ${token}`)
  return crypto.subtle
    .digest('SHA-256', raw)
    .then((digest) =>
      crypto.subtle.importKey('raw', digest, { name: 'HMAC', hash: 'SHA-256' }, false, [
        'sign',
        'verify',
      ]),
    )
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
