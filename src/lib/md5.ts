/** The MD5 of a text's UTF-8 bytes, in lower-case hex: Kong's name for a configuration, no secret. */
export function md5Hex(text: string): string {
  const words = paddedWords(new TextEncoder().encode(text))
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let at = 0; at < words.length; at += 16) mixBlock(state, words.subarray(at, at + 16))
  return Array.from(new Uint8Array(state.buffer), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
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
  return Int32Array.from({ length: length / 4 }, (_, i) => view.getInt32(i * 4, true))
}

/** One block of RFC 1321's four rounds. */
function mixBlock(state: Int32Array, block: Int32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number] // four words, always
  for (let step = 0; step < 64; step++) {
    const round = step >> 4
    const [mixed, word] = roundOf(round, step, [b, c, d])
    const shift = SHIFTS[round]?.[step & 3] ?? 0
    const sum = (a + mixed + (SINES[step] ?? 0) + (block[word] ?? 0)) | 0
    a = d
    d = c
    c = b
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0
  }
  for (const [i, value] of [a, b, c, d].entries()) state[i] = (state[i] ?? 0) + value
}

function roundOf(
  round: number,
  step: number,
  [b, c, d]: readonly [number, number, number],
): readonly [mixed: number, word: number] {
  if (round === 0) return [(b & c) | (~b & d), step]
  if (round === 1) return [(d & b) | (~d & c), (5 * step + 1) & 15]
  if (round === 2) return [b ^ c ^ d, (3 * step + 5) & 15]
  return [c ^ (b | ~d), (7 * step) & 15]
}
