import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { md5Hex } from './md5.ts'

it.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
])('hashes %j as RFC 1321 does', (text, hash) => {
  expect(md5Hex(text)).toBe(hash)
})

it('agrees with another implementation at every padding', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'é'.repeat(length % 7) + 'x'.repeat(length)
    expect(md5Hex(text)).toBe(createHash('md5').update(text).digest('hex'))
  }
})
