import { expect, it } from 'vitest'
import { escapeNameValue } from './ldap-name.ts'

it.each([
  ['alice', 'alice'],
  ['älice smith', 'älice smith'],
  ['a,ou=admins', 'a\\,ou\\=admins'],
  ['a+b"c\\d<e>f;g=h', 'a\\+b\\"c\\\\d\\<e\\>f\\;g\\=h'],
  ['#a', '\\#a'],
  [' a ', '\\ a\\ '],
  [' ', '\\ '],
  ['a\0b', 'a\\00b'],
  ['a\\ ', 'a\\\\\\ '],
])('%j: %s', (value, escaped) => {
  expect(escapeNameValue(value)).toBe(escaped)
})
