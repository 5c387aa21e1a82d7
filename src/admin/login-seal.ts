/** How long a login lasts, in seconds. */
export const LOGIN_SECONDS = 8 * 3600

/** Ended sessions remembered at most; the one that ended first makes room. */
export const MOST_ENDED = 1000

/** Makes the Manager's sessions and knows them again; keeps only those that ended before their time. */
export interface Seals {
  /** A new session. */
  seal(now: number): Promise<string>
  /** Whether it is one of ours and still holds. */
  holds(text: string, now: number): Promise<boolean>
  /** Ends it for this process; what is none of ours leaves no trace. */
  end(text: string, now: number): Promise<void>
}

/**
 * Sessions that are `expiry.id.mac`: every process and isolate that knows the token knows them, and
 * with another token none holds any more.
 */
export function createSeals(token: string): Seals {
  const key = keyOf(token)
  const ended = createEnded()
  /** What was sealed, and until when; undefined for what does not hold. */
  const open = async (text: string, now: number): Promise<Sealed | undefined> => {
    const [, body = '', expiry = '', mac = ''] = SEALED.exec(text) ?? []
    const until = Number(expiry) * 1000
    if (body === '' || until <= now || ended.has(body)) return undefined
    const right = await crypto.subtle.verify('HMAC', await key, fromHex(mac), bytesOf(body))
    // Asked again: it may have ended meanwhile.
    return right && !ended.has(body) ? { body, until } : undefined
  }
  return {
    async seal(now) {
      const body = `${Math.floor(now / 1000) + LOGIN_SECONDS}.${crypto.randomUUID()}`
      const mac = await crypto.subtle.sign('HMAC', await key, bytesOf(body))
      return `${body}.${hexOf(new Uint8Array(mac))}`
    },
    holds: async (text, now) => (await open(text, now)) !== undefined,
    async end(text, now) {
      const sealed = await open(text, now)
      if (sealed !== undefined) ended.add(sealed, now)
    },
  }
}

interface Sealed {
  readonly body: string
  /** When it would end by itself, in ms. */
  readonly until: number
}

/** Sessions that were ended, until they would have ended by themselves. */
function createEnded() {
  const untils = new Map<string, number>()
  return {
    has: (body: string) => untils.has(body),
    add({ body, until }: Sealed, now: number): void {
      for (const [known, end] of untils) if (end <= now) untils.delete(known)
      for (const oldest of untils.keys()) {
        if (untils.size < MOST_ENDED) break
        untils.delete(oldest)
      }
      untils.set(body, until)
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
