const PRIME_1 = 2654435761
const PRIME_2 = 2246822519
const PRIME_3 = 3266489917
const PRIME_4 = 668265263
const PRIME_5 = 374761393

/** The 32-bit xxHash of the first `length` bytes with seed 0, unsigned; Kong's hash for its ring. */
export function xxHash32(bytes: Uint8Array, length: number = bytes.length): number {
  let at = 0
  let hash = PRIME_5
  if (length >= 16) {
    let [a, b, c, d] = [(PRIME_1 + PRIME_2) | 0, PRIME_2 | 0, 0, -PRIME_1 | 0]
    for (; at <= length - 16; at += 16) {
      a = round(a, word(bytes, at))
      b = round(b, word(bytes, at + 4))
      c = round(c, word(bytes, at + 8))
      d = round(d, word(bytes, at + 12))
    }
    hash = (turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18)) | 0
  }

  hash = (hash + length) | 0
  for (; at <= length - 4; at += 4) {
    hash = (hash + Math.imul(word(bytes, at), PRIME_3)) | 0
    hash = Math.imul(turn(hash, 17), PRIME_4)
  }
  for (; at < length; at++) {
    hash = (hash + Math.imul(byte(bytes, at), PRIME_5)) | 0
    hash = Math.imul(turn(hash, 11), PRIME_1)
  }
  return mixed(hash)
}

function round(lane: number, input: number): number {
  return Math.imul(turn((lane + Math.imul(input, PRIME_2)) | 0, 13), PRIME_1)
}

/** Four bytes, the first the lowest. */
function word(bytes: Uint8Array, at: number): number {
  return (
    byte(bytes, at) |
    (byte(bytes, at + 1) << 8) |
    (byte(bytes, at + 2) << 16) |
    (byte(bytes, at + 3) << 24)
  )
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number // below `length`, which no caller sets beyond the array's
}

/** Bits that leave on the left come in on the right. */
function turn(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 15), PRIME_2)
  h = Math.imul(h ^ (h >>> 13), PRIME_3)
  return (h ^ (h >>> 16)) >>> 0
}
