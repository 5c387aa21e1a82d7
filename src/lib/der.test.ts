import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfBits, readSequence, readValues, TAG, writeValue } from './der.ts'

describe('readValues', () => {
  it.each([
    ['nothing', [], []],
    ['a value', [2, 1, 5], [[5]]],
    ['values side by side', [2, 1, 5, 4, 0], [[5], []]],
    ['a long length', [4, 0x81, 1, 7], [[7]]],
  ])('reads %s', (_what, bytes, contents) => {
    const values = readValues(Uint8Array.from(bytes))
    expect(values?.map(({ content }) => [...content])).toEqual(contents)
  })

  it.each([
    ['a tag alone', [2]],
    ['less than the length says', [2, 2, 5]],
    ['a length cut short', [4, 0x82, 1]],
    ['a length that comes at the end', [0x30, 0x80, 0, 0]],
    ['a length beyond four bytes', [4, 0x85, 0, 0, 0, 0, 1, 7]],
    ['a tag of several bytes', [0x1f, 1, 0]],
    ['something after a value', [2, 1, 5, 9]],
  ])('refuses %s', (_what, bytes) => {
    expect(readValues(Uint8Array.from(bytes))).toBeUndefined()
  })

  it('refuses more values than there can be', () => {
    expect(readValues(new Uint8Array(1000 * 2))).toHaveLength(1000)
    expect(readValues(new Uint8Array(1001 * 2))).toBeUndefined()
  })

  it('throws at nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        readValues(bytes)
        readSequence(bytes)
      }),
    )
  })
})

describe('readSequence', () => {
  it.each([
    ['another tag', [4, 0]],
    ['something after it', [0x30, 0, 0]],
    ['nothing', []],
  ])('refuses %s', (_what, bytes) => {
    expect(readSequence(Uint8Array.from(bytes))).toBeUndefined()
  })
})

describe('bytesOfBits', () => {
  it('takes whole bytes only', () => {
    const [whole, broken] = readValues(Uint8Array.of(3, 2, 0, 9, 3, 2, 4, 9)) ?? []
    expect(bytesOfBits(whole)).toEqual(Uint8Array.of(9))
    expect(bytesOfBits(broken)).toBeUndefined()
  })
})

describe('writeValue', () => {
  it('writes what is read back', () => {
    const lengths = fc.constantFrom(0, 1, 127, 128, 255, 256, 65535, 65536, 70_000)
    fc.assert(
      fc.property(lengths, (length) => {
        const part = new Uint8Array(length).fill(7)
        const [value, ...rest] = readValues(writeValue(TAG.octetString, part)) ?? []
        expect(rest).toEqual([])
        expect(value?.content).toEqual(part)
      }),
      { numRuns: 30 },
    )
  })
})
