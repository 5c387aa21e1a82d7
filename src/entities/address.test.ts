import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from './address.ts'

describe('parseAddress', () => {
  it.each([
    ['h.test', 'name', 'h.test:8000'],
    ['H.Test:81', 'name', 'H.Test:81'],
    ['under_score', 'name', 'under_score:8000'],
    ['-x', 'name', '-x:8000'],
    ['x.', 'name', 'x.:8000'],
    ['h:0', 'name', 'h:0'],
    ['1.2.3.4', 'ipv4', '1.2.3.4:8000'],
    ['001.002.003.004:80', 'ipv4', '1.2.3.4:80'],
    ['::1', 'ipv6', '[0000:0000:0000:0000:0000:0000:0000:0001]:8000'],
    ['[::AB]:80', 'ipv6', '[0000:0000:0000:0000:0000:0000:0000:00ab]:80'],
  ])('reads %s as a %s, %s', (text, kind, formatted) => {
    const address = parseAddress(text)
    expect(address.kind).toBe(kind)
    expect(address.kind !== 'invalid' && formatAddress(address, 8000)).toBe(formatted)
  })

  it.each([
    ['h:70000', 'invalid port number'],
    ['[::1]:70000', 'invalid port number'],
    ['1.2.3.444', 'invalid ipv4 address: 1.2.3.444'],
    ['1.2.3.444:80', 'invalid ipv4 address: 1.2.3.444:80'],
    ['1.2.3.444:70000', 'invalid ipv4 address: 1.2.3.444:70000'],
    ['1.2.3.4:70000', 'invalid port number'],
    ['1.2.3.4:', 'invalid ipv4 address: 1.2.3.4:'],
    [':80', 'invalid ipv4 address: :80'],
    ['::1.2.3.4', 'invalid ipv6 address: ::1.2.3.4'],
    ['[::ffff:1.2.3.4]:80', 'invalid ipv6 address: [::ffff:1.2.3.4]:80'],
    ['[h]:80', 'invalid hostname: [h]:80'],
    ['::1::', 'invalid ipv6 address: ::1::'],
    ['[::1', 'invalid ipv6 address: [::1'],
    ['[::1]x', 'invalid ipv6 address: [::1]x'],
    ['a b', 'invalid hostname: a b'],
    ['x-', 'invalid hostname: x-'],
    ['.x', 'invalid hostname: .x'],
    ['a..b', 'invalid hostname: a..b'],
    ['h:port', 'invalid hostname: h:port'],
    ['', 'invalid hostname: '],
  ])('refuses %j', (text, error) => {
    expect(parseAddress(text)).toEqual({ kind: 'invalid', error })
  })
})
