/** SHA-1 of the bytes, at once: the platform's digest is asynchronous only. Not for secrets. */
export function sha1(message: Uint8Array): Uint8Array {
  STATE.set(START)
  const padded = pad(message)
  for (let at = 0; at < padded.length; at += 64) {
    read(padded, at)
    mix()
  }

  const digest = new Uint8Array(20)
  for (let i = 0; i < 20; i++) digest[i] = (STATE[i >> 2] as number) >>> (24 - 8 * (i & 3))
  return digest
}

// What is read of these lists is always within them.
const START = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0)

/** Used by one call at a time: what is in them between two means nothing. */
const STATE = new Int32Array(5)
const WORDS = new Int32Array(80)
const BLOCK = new Uint8Array(64)

/** The message, a one bit, zeros, and the length in bits, to a multiple of 64 bytes. */
function pad(message: Uint8Array): Uint8Array {
  const { length } = message
  const size = Math.ceil((length + 9) / 64) * 64
  // Names of rows come by the ten thousand, and most fit into one block.
  const padded = size === 64 ? BLOCK.fill(0) : new Uint8Array(size)
  padded.set(message)
  padded[length] = 0x80
  // A length beyond 2^53 bits there is not.
  for (let i = 1, bits = length * 8; bits > 0; i++, bits = Math.floor(bits / 256)) {
    padded[padded.length - i] = bits & 0xff
  }
  return padded
}

/** The words of a block, and those made of them. */
function read(bytes: Uint8Array, from: number): void {
  for (let i = 0; i < 16; i++) {
    const at = from + i * 4
    const high = ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16)
    WORDS[i] = high | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
  }
  for (let i = 16; i < 80; i++) {
    const near = (WORDS[i - 3] as number) ^ (WORDS[i - 8] as number)
    const word = near ^ (WORDS[i - 14] as number) ^ (WORDS[i - 16] as number)
    WORDS[i] = (word << 1) | (word >>> 31)
  }
}

const CONSTANTS = Int32Array.of(0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6)

/** FIPS 180's eighty steps. Neither calls nor lists within: ids of ten thousand rows pass here. */
function mix(): void {
  let a = STATE[0] as number
  let b = STATE[1] as number
  let c = STATE[2] as number
  let d = STATE[3] as number
  let e = STATE[4] as number
  for (let i = 0; i < 80; i++) {
    const turn = (i / 20) | 0
    let chosen = b ^ c ^ d
    if (turn === 0) chosen = (b & c) | (~b & d)
    else if (turn === 2) chosen = (b & c) | (b & d) | (c & d)
    const constant = CONSTANTS[turn] as number
    const next = (((a << 5) | (a >>> 27)) + chosen + e + (WORDS[i] as number) + constant) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  STATE[0] = (STATE[0] as number) + a
  STATE[1] = (STATE[1] as number) + b
  STATE[2] = (STATE[2] as number) + c
  STATE[3] = (STATE[3] as number) + d
  STATE[4] = (STATE[4] as number) + e
}
