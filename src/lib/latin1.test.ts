import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesOf, charsOf } from './latin1.ts'

it('has one char a byte, there and back', () => {
  expect(charsOf(Uint8Array.of(0, 65, 128, 255))).toBe('\0A\x80ÿ')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000, size: 'max' }), (bytes) => {
      expect(bytesOf(charsOf(bytes))).toEqual(bytes)
    }),
    { numRuns: 20 },
  )
})
