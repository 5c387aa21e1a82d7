import { expect, it } from 'vitest'
import { isNamed } from './header-list.ts'

it.each([
  { name: 'Cookie', lower: 'cookie', is: true },
  { name: 'Cookie2', lower: 'cookie', is: false },
  { name: 'c[okie', lower: 'c{okie', is: false },
])('$name is $lower: $is', ({ name, lower, is }) => {
  expect(isNamed(name, lower)).toBe(is)
})
