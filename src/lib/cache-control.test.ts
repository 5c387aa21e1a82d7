import { expect, it } from 'vitest'
import { directivesIn, httpDate, secondsIn } from './cache-control.ts'

it.each([
  { values: [], directives: {} },
  { values: ['No-Store'], directives: { 'no-store': true } },
  {
    values: ['max-age=5, public', 'private'],
    directives: { 'max-age': '5', public: true, private: true },
  },
  { values: ['max-age = 5'], directives: { 'max-age': '5' } },
  { values: ['max-age=5, max-age=9'], directives: { 'max-age': '5' } },
  { values: ['private="a, no-store", x="\\""'], directives: { private: 'a, no-store', x: '\\"' } },
  { values: [',, ,a=,'], directives: { a: '' } },
])('reads $values', ({ values, directives }) => {
  expect(Object.fromEntries(directivesIn(values))).toEqual(directives)
})

it.each([
  { text: 'max-age=5', seconds: 5 },
  { text: 'max-age="5"', seconds: 5 },
  { text: 'max-age=99999999999', seconds: 2 ** 31 },
  { text: 'max-age=-1', seconds: 0 },
  { text: 'max-age=1.5', seconds: 0 },
  { text: 'max-age', seconds: 0 },
  { text: 's-maxage=5', seconds: undefined },
])('finds $seconds seconds in $text', ({ text, seconds }) => {
  expect(secondsIn(directivesIn([text]), 'max-age')).toBe(seconds)
})

it.each([
  { text: 'Sun, 06 Nov 1994 08:49:37 GMT', time: 784111777000 },
  { text: 'Sun, 99 Nov 1994 08:49:37 GMT', time: undefined },
  { text: '0', time: undefined },
  { text: '2099', time: undefined },
  { text: undefined, time: undefined },
])('reads the date $text', ({ text, time }) => {
  expect(httpDate(text)).toBe(time)
})
