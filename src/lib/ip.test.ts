import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandIpv6, inRange, isIpv4, isIpv6, parseIp, parseIpRange, UNIX_PEERS } from './ip.ts'

describe('parseIp', () => {
  it.each([
    { text: '10.1.2.3', version: 4, bytes: [10, 1, 2, 3] },
    { text: '010.001.02.3', version: 4, bytes: [10, 1, 2, 3] },
    { text: '255.255.255.255', version: 4, bytes: [255, 255, 255, 255] },
    { text: '::ffff:10.1.2.3', version: 4, bytes: [10, 1, 2, 3] },
    { text: '::ffff:a01:203', version: 4, bytes: [10, 1, 2, 3] },
    { text: '::1', version: 6, bytes: [...new Array(15).fill(0), 1] },
    { text: '::', version: 6, bytes: new Array(16).fill(0) },
    { text: '1::', version: 6, bytes: [0, 1, ...new Array(14).fill(0)] },
    {
      text: '2001:DB8::8:800:200c:417a',
      version: 6,
      bytes: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 8, 8, 0, 0x20, 0xc, 0x41, 0x7a],
    },
    {
      text: '64:ff9b::1.2.3.4',
      version: 6,
      bytes: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4],
    },
  ])('reads $text', ({ text, version, bytes }) => {
    expect(parseIp(text)).toEqual({ version, bytes })
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.999',
    '1.2.3.0004',
    '1.2.3.-4',
    '1.2.3. 4',
    '0x7f.0.0.1',
    '1.2.3.4 ',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '12345::',
    'g::1',
    '::1.2.3.256',
    '1.2.3.4::1',
    'fe80::1%eth0',
    '[::1]',
  ])('refuses "%s"', (text) => {
    expect(parseIp(text)).toBeUndefined()
  })
})

it.each([
  { text: '::1', full: '0000:0000:0000:0000:0000:0000:0000:0001' },
  { text: '[::1]', full: '0000:0000:0000:0000:0000:0000:0000:0001' },
  { text: '1:2:3:4:5:6:7:8', full: '0001:0002:0003:0004:0005:0006:0007:0008' },
  { text: '::ffff:1.2.3.4', full: '0000:0000:0000:0000:0000:ffff:0102:0304' },
  { text: 'FE80::a', full: 'fe80:0000:0000:0000:0000:0000:0000:000a' },
  { text: 'not an address', full: 'not an address' },
])('expands $text', ({ text, full }) => {
  expect(expandIpv6(text)).toBe(full)
})

it('tells the versions apart', () => {
  expect([isIpv4('1.2.3.4'), isIpv4('1.2.3.256'), isIpv4('::1')]).toEqual([true, false, false])
  expect([isIpv6('[::1]'), isIpv6('::1'), isIpv6('1.2.3.4')]).toEqual([true, true, false])
})

it.each([
  { range: '10.0.0.0/8', ip: '10.255.1.1', inside: true },
  { range: '10.0.0.0/8', ip: '11.0.0.1', inside: false },
  { range: '10.0.0.0/8', ip: '::ffff:10.1.1.1', inside: true },
  { range: '192.168.1.129/25', ip: '192.168.1.200', inside: true },
  { range: '192.168.1.129/25', ip: '192.168.1.100', inside: false },
  { range: '127.0.0.1', ip: '127.0.0.1', inside: true },
  { range: '127.0.0.1', ip: '127.0.0.2', inside: false },
  { range: '0.0.0.0/0', ip: '8.8.8.8', inside: true },
  { range: '0.0.0.0/0', ip: '::1', inside: false },
  { range: '::/0', ip: '::1', inside: true },
  { range: '::/0', ip: '1.1.1.1', inside: false },
  { range: '2001:db8::/33', ip: '2001:db8:7fff::1', inside: true },
  { range: '2001:db8::/33', ip: '2001:db8:8000::1', inside: false },
  { range: '::ffff:10.0.0.0/104', ip: '10.9.9.9', inside: true },
  { range: '10.0.0.0/8', ip: '10.0.0.256', inside: false },
  { range: '10.0.0.0/8', ip: '', inside: false },
])('$ip in $range is $inside', ({ range, ip, inside }) => {
  const parsed = parseIpRange(range)
  expect(parsed === undefined ? undefined : inRange(parsed, ip)).toBe(inside)
})

it.each(['', '/', '1.2.3.4/', '1.2.3.4/33', '::1/129', '1.2.3.4/-1', '1.2.3.4/8/8', 'a/8'])(
  'refuses the range "%s"',
  (text) => {
    expect(parseIpRange(text)).toBeUndefined()
  },
)

it('reads what it expands', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      expect(isIpv6(text)).toBe(true)
      expect(parseIp(expandIpv6(text))).toEqual(parseIp(text))
    }),
  )
})

it('takes no address for a socket in the file system', () => {
  expect(inRange(UNIX_PEERS, 'unix:')).toBe(true)
  expect(inRange(UNIX_PEERS, '127.0.0.1')).toBe(false)
  expect(parseIpRange('unix:')).toBeUndefined()
})
