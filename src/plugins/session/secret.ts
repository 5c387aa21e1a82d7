const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

let secret: string | undefined

/**
 * What cookies are encrypted with unless told: the same for all sessions of this process. Made at
 * first use, for Workers have no chance while modules load.
 */
export function sessionSecret(): string {
  secret ??= Array.from(
    crypto.getRandomValues(new Uint8Array(44)),
    (byte) => ALPHABET[byte % ALPHABET.length],
  ).join('')
  return secret
}
