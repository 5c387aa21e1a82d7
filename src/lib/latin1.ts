const CHUNK = 8192

/** The bytes as a string of one char each. */
export function charsOf(bytes: Uint8Array): string {
  let chars = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    chars += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  }
  return chars
}

/** The bytes of a string that has one char for each. */
export function bytesOf(chars: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chars.length)
  for (let i = 0; i < chars.length; i++) bytes[i] = chars.charCodeAt(i)
  return bytes
}
