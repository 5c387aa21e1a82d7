/** SHA-1 of the bytes, at once: the platform's digest is asynchronous only. Not for secrets. */
export function sha1(message: Uint8Array): Uint8Array {
  STATE.set(START)
  const padded = pad(message)
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) WORDS[i] = wordAt(padded, at + i * 4)
    mix(STATE, WORDS)
  }

  const digest = new Uint8Array(20)
  for (let i = 0; i < 20; i++) digest[i] = (STATE[i >> 2] ?? 0) >>> (24 - 8 * (i & 3))
  return digest
}

const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]

/** Used by one call at a time: what is in them between two means nothing. */
const STATE = new Uint32Array(5)
const WORDS = new Int32Array(80)

/** The message, a one bit, zeros, and the length in bits, to a multiple of 64 bytes. */
function pad(message: Uint8Array): Uint8Array {
  const { length } = message
  const padded = new Uint8Array(Math.ceil((length + 9) / 64) * 64)
  padded.set(message)
  padded[length] = 0x80
  // A length beyond 2^53 bits there is not.
  for (let i = 1, bits = length * 8; bits > 0; i++, bits = Math.floor(bits / 256)) {
    padded[padded.length - i] = bits & 0xff
  }
  return padded
}

function wordAt(bytes: Uint8Array, i: number): number {
  const high = ((bytes[i] ?? 0) << 24) | ((bytes[i + 1] ?? 0) << 16)
  return high | ((bytes[i + 2] ?? 0) << 8) | (bytes[i + 3] ?? 0)
}

function mix(state: Uint32Array, words: Int32Array): void {
  for (let i = 16; i < 80; i++) {
    words[i] = rotate(
      at(words, i - 3) ^ at(words, i - 8) ^ at(words, i - 14) ^ at(words, i - 16),
      1,
    )
  }

  let [a, b, c, d, e] = [at(state, 0), at(state, 1), at(state, 2), at(state, 3), at(state, 4)]
  for (let i = 0; i < 80; i++) {
    const next = (rotate(a, 5) + choose(i, b, c, d) + e + at(words, i)) | 0
    e = d
    d = c
    c = rotate(b, 30)
    b = a
    a = next
  }
  state[0] = at(state, 0) + a
  state[1] = at(state, 1) + b
  state[2] = at(state, 2) + c
  state[3] = at(state, 3) + d
  state[4] = at(state, 4) + e
}

function choose(step: number, b: number, c: number, d: number): number {
  if (step < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (step < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (step < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
  return (b ^ c ^ d) + 0xca62c1d6
}

function at(words: Int32Array | Uint32Array, i: number): number {
  return (words[i] ?? 0) | 0
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}
