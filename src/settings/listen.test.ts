import { describe, expect, it } from 'vitest'
import { parseListens, urlOf } from './listen.ts'

describe('parseListens', () => {
  it.each([
    ['off', []],
    ['127.0.0.1:8000', [{ host: '127.0.0.1', port: 8000, ssl: false }]],
    [
      '0.0.0.0:8000 reuseport backlog=16384, [::1]:8443 ssl',
      [
        { host: '0.0.0.0', port: 8000, ssl: false, backlog: 16384 },
        { host: '::1', port: 8443, ssl: true },
      ],
    ],
  ])('reads %s', (text, listens) => {
    expect(parseListens('proxy_listen', text)).toEqual({ listens, errors: [] })
  })

  it('shows an address as a URL', () => {
    expect(urlOf({ host: '0.0.0.0', port: 8000, ssl: false })).toBe('http://localhost:8000')
    expect(urlOf({ host: '::1', port: 8443, ssl: true })).toBe('https://[::1]:8443')
  })
})
