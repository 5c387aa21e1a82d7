/** SHA-1 of the bytes, at once: the platform's digest is asynchronous only. Not for secrets. */
export function sha1(message: Uint8Array): Uint8Array {
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  const padded = pad(message)
  const words = new Uint32Array(80)
  for (let at = 0; at < padded.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = padded.getUint32(at + i * 4)
    mix(state, words)
  }

  const digest = new DataView(new ArrayBuffer(20))
  for (const [i, word] of state.entries()) digest.setUint32(i * 4, word)
  return new Uint8Array(digest.buffer)
}

/** The message, a one bit, zeros, and the length in bits, to a multiple of 64 bytes. */
function pad(message: Uint8Array): DataView {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n)
  return view
}

function mix(state: Uint32Array, words: Uint32Array): void {
  for (let i = 16; i < 80; i++) {
    words[i] = rotate(
      at(words, i - 3) ^ at(words, i - 8) ^ at(words, i - 14) ^ at(words, i - 16),
      1,
    )
  }

  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state
  for (let i = 0; i < 80; i++) {
    const next = (rotate(a, 5) + choose(i, b, c, d) + e + at(words, i)) | 0
    e = d
    d = c
    c = rotate(b, 30)
    b = a
    a = next
  }
  for (const [i, value] of [a, b, c, d, e].entries()) state[i] = at(state, i) + value
}

function choose(step: number, b: number, c: number, d: number): number {
  if (step < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (step < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (step < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
  return (b ^ c ^ d) + 0xca62c1d6
}

function at(words: Uint32Array, i: number): number {
  return words[i] ?? 0
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}
