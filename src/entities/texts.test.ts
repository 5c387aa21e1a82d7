import { describe, expect, it } from 'vitest'
import {
  checkCookieName,
  checkHeaderName,
  checkHost,
  checkHostPort,
  checkIpOrRange,
  checkName,
  checkPath,
  checkSni,
  checkTag,
  checkWildcardHost,
  checkWildcardSni,
} from './texts.ts'

describe('texts', () => {
  it.each([
    [checkName, 'a.b-c_d~1', undefined],
    [checkName, 'größe', undefined],
    [
      checkName,
      'a b',
      "invalid value 'a b': the only accepted ascii characters are alphanumerics or ., -, _, and ~",
    ],
    [checkName, 'a\ud800', 'invalid utf-8 character sequence detected at position 2'],
    [checkTag, 'team a', undefined],
    [checkTag, '円', undefined],
    [
      checkTag,
      'a,b',
      "invalid tag 'a,b': expected printable ascii (except `,` and `/`) or valid utf-8 sequences",
    ],
    [
      checkTag,
      'a/b',
      "invalid tag 'a/b': expected printable ascii (except `,` and `/`) or valid utf-8 sequences",
    ],
    [checkHost, '::1', undefined],
    [checkHost, 'h:80', 'must not have a port'],
    [checkHost, 'h:99999', 'must not have a port'],
    [checkHost, 'a b', 'invalid value: a b'],
    [checkHostPort, 'h:80', undefined],
    [checkHostPort, 'h:99999', 'invalid port number'],
    [checkWildcardHost, '*.h:80', undefined],
    [checkWildcardHost, '*.a_b-', 'invalid hostname: *.a_b-'],
    [checkSni, 'h.test', undefined],
    [checkSni, '1.2.3.4', 'must not be an IP'],
    [checkSni, 'h:80', 'must not have a port'],
    [checkWildcardSni, '*', undefined],
    [checkWildcardSni, '*.h', undefined],
    [checkWildcardSni, 'h.*', undefined],
    [checkWildcardSni, 'a.*.b', 'wildcard must be leftmost or rightmost character'],
    [checkWildcardSni, '*.a.*', 'only one wildcard must be specified'],
    [checkWildcardSni, 'a.*.*', 'wildcard must be leftmost or rightmost character'],
    [checkPath, '/a;b=1,@:%20', undefined],
    [
      checkPath,
      '/a b',
      "invalid path: '/a b' (characters outside of the reserved list of RFC 3986 found)",
    ],
    [checkPath, '/%zz', "invalid url-encoded value: '%zz'"],
    [checkPath, '/%4', "invalid url-encoded value: '%4'"],
    [checkPath, '/%%41', "invalid url-encoded value: '%__'"],
    [checkHeaderName, 'X-A_1', undefined],
    [
      checkHeaderName,
      'x a',
      "bad header name 'x a', allowed characters are A-Z, a-z, 0-9, '_', and '-'",
    ],
    [checkCookieName, 'a!b', undefined],
    [checkIpOrRange, '10.0.0.0/8', undefined],
    [checkIpOrRange, 'x', "invalid ip or cidr range: 'x'"],
    [checkIpOrRange, '0.0.0.0/0', undefined],
    [checkIpOrRange, '0001::0/10', undefined],
    [checkIpOrRange, '::ffff:10.0.0.1', undefined],
    [checkIpOrRange, '010.0.0.1', "invalid ip or cidr range: '010.0.0.1'"],
    [checkIpOrRange, '10.0.0.01', "invalid ip or cidr range: '10.0.0.01'"],
    [checkIpOrRange, '::ffff:010.0.0.1', "invalid ip or cidr range: '::ffff:010.0.0.1'"],
    [checkIpOrRange, '10.0.0.0/08', "invalid ip or cidr range: '10.0.0.0/08'"],
  ])('%o of %j', (check, text, error) => {
    expect(check(text)).toBe(error)
  })

  it('refuses a cookie name that is no token', () => {
    expect(checkCookieName('a=b')).toContain('invalid characters')
  })
})
