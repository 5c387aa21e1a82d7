import { expect, it } from 'vitest'
import { cookieOf } from './cookies.ts'

it.each([
  { headers: ['a=1; b=2'], name: 'b', value: '2' },
  { headers: ['a=1', 'b=2'], name: 'b', value: '2' },
  { headers: ['b=1; b=2'], name: 'b', value: '1' },
  { headers: ['ab=1;b = 2 '], name: 'b', value: '2' },
  { headers: ['b=x=y=='], name: 'b', value: 'x=y==' },
  { headers: ['b='], name: 'b', value: '' },
  { headers: ['b; c=1'], name: 'b', value: undefined },
  { headers: ['B=1'], name: 'b', value: undefined },
  { headers: [], name: 'b', value: undefined },
  { headers: ['x=1'], name: '__proto__', value: undefined },
])('finds $value for $name in $headers', ({ headers, name, value }) => {
  expect(cookieOf(headers, name)).toBe(value)
})

it('finds names in any case when asked to', () => {
  expect(cookieOf(['x=0; ToKen=1'], 'tOken', { anyCase: true })).toBe('1')
})
