import { describe, expect, it } from 'vitest'
import { parseListens, parseStreamListens, urlOf } from './listen.ts'

const PLAIN = { ssl: false, http2: false, proxyProtocol: false }

describe('parseListens', () => {
  it.each([
    ['off', []],
    ['off, 127.0.0.1:9000', []],
    ['offshore.test:9000', [{ ...PLAIN, host: 'offshore.test', port: 9000 }]],
    ['ssl.test:9000', [{ ...PLAIN, host: 'ssl.test', port: 9000 }]],
    [
      '[::]:8000 ipv6only=on so_keepalive=30m::10 bind, [::]:8001 so_keepalive=off ipv6only=off',
      [
        { ...PLAIN, host: '::', port: 8000 },
        { ...PLAIN, host: '::', port: 8001, dualStack: true },
      ],
    ],
    ['127.0.0.1:8000', [{ ...PLAIN, host: '127.0.0.1', port: 8000 }]],
    [
      '0.0.0.0:8000 reuseport backlog=16384, [::1]:8443 ssl',
      [
        { ...PLAIN, host: '0.0.0.0', port: 8000, backlog: 16384 },
        { ...PLAIN, host: '::1', port: 8443, ssl: true },
      ],
    ],
    [
      '127.0.0.1:8443 http2 ssl proxy_protocol, unix:/run/proxy.sock http2',
      [
        { host: '127.0.0.1', port: 8443, ssl: true, http2: true, proxyProtocol: true },
        { ...PLAIN, host: '', port: 0, path: '/run/proxy.sock', http2: true },
      ],
    ],
  ])('reads %s', (text, listens) => {
    expect(parseListens('proxy_listen', text)).toEqual({ listens, errors: [] })
  })

  it.each([
    ['proxy_listen', parseListens],
    ['stream_listen', parseStreamListens],
  ])('refuses in %s a PROXY protocol header of clients without an address', (name, parse) => {
    const text = '127.0.0.1:8000, unix:/run/a.sock proxy_protocol'
    expect(parse(name, text).errors).toEqual([
      `${name}: proxy_protocol in "unix:/run/a.sock proxy_protocol" goes with no path, only with address:port`,
    ])
  })

  it('reads stream listeners', () => {
    const text = '127.0.0.1:9000, 127.0.0.1:9443 ssl proxy_protocol, [::]:9000 udp, unix:/a.sock'
    expect(parseStreamListens('stream_listen', text)).toEqual({
      listens: [
        { ...PLAIN, host: '127.0.0.1', port: 9000 },
        { ...PLAIN, host: '127.0.0.1', port: 9443, ssl: true, proxyProtocol: true },
        { ...PLAIN, host: '::', port: 9000, udp: true },
        { ...PLAIN, host: '', port: 0, path: '/a.sock' },
      ],
      errors: [],
    })
  })

  it.each([
    ['127.0.0.1:9000 http2', '"http2" of'],
    ['127.0.0.1:9000 ssl udp', 'udp in'],
    ['127.0.0.1:9000 udp proxy_protocol', 'udp in'],
    ['unix:/a.sock udp', 'udp in'],
    ['unix:/a.sock ssl', 'ssl in'],
    ['127.0.0.1 udp', 'cannot read'],
  ])('refuses the stream listener %s', (text, reason) => {
    const { errors } = parseStreamListens('stream_listen', text)
    expect(errors).toEqual([expect.stringContaining(`stream_listen: ${reason}`)])
    expect(parseListens('proxy_listen', '127.0.0.1:8000 udp').errors).toHaveLength(1)
  })

  it('shows an address as a URL', () => {
    expect(urlOf({ ...PLAIN, host: '0.0.0.0', port: 8000 })).toBe('http://localhost:8000')
    expect(urlOf({ ...PLAIN, host: '::1', port: 8443, ssl: true })).toBe('https://[::1]:8443')
    expect(urlOf({ ...PLAIN, host: '', port: 0, path: '/run/a.sock' })).toBe('unix:/run/a.sock')
  })
})
