import { describe, expect, it } from 'vitest'
import type { RouteRule } from './router.ts'
import { type Connection, matchStream } from './stream.ts'

function rule(fields: Partial<RouteRule>): RouteRule {
  return {
    id: '00000000-0000-4000-8000-000000000000',
    protocols: ['tcp', 'tls', 'udp'],
    methods: null,
    hosts: null,
    paths: null,
    snis: null,
    headers: null,
    regex_priority: null,
    ...fields,
  }
}

const CONNECTION: Connection = {
  protocol: 'tcp',
  sourceIp: '10.1.2.3',
  sourcePort: 40_000,
  destinationIp: '192.0.2.1',
  destinationPort: 9000,
}

const TLS: Partial<Connection> = { protocol: 'tls', sni: 'db.example.com' }

describe('one stream route', () => {
  it.each([
    {
      route: { sources: [{ ip: '10.0.0.0/8' }] },
      yes: [{}, { protocol: 'udp' }],
      no: [{ sourceIp: '11.0.0.1' }],
    },
    {
      route: { sources: [{ ip: '10.1.2.3', port: 40_000 }, { port: 1 }] },
      yes: [{}, { sourceIp: '::1', sourcePort: 1 }],
      no: [{ sourcePort: 2 }, { sourceIp: '10.1.2.4' }],
    },
    {
      route: { destinations: [{ port: 9000 }], sources: [{ ip: '10.1.2.3' }] },
      yes: [{}],
      no: [{ destinationPort: 9001 }, { sourceIp: '10.1.2.4' }],
    },
    { route: { destinations: [{ ip: 'x' }] }, yes: [], no: [{}] },
    {
      route: { snis: ['db.example.com.', '*.test'] },
      yes: [TLS, { ...TLS, sni: 'db.example.com.' }, { ...TLS, sni: 'a.test' }, {}],
      no: [{ ...TLS, sni: 'x.com' }, { protocol: 'tls' }],
    },
    { route: { protocols: ['http'], snis: ['a'] }, yes: [], no: [{}] },
    { route: {}, yes: [], no: [{}] },
  ] satisfies {
    route: Partial<RouteRule>
    yes: Partial<Connection>[]
    no: Partial<Connection>[]
  }[])('$route takes $yes and not $no', ({ route, yes, no }) => {
    const find = matchStream([rule(route)])
    for (const given of yes) {
      expect([given, find({ ...CONNECTION, ...given }) !== undefined]).toEqual([given, true])
    }
    for (const given of no) {
      expect([given, find({ ...CONNECTION, ...given }) !== undefined]).toEqual([given, false])
    }
  })

  it('knows no wildcard names in the flavour traditional', () => {
    const find = matchStream([rule({ snis: ['*.test', 'a.test'] })], 'traditional')
    expect(find({ ...CONNECTION, protocol: 'tls', sni: 'b.test' })).toBeUndefined()
    expect(find({ ...CONNECTION, protocol: 'tls', sni: 'a.test' })).toBeDefined()
  })

  it.each([
    { protocols: ['tcp'], taken: ['tcp'] },
    { protocols: ['tcp', 'tls'], taken: ['tcp', 'tls'] },
    { protocols: ['tls'], taken: ['tcp', 'tls', 'udp'] },
  ])('takes $taken as $protocols in the flavour expressions', ({ protocols, taken }) => {
    const fields = [{ expression: 'net.dst.port == 9000' }, { destinations: [{ port: 9000 }] }]
    for (const field of fields) {
      const find = matchStream([rule({ protocols, ...field })], 'expressions')
      const all = (['tcp', 'tls', 'udp'] as const).filter((protocol) => {
        return find({ ...CONNECTION, protocol }) !== undefined
      })
      expect(all).toEqual(taken)
    }
  })
})

describe('which stream route wins', () => {
  const low = '00000000-0000-4000-8000-000000000001'
  const high = 'f0000000-0000-4000-8000-000000000001'
  const ip = { ip: '10.1.2.3' }
  const range = { ip: '10.0.0.0/8' }
  const there = { ip: '192.0.2.1' }

  it.each([
    { winner: { snis: ['db.example.com'] }, loser: { sources: [{ ...ip, port: 40_000 }] } },
    { winner: { sources: [range], destinations: [{ port: 9000 }] }, loser: { sources: [ip] } },
    { winner: { sources: [ip] }, loser: { sources: [{ port: 40_000 }] } },
    { winner: { sources: [{ port: 40_000 }] }, loser: { sources: [range] } },
    { winner: { sources: [range] }, loser: { destinations: [{ ...there, port: 9000 }] } },
  ])('$winner over $loser', ({ winner, loser }) => {
    const routes = [rule({ ...winner, id: low }), rule({ ...loser, id: high })]
    for (const order of [routes, routes.toReversed()]) {
      expect(matchStream(order)({ ...CONNECTION, ...TLS })?.id).toBe(low)
    }
  })

  it('is the larger id, or in traditional the older', () => {
    const routes = [
      rule({ id: low, sources: [ip], created_at: 2 }),
      rule({ id: high, sources: [ip], created_at: 3 }),
    ]
    expect(matchStream(routes)(CONNECTION)?.id).toBe(high)
    expect(matchStream(routes, 'traditional')(CONNECTION)?.id).toBe(low)
  })

  it('is in traditional the one that asks for more, then by SNI, source, destination', () => {
    const routes = [
      rule({ id: '1', sources: [range], destinations: [there] }),
      rule({ id: '2', snis: ['db.example.com'] }),
      rule({ id: '3', sources: [ip] }),
      rule({ id: '4', destinations: [there] }),
    ]
    for (let i = 0; i < routes.length; i++) {
      const find = matchStream(routes.slice(i).toReversed(), 'traditional')
      expect(find({ ...CONNECTION, ...TLS })?.id).toBe(routes[i]?.id)
    }
  })

  it('is in expressions the higher priority, and any expression before fields', () => {
    const expression = 'net.src.ip in 10.0.0.0/8 && tls.sni == "db.example.com"'
    const routes = [
      rule({ id: low, expression, priority: 2 }),
      rule({ id: high, expression, priority: 1 }),
      rule({ id: high, snis: ['db.example.com'], sources: [ip], destinations: [there] }),
      rule({ id: high, expression: 'http.path == "/"', priority: 9 }),
    ]
    const find = matchStream(routes.toReversed(), 'expressions')
    expect(find({ ...CONNECTION, ...TLS })).toBe(routes[0])
    expect(find(CONNECTION)).toBe(routes[2])
  })
})
