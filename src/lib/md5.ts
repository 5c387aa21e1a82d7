import { toHex } from './hex.ts'

/** The MD5 of a text's UTF-8 bytes, in lower-case hex: Kong's name for a configuration, no secret. */
export function md5Hex(text: string): string {
  return toHex(md5(new TextEncoder().encode(text)))
}

/** The MD5 of the bytes, at once. Not for secrets. */
export function md5(bytes: Uint8Array): Uint8Array {
  const words = paddedWords(bytes)
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let at = 0; at < words.length; at += 16) mixBlock(state, words.subarray(at, at + 16))
  return new Uint8Array(state.buffer)
}

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

const SINES = Int32Array.from({ length: 64 }, (_, i) =>
  Number(BigInt.asIntN(32, BigInt(Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32)))),
)

/** The message with its one bit, its zeros and its length, as little-endian words. */
function paddedWords(bytes: Uint8Array): Int32Array {
  const length = Math.ceil((bytes.length + 9) / 64) * 64
  const padded = new Uint8Array(length)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(length - 8, (bytes.length << 3) >>> 0, true)
  view.setUint32(length - 4, Math.floor(bytes.length / 2 ** 29), true)
  const words = new Int32Array(length / 4)
  for (let i = 0; i < words.length; i++) words[i] = view.getInt32(i * 4, true)
  return words
}

/** Which word of the block each step mixes in. */
const WORDS = Uint8Array.from({ length: 64 }, (_, step) => {
  const round = step >> 4
  const steps = [step, 5 * step + 1, 3 * step + 5, 7 * step]
  return (steps[round] ?? 0) & 15
})

const TURNS = Uint8Array.from({ length: 64 }, (_, step) => SHIFTS[step >> 4]?.[step & 3] ?? 0)

/** One block of RFC 1321's four rounds. No tuples and no iterators: a whole configuration passes here. */
function mixBlock(state: Int32Array, block: Int32Array): void {
  // The state has four words and the tables 64, so none of these is undefined.
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  for (let step = 0; step < 64; step++) {
    const word = block[WORDS[step] as number] as number
    const shift = TURNS[step] as number
    const sum = (a + mixed(step, b, c, d) + (SINES[step] as number) + word) | 0
    a = d
    d = c
    c = b
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
}

function mixed(step: number, b: number, c: number, d: number): number {
  if (step < 16) return (b & c) | (~b & d)
  if (step < 32) return (d & b) | (~d & c)
  return step < 48 ? b ^ c ^ d : c ^ (b | ~d)
}
