import { describe, expect, it } from 'vitest'
import { headerOf } from '../../src/lib/header-list.ts'
import { clientRequestOf } from './request.ts'

/** A request as workerd makes it: its URL is the Host header and the target, unchecked. */
function requestOf(
  url: string,
  parts: { host?: string; headers?: Record<string, string>; cf?: object } = {},
): Request {
  const headers = { host: parts.host ?? 'a.example', ...parts.headers }
  const request = new Request('http://stand.in/', { headers })
  return Object.defineProperties(request, { url: { value: url }, cf: { value: parts.cf } })
}

describe('a Worker request', () => {
  it.each([
    ['http://a.example/a/../b%2e//c?x=1', '/a/../b%2e//c?x=1'],
    ['http://a.example/é', '/\xc3\xa9'],
    ['http://a.example?q', '/?q'],
    ['http://a.example', '/'],
    ['http://a.example*', '*'],
    ['http://A.EXAMPLE/x', '/x'],
    ['https://other.example/x', '/x'],
  ])('keeps the target of %s as %s', (url, target) => {
    expect(clientRequestOf(requestOf(url), { port: 8000 })?.target).toBe(target)
  })

  it.each(['a/b', 'user@a', 'a?q', 'a#f', 'a\\b', 'a, b'])('refuses the Host %s', (host) => {
    expect(clientRequestOf(requestOf(`http://${host}/x`, { host }), { port: 8000 })).toBeUndefined()
  })

  it('joins cookies again as they were sent', () => {
    const request = requestOf('http://a.example/', { headers: { cookie: 'a=1, b=2' } })
    const client = clientRequestOf(request, { port: 8000 })
    expect(headerOf(client?.headers ?? [], 'cookie')).toBe('a=1; b=2')
  })

  it.each([
    { cf: { clientIp: '1.2.3.4:99' }, forged: '9.9.9.9', ip: '1.2.3.4', port: 99 },
    { cf: { clientIp: '[::1]:99' }, forged: '9.9.9.9', ip: '::1', port: 99 },
    { cf: {}, forged: '9.9.9.9', ip: '9.9.9.9', port: 0 },
  ])('takes the address $ip', ({ cf, forged, ip, port }) => {
    const headers = { 'cf-connecting-ip': forged }
    const client = clientRequestOf(requestOf('http://a.example/', { headers, cf }), { port: 8000 })
    expect([client?.ip, client?.port]).toEqual([ip, port])
  })

  it.each([
    { url: 'http://a.example/', given: 8000, port: 8000 },
    { url: 'http://a.example/', given: undefined, port: 80 },
    { url: 'https://a.example/', given: undefined, port: 443 },
  ])('names the port $port', ({ url, given, port }) => {
    expect(clientRequestOf(requestOf(url), { port: given })?.localPort).toBe(port)
  })
})
