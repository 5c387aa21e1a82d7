import fc from 'fast-check'
import { expect, it } from 'vitest'
import { timingSafeEqual, timingSafeEqualText } from './timing-safe-equal.ts'

it('says what a plain comparison says', () => {
  const short = fc.uint8Array({ maxLength: 3, max: 2 })
  fc.assert(
    fc.property(short, short, (a, b) => {
      expect(timingSafeEqual(a, b)).toBe(a.join() === b.join())
    }),
  )
})

it.each([
  ['same', 'same', true],
  ['same', 'samE', false],
  ['same', 'sam', false],
  ['', '', true],
  ['ä', 'Ã¤', false],
])('of %j and %j says %j', (a, b, equal) => {
  expect(timingSafeEqualText(a, b)).toBe(equal)
})
