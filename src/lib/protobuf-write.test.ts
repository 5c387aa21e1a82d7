import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toHex } from './hex.ts'
import { joinBytes } from './join-bytes.ts'
import {
  protoBytes,
  protoDouble,
  protoFixed32,
  protoFixed64,
  protoText,
  protoVarint,
} from './protobuf-write.ts'

it.each([
  // The first three are of the documentation of the encoding.
  { what: 'a number', made: protoVarint(1, 150), hex: '089601' },
  { what: 'a text', made: protoText(2, 'testing'), hex: '120774657374696e67' },
  { what: 'a message', made: protoBytes(3, protoVarint(1, 150)), hex: '1a03089601' },
  { what: 'nothing', made: protoVarint(1, 0), hex: '0800' },
  { what: 'a high field', made: protoVarint(16, 1), hex: '800101' },
  { what: 'eight bytes', made: protoFixed64(7, 258n), hex: '390201000000000000' },
  { what: 'four bytes', made: protoFixed32(8, 1), hex: '4501000000' },
  { what: 'a fraction', made: protoDouble(4, 1), hex: '21000000000000f03f' },
  {
    what: 'several fields',
    made: joinBytes([protoVarint(1, 1), protoText(2, 'é')]),
    hex: '08011202c3a9',
  },
])('writes $what', ({ made, hex }) => {
  expect(toHex(made)).toBe(hex)
})

it('writes any number and any length so that it can be read again', () => {
  const readVarint = (bytes: Uint8Array, from: number): [value: number, next: number] => {
    let value = 0
    for (let at = from, unit = 1; ; at++, unit *= 0x80) {
      const byte = bytes[at] ?? 0
      value += (byte & 0x7f) * unit
      if (byte < 0x80) return [value, at + 1]
    }
  }
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.uint8Array({ maxLength: 300 }), (number, bytes) => {
      expect(readVarint(protoVarint(1, number), 1)[0]).toBe(number)
      const written = protoBytes(1, bytes)
      const [length, next] = readVarint(written, 1)
      expect([length, ...written.slice(next)]).toEqual([bytes.length, ...bytes])
    }),
  )
})
