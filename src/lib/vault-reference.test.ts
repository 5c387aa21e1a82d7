import { expect, it } from 'vitest'
import { parseVaultReference } from './vault-reference.ts'

it.each([
  ['{vault://env/name}', 'env', 'name', undefined, undefined],
  ['{vault://my-env/name#2}', 'my-env', 'name', undefined, 2],
  ['{vault://env/a/b}', 'env', 'a', 'b', undefined],
  ['{vault://env/a/b/c}', 'env', 'a/b', 'c', undefined],
  ['{vault://env/a/b/}', 'env', 'a/b', undefined, undefined],
  ['{vault://env/a%20b/c%2Fd}', 'env', 'a b', 'c/d', undefined],
  ['{vault://env/%zz}', 'env', '%zz', undefined, undefined],
  ['{vault://u@env:80/a?prefix=P_#1}', 'env', 'a', undefined, 1],
])('takes %s apart', (text, vault, resource, key, version) => {
  expect(parseVaultReference(text)).toMatchObject({ vault, resource, key, version })
})

it('keeps what is set for the reference alone', () => {
  const found = parseVaultReference('{vault://env/a?prefix=P_&ttl=5}')
  expect(typeof found === 'string' ? found : [...found.overrides]).toEqual([
    ['prefix', 'P_'],
    ['ttl', '5'],
  ])
})

it.each([
  ['{vault://}', 'is missing host'],
  ['{vault:///a}', 'is missing host'],
  ['{vault://env}', 'is missing path'],
  ['{vault://env/}', 'has empty path'],
  ['{vault://env/?x=1}', 'has empty path'],
  ['{vault://env//}', 'has invalid path'],
  ['{vault://env/a#b}', 'has invalid version'],
  ['{vault://env/a#}', 'has invalid version'],
])('says of %s that it %s', (text, reason) => {
  expect(parseVaultReference(text)).toBe(`reference url ${reason} [${text}]`)
})
