import { describe, expect, it } from 'vitest'
import { checkRouteRegex } from './route-regex.ts'

describe('checkRouteRegex', () => {
  it.each(['/\\d+', '/(?<id>a)', '/(?P<id>a)', '/a|b', '/(?i)x', '/[[:alpha:]]+', '(a+)+$'])(
    'takes %s',
    (source) => {
      expect(checkRouteRegex(source)).toBeUndefined()
    },
  )

  it.each([
    ['/a(?=b)', 'look-around is not supported'],
    ['/(?<!a)b', 'look-around is not supported'],
    ['/(a)\\1', 'back-references are not supported'],
    ['/a(', 'missing closing )'],
    ['/a{2,1}', 'invalid repeat count'],
  ])('refuses %s', (source, reason) => {
    expect(checkRouteRegex(source)).toContain(reason)
  })
})
