import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHmacSha256 } from './hmac-sha256.ts'
import { sha256 } from './sha256.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

it('is what the platform says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
    }),
  )
})

it.each([0, 55, 56, 63, 64, 65, 119, 120, 1000])('pads %d bytes', (length) => {
  const bytes = new Uint8Array(length).fill(0xa5)
  expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
})

it('makes the HMAC that the platform makes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 150 }),
      fc.uint8Array({ maxLength: 150 }),
      (key, text) => {
        const mac = createHmacSha256(key)
        const expected = createHmac('sha256', key).update(text).digest('hex')
        expect(hex(mac(text))).toBe(expected)
        expect(hex(mac(text))).toBe(expected)
      },
    ),
  )
})
