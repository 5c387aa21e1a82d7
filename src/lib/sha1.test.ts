import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sha1 } from './sha1.ts'

it('agrees with another implementation on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const digest = Array.from(sha1(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
      expect(digest).toBe(createHash('sha1').update(bytes).digest('hex'))
    }),
  )
})
