import { expect, it } from 'vitest'
import { xxHash32 } from './xxhash32.ts'

const encoder = new TextEncoder()

// By the reference implementation, seed 0.
it.each([
  { text: '', hash: 0x02cc5d05 },
  { text: 'a', hash: 0x550d7456 },
  { text: 'abc', hash: 0x32d153ff },
  { text: '10.0.0.1::8000 1', hash: 0x5bcfc2d6 },
  { text: '10.0.0.1::8000 160', hash: 0xf1dd184f },
  { text: 'Nobody inspects the spammish repetition', hash: 0xe2293b2f },
])('hashes "$text"', ({ text, hash }) => {
  expect(xxHash32(encoder.encode(text))).toBe(hash)
})

it('hashes bytes of every length as the reference does', () => {
  let all = 0
  for (let length = 0; length <= 100; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7 + length)
    all = (Math.imul(all, 31) + xxHash32(bytes)) >>> 0
  }
  expect(all).toBe(0x9993a28d)
})

it('reads no further than it is told', () => {
  const bytes = encoder.encode('abcdefghijklmnopqrstuvwxyz')
  for (let length = 0; length <= bytes.length; length++) {
    expect(xxHash32(bytes, length)).toBe(xxHash32(bytes.slice(0, length)))
  }
})
