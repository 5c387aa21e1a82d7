import { expect, it } from 'vitest'
import { crc32 } from './crc32.ts'
import { bytesOf } from './latin1.ts'

it.each([
  { text: '', sum: 0 },
  { text: '123456789', sum: 0xcbf43926 },
  { text: 'The quick brown fox jumps over the lazy dog', sum: 0x414fa339 },
])('of $text', ({ text, sum }) => {
  expect(crc32(bytesOf(text))).toBe(sum)
})
