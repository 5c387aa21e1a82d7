import { describe, expect, it } from 'vitest'
import { needsProxy, proxyAt, proxyOfUrl } from './http-proxy.ts'

describe('the proxy of a URL', () => {
  it.each([
    ['http://p.test', { host: 'p.test', port: 80 }],
    ['http://p.test:3128/x?y', { host: 'p.test', port: 3128 }],
    ['http://[2001:db8::1]:80', { host: '2001:db8::1', port: 80 }],
    ['http://me:pw@p', { host: 'p', port: 80, authorization: 'Basic bWU6cHc=' }],
    ['http://me@p', { host: 'p', port: 80, authorization: 'Basic bWU6' }],
    ['http://%C3%A4:%3A%40@p', { host: 'p', port: 80, authorization: 'Basic w6Q6OkA=' }],
    ['http://p:65536', undefined],
    ['http://%ff@p', undefined],
    ['http://a b', undefined],
  ])('%s is %j', (url, proxy) => {
    expect(proxyOfUrl(url)).toEqual(proxy)
  })
})

it('is at an address with or without brackets', () => {
  expect([proxyAt('[::1]', 1), proxyAt('::1', 1)].map(({ host }) => host)).toEqual(['::1', '::1'])
})

it.each([
  {
    caps: {},
    config: { b: 'p' },
    said: 'b is not supported on this runtime, which makes no calls by a proxy',
  },
  {
    caps: { proxy: false },
    config: { a: 'p' },
    said: 'a is not supported on this runtime, which makes no calls by a proxy',
  },
  { caps: {}, config: { a: null, c: 'p' }, said: undefined },
  { caps: { proxy: true }, config: { a: 'p' }, said: undefined },
])('needs a runtime that can: $caps with $config', ({ caps, config, said }) => {
  expect(needsProxy(caps, config, 'a', 'b')).toBe(said)
})
