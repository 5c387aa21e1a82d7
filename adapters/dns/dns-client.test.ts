import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../../src/ports/resolver.ts'
import { type FakeServer, openFakeServer, type Reaction } from '../../test/dns/fake-server.ts'
import { createDnsClient } from './dns-client.ts'

let server: FakeServer
let second: FakeServer

beforeEach(async () => {
  server = await openFakeServer()
  second = await openFakeServer()
})
afterEach(async () => {
  await Promise.all([server.close(), second.close()])
})

function client({ timeout = 2_000, attempts = 1, servers = [server] } = {}) {
  return createDnsClient(async () => ({ servers, timeout, attempts }))
}

function values(answer: Answer): unknown {
  if (!answer.ok) return answer.reason
  return answer.records.map((one) => ('address' in one ? one.address : one.target))
}

describe('a DNS client', () => {
  it('gives all records with their TTL, weight, port and priority', async () => {
    server.set('shop.example', 'SRV', [
      { type: 'SRV', value: 'a.example', port: 81, priority: 1, weight: 3, ttl: 7 },
      { type: 'SRV', value: 'b.example', port: 82, priority: 2, weight: 0 },
    ])
    expect(await client()('shop.example', 'SRV')).toEqual({
      ok: true,
      extra: [],
      records: [
        {
          type: 'SRV',
          name: 'shop.example',
          ttl: 7,
          priority: 1,
          weight: 3,
          port: 81,
          target: 'a.example',
        },
        {
          type: 'SRV',
          name: 'shop.example',
          ttl: 60,
          priority: 2,
          weight: 0,
          port: 82,
          target: 'b.example',
        },
      ],
    })
  })

  it.each<{ rule: string; reaction: Reaction; gives: string }>([
    { rule: 'no such name', reaction: { code: 3 }, gives: 'nxdomain' },
    { rule: 'none of the type', reaction: {}, gives: 'empty' },
    { rule: 'a server in trouble', reaction: { code: 2 }, gives: 'servfail' },
    { rule: 'a server that cannot read it', reaction: { code: 1 }, gives: 'servfail' },
    { rule: 'a server that will not', reaction: { code: 5 }, gives: 'refused' },
  ])('tells of $rule: $gives', async ({ reaction, gives }) => {
    server.set('a.example', 'A', reaction)
    expect(values(await client()('a.example', 'A'))).toBe(gives)
  })

  it('tells of a server that says nothing, and asks it as often as it may', async () => {
    server.otherwise({ silent: true })
    const answer = await client({ timeout: 30, attempts: 3 })('a.example', 'A')
    expect(values(answer)).toBe('timeout')
    expect(server.asked).toHaveLength(3)
  })

  it('tells of a port where nobody is', async () => {
    const { host, port } = await openFakeServer().then(async (gone) => {
      await gone.close()
      return gone
    })
    const answer = await client({ servers: [{ ...server, host, port }] })('a.example', 'A')
    expect(values(answer)).toBe('refused')
  })

  it('asks by TCP for what does not fit', async () => {
    const answers = Array.from({ length: 300 }, (_, i) => ({
      type: 'A' as const,
      value: `10.0.${i >> 8}.${i & 255}`,
    }))
    server.set('many.example', 'A', { truncated: true, answers })
    const answer = await client()('many.example', 'A')
    expect(answer.ok && answer.records.length).toBe(300)
    expect(server.asked.map(({ by }) => by)).toEqual(['udp', 'tcp'])
  })

  it('does not take half an answer for a whole one', async () => {
    server.set('a.example', 'A', {
      truncated: true,
      cut: true,
      answers: [{ type: 'A', value: '10.0.0.1' }],
    })
    expect(values(await client()('a.example', 'A'))).toBe('servfail')
  })

  it('passes over what does not answer its question', async () => {
    const forged = [{ type: 'A' as const, value: '6.6.6.6' }]
    server.set('a.example', 'A', {
      answers: [{ type: 'A', value: '10.0.0.1' }],
      forged: ({ id }) => [
        { id: (id + 1) & 0xffff, answers: forged },
        { name: 'b.example', answers: forged },
        { type: 28, answers: forged },
        { noQuestion: true, answers: forged },
        { noQuestion: true, code: 3 },
        { isQuery: true, answers: forged },
        Uint8Array.of(1, 2, 3),
        new Uint8Array(600).fill(0xc0),
      ],
    })
    expect(values(await client()('a.example', 'A'))).toEqual(['10.0.0.1'])
  })

  it('passes over what comes from another port', async () => {
    server.set('a.example', 'A', {
      answers: [{ type: 'A', value: '10.0.0.1' }],
      stranger: [{ type: 'A', value: '6.6.6.6' }],
    })
    expect(values(await client()('a.example', 'A'))).toEqual(['10.0.0.1'])
  })

  it('hears a server that cannot even read the question', async () => {
    server.set('a.example', 'A', { forged: () => [{ noQuestion: true, code: 1 }] })
    expect(values(await client()('a.example', 'A'))).toBe('servfail')
  })

  it('minds no case', async () => {
    server.set('Shop.Example', 'A', [{ type: 'A', value: '10.0.0.1' }])
    expect(values(await client()('Shop.Example', 'A'))).toEqual(['10.0.0.1'])
  })

  it('draws another number and another port for each question', async () => {
    server.set('a.example', 'A', [{ type: 'A', value: '10.0.0.1' }])
    const ask = client()
    for (let i = 0; i < 8; i++) await ask('a.example', 'A')
    expect(new Set(server.asked.map(({ id }) => id)).size).toBeGreaterThan(4)
    expect(new Set(server.asked.map(({ fromPort }) => fromPort)).size).toBeGreaterThan(4)
  })

  it.each<{ rule: string; first: Reaction }>([
    { rule: 'says nothing', first: { silent: true } },
    { rule: 'is in trouble', first: { code: 2 } },
    { rule: 'will not answer', first: { code: 5 } },
  ])('asks the next server when one $rule, and that one first from then on', async ({ first }) => {
    server.otherwise(first)
    second.set('a.example', 'A', [{ type: 'A', value: '10.0.0.2' }])
    const ask = client({ timeout: 100, servers: [server, second] })
    expect(values(await ask('a.example', 'A'))).toEqual(['10.0.0.2'])
    expect(values(await ask('a.example', 'A'))).toEqual(['10.0.0.2'])
    expect(server.asked).toHaveLength(1)
    expect(second.asked).toHaveLength(2)
  })

  it('believes the first server that there is no such name', async () => {
    second.set('a.example', 'A', [{ type: 'A', value: '10.0.0.2' }])
    const ask = client({ servers: [server, second] })
    expect(values(await ask('a.example', 'A'))).toBe('nxdomain')
    expect(second.asked).toHaveLength(0)
  })

  it.each(['', '.', 'a..b', `${'a'.repeat(64)}.example`, 'a b.example', 'ä.example'])(
    'asks nobody for "%s", which no name can be',
    async (name) => {
      expect(values(await client()(name, 'A'))).toBe('nxdomain')
      expect(server.asked).toHaveLength(0)
    },
  )
})
