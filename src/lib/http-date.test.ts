import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseHttpDate } from './http-date.ts'

it.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
  ['Tue, 14 Nov 2023 22:13:20 +0000', '2023-11-14T22:13:20Z'],
  ['Tuesday, 14-Nov-23 22:13:20 GMT', '2023-11-14T22:13:20Z'],
  ['Thu, 29 Feb 2024 00:00:00 GMT', '2024-02-29T00:00:00Z'],
])('reads %s', (text, iso) => {
  expect(parseHttpDate(text)).toBe(Date.parse(iso))
})

it.each([
  '',
  'now',
  '1700000000',
  '2023-11-14T22:13:20Z',
  'Sun, 6 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nop 1994 08:49:37 GMT',
  'Sun, 31 Feb 2023 08:49:37 GMT',
  'Sun, 00 Feb 2023 08:49:37 GMT',
  'Sun, 06 Nov 1994 24:49:37 GMT',
  'Sun, 06 Nov 1994 08:60:37 GMT',
])('refuses %j', (text) => {
  expect(parseHttpDate(text)).toBeUndefined()
})

it('reads what JavaScript writes', () => {
  const [min, max] = [new Date('1970-01-01'), new Date('9999-12-31')]
  fc.assert(
    fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
      expect(parseHttpDate(date.toUTCString())).toBe(Math.floor(date.getTime() / 1000) * 1000)
    }),
  )
})
