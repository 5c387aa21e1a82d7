import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRoutePath, migrateRoutePath, normalizeRoutePath } from './route-path.ts'

describe('normalizeRoutePath', () => {
  it.each([
    ['/', '/'],
    ['/a/../b', '/b'],
    ['/../a', '/a'],
    ['/a/.', '/a/'],
    ['/a/b/..', '/a/'],
    ['/%2e%2e/a', '/a'],
    ['/%41%7e', '/A~'],
    ['/%2f%3A', '/%2F%3A'],
    ['/a%20b', '/a b'],
    ['/%2541', '/%2541'],
    ['/%E5%86%86', '/円'],
    ['/%ff', '/%FF'],
    ['/%zz', '/%zz'],
    ['/a b(é?#{', '/a b(é?#{'],
  ])('%s is %s', (path, normalized) => {
    expect(normalizeRoutePath(path)).toBe(normalized)
  })

  it('changes nothing the second time', () => {
    const part = fc.constantFrom(
      '/',
      '.',
      '..',
      'a',
      '%41',
      '%2f',
      '%2e',
      '%E5%86%86',
      '%ff',
      '%',
      '4',
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const once = normalizeRoutePath(`/${parts.join('')}`)
        // An escape put together by decoding is one more layer, as in Kong.
        if (!/%(?![0-9A-F]{2})/.test(`/${parts.join('')}`)) {
          expect(normalizeRoutePath(once)).toBe(once)
        }
      }),
    )
  })
})

describe('checkRoutePath', () => {
  it.each([
    ['/a%41', "non-normalized path, consider use '/aA' instead"],
    ['/a/./b', "non-normalized path, consider use '/a/b' instead"],
    ['/a%2fb', "non-normalized path, consider use '/a%2Fb' instead"],
    ['/d%20', "non-normalized path, consider use '/d ' instead"],
    ['/some%2words', "invalid url-encoded value: '%2w'"],
    ['/some%20words%', "invalid url-encoded value: '%'"],
    ['/some%20words%ax', "invalid url-encoded value: '%ax'"],
    ['/../%zz', "invalid url-encoded value: '%zz'"],
    [
      '~/a(b',
      `invalid regex: '/a(b' (PCRE returned: pcre2_compile() failed: missing closing parenthesis in "/a(b")`,
    ],
  ])('refuses %s', (path, error) => {
    expect(checkRoutePath(path)).toBe(error)
  })

  it.each(['/', '/a b', '/円', '/a?b#c', '/a(', '~/a\\d+', '~/a(?=b)', '/a b%zz', '~/%zz'])(
    'takes %s',
    (path) => {
      expect(checkRoutePath(path)).toBeUndefined()
    },
  )
})

describe('migrateRoutePath', () => {
  it.each([
    ['/plain-1_2~', '/plain-1_2~'],
    ['/d%20', '/d '],
    ['/a/../b', '/b'],
    ['/a\\d+', '~/a\\d+'],
    ['/x%2Ey(%41|%2f)', '~/x\\.y(A|%2F)'],
    ['/(%5ea%2d%7b%7D%5c%7c)', '~/(\\^a\\-\\{\\}\\\\\\|)'],
    ['/(%20%22%c3%a9)%2a%ff', '~/( "é)%2A%FF'],
    ['~/a\\d+', '~/a\\d+'],
    ['x', 'x'],
  ])('%s becomes %s', (path, migrated) => {
    expect(migrateRoutePath(path)).toBe(migrated)
  })
})
