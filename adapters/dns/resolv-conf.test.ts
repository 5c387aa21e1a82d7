import { describe, expect, it } from 'vitest'
import { parseResolvConf, parseServer, parseServers } from './resolv-conf.ts'

const EMPTY = { servers: [], search: [], ndots: 1, timeout: undefined, attempts: undefined }

describe('resolv.conf', () => {
  it.each([
    { rule: 'is empty', text: '', read: EMPTY },
    {
      rule: 'names servers in order',
      text: 'nameserver 10.0.0.1\nnameserver\t10.0.0.2  \nnameserver 2001:db8::1\n',
      read: {
        ...EMPTY,
        servers: [
          { host: '10.0.0.1', port: 53 },
          { host: '10.0.0.2', port: 53 },
          { host: '2001:db8::1', port: 53 },
        ],
      },
    },
    {
      rule: 'has comments and what means nothing',
      text: '# nameserver 10.0.0.9\n; x\nnameserver 10.0.0.1 # mine\nnameserver dns.example\nsortlist 1\r\n',
      read: { ...EMPTY, servers: [{ host: '10.0.0.1', port: 53 }] },
    },
    {
      rule: 'has search domains, the last line counts',
      text: 'search a.example\nsearch Svc.Cluster.local. cluster.local\n',
      read: { ...EMPTY, search: ['svc.cluster.local', 'cluster.local'] },
    },
    {
      rule: 'has a domain of its own',
      text: 'search a.example b.example\ndomain c.example',
      read: { ...EMPTY, search: ['c.example'] },
    },
    {
      rule: 'has options',
      text: 'options ndots:5 timeout:1 edns0\noptions attempts:3 timeout:x',
      read: { ...EMPTY, ndots: 5, timeout: 1000, attempts: 3 },
    },
    {
      rule: 'has options beyond all measure',
      text: 'options ndots:99 timeout:9999 attempts:0',
      read: { ...EMPTY, ndots: 15, timeout: 30_000, attempts: 1 },
    },
    {
      rule: 'has a timeout of nothing',
      text: 'options timeout:0',
      read: EMPTY,
    },
    {
      rule: 'has the root for a search domain',
      text: 'search .',
      read: EMPTY,
    },
    {
      rule: 'has the root for its domain',
      text: 'search a.example\ndomain .',
      read: EMPTY,
    },
  ])('$rule', ({ text, read }) => {
    expect(parseResolvConf(text)).toEqual(read)
  })
})

it.each([
  ['10.0.0.1', { host: '10.0.0.1', port: 53 }],
  ['10.0.0.1:5353', { host: '10.0.0.1', port: 5353 }],
  ['[2001:db8::1]:5353', { host: '2001:db8::1', port: 5353 }],
  ['[::1]', { host: '::1', port: 53 }],
  ['::1', { host: '::1', port: 53 }],
  ['fe80::1%eth0', { host: 'fe80::1%eth0', port: 53 }],
  ['0.0.0.0', { host: '127.0.0.1', port: 53 }],
  ['dns.example', undefined],
  ['10.0.0.1:0', undefined],
  ['10.0.0.1:70000', undefined],
  ['', undefined],
])('reads the server "%s"', (text, server) => {
  expect(parseServer(text)).toEqual(server)
})

it('reads a list of servers, and names the one that is none', () => {
  expect(parseServers('10.0.0.1, 10.0.0.2:54,')).toEqual([
    { host: '10.0.0.1', port: 53 },
    { host: '10.0.0.2', port: 54 },
  ])
  expect(() => parseServers('10.0.0.1,dns.example')).toThrow('"dns.example"')
})
