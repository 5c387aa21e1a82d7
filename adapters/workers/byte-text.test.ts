import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toByteString } from '../../src/lib/byte-string.ts'
import { textOf } from './byte-text.ts'

describe('byte text', () => {
  it.each([
    { text: 'plain', bytes: 'plain' },
    { text: 'é', bytes: '\xc3\xa9' },
    { text: '', bytes: '' },
  ])('writes "$text" as its UTF-8, one char a byte', ({ text, bytes }) => {
    expect(toByteString(text)).toBe(bytes)
  })

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(textOf(toByteString(text))).toBe(text)
      }),
    )
  })

  it('replaces what is not UTF-8', () => {
    expect(textOf('\xe9')).toBe('\ufffd')
  })
})
