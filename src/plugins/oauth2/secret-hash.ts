const ITERATIONS = 10000
const BYTES = 32

/** A secret in the one-way form that Kong stores: PBKDF2 over SHA-512, with its salt beside it. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    'PBKDF2',
    false,
    ['deriveBits'],
  )
  const algorithm = { name: 'PBKDF2', hash: 'SHA-512', salt, iterations: ITERATIONS }
  const hash = await crypto.subtle.deriveBits(algorithm, key, BYTES * 8)
  const shown = [salt, new Uint8Array(hash)].map(toBase64).join('$')
  return `$pbkdf2-sha512$i=${ITERATIONS},l=${BYTES}$${shown}`
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
}
