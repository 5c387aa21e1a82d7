const STANDARD = /^[A-Za-z0-9+/]*={0,2}$/
const URL_CHARS = /[-_]/g

/** The bytes of a base64 text, padded or not; undefined for anything else. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!STANDARD.test(text)) return undefined
  try {
    const chars = atob(text)
    const bytes = new Uint8Array(chars.length)
    for (let i = 0; i < chars.length; i++) bytes[i] = chars.charCodeAt(i)
    return bytes
  } catch {
    // A length that no bytes have.
    return undefined
  }
}

/** The same of the alphabet for URLs; the ordinary one does as well. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  return decodeBase64(text.replace(URL_CHARS, (char) => (char === '-' ? '+' : '/')))
}

/** The bytes in base64, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  let chars = ''
  for (const byte of bytes) chars += String.fromCharCode(byte)
  return btoa(chars)
}

/** The bytes in base64 for URLs, without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
}
