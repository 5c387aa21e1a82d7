import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inRange, parseIp, parseIpRange } from './ip.ts'
import { createIpSet } from './ip-set.ts'

// Few values of a byte, so that addresses fall into ranges often enough.
const byte = fc.constantFrom(0, 1, 127, 128, 255)
const four = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'))
const six = fc
  .array(fc.constantFrom('0', '1', '8000', 'ffff'), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.join(':'))
const mapped = four.map((text) => `::ffff:${text}`)
const address = fc.oneof(four, six, mapped)
const range = fc
  .tuple(address, fc.integer({ min: 0, max: 128 }))
  .map(([text, bits]) => (text.includes(':') ? `${text}/${bits}` : `${text}/${bits % 33}`))

it('says what asking range by range says', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(range, address), { maxLength: 6 }), address, (texts, text) => {
      const ip = parseIp(text)
      const each = texts.flatMap((one) => parseIpRange(one) ?? [])
      expect(ip !== undefined && createIpSet(texts).has(ip)).toBe(
        each.some((one) => inRange(one, text)),
      )
    }),
  )
})

it('leaves out what is no range', () => {
  const ip = parseIp('0.0.0.0') ?? { version: 4, bytes: [] }
  expect(createIpSet(['nonsense', '1.2.3.4/33']).has(ip)).toBe(false)
})
