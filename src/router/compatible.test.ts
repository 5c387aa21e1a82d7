import { describe, expect, it } from 'vitest'
import { MATCH_CALCULATIONS, type MatchCalculation } from '../lib/match-calculation.ts'
import { request, rule } from './asking.fixture.ts'
import { buildCompatibleRouter } from './compatible.ts'
import type { RouteRule, RouterRequest } from './router.ts'

function matches(route: Partial<RouteRule>, asked: Partial<RouterRequest>): boolean {
  return buildCompatibleRouter([rule(route)]).match(request(asked)) !== undefined
}

describe('one route', () => {
  it.each([
    {
      route: { methods: ['GET', 'PUT'] },
      yes: [{ method: 'PUT' }],
      no: [{ method: 'POST' }, { method: 'get' }],
    },
    {
      route: { hosts: ['a.com'] },
      yes: [{ host: 'a.com' }, { host: 'a.com:1' }],
      no: [{ host: 'A.com' }, { host: '' }, { host: 'a.com.' }, { host: 'a.com:x' }],
    },
    {
      route: { hosts: ['a.com:8000'] },
      yes: [{ host: 'a.com' }, { host: 'a.com:8000', port: 1 }],
      no: [{ host: 'a.com:80' }, { host: 'a.com', port: 80 }],
    },
    {
      route: { hosts: ['*.a.com'] },
      yes: [{ host: 'x.a.com' }, { host: 'x.y.a.com:9' }],
      no: [{ host: 'a.com' }, { host: '.a.com' }, { host: 'xa.com' }],
    },
    {
      route: { hosts: ['a.*'] },
      yes: [{ host: 'a.com' }, { host: 'a.co.uk' }],
      no: [{ host: 'a.' }, { host: 'b.a.com' }, { host: 'ab.com' }],
    },
    { route: { hosts: ['*.a.com:81'] }, yes: [{ host: 'x.a.com:81' }], no: [{ host: 'x.a.com' }] },
    { route: { hosts: ['x', '[::1]'] }, yes: [{ host: '[::1]' }], no: [{ host: '[::1]:80' }] },
    {
      route: { paths: ['/rou'] },
      yes: [{ path: '/route' }, { path: '/rou' }],
      no: [{ path: '/ro' }, { path: '/x/rou' }],
    },
    {
      route: { paths: ['/größe'] },
      yes: [{ path: '/gr\xc3\xb6\xc3\x9fe/1' }],
      no: [{ path: '/gr' }],
    },
    {
      route: { paths: ['~/a\\d+$'] },
      yes: [{ path: '/a12' }],
      no: [{ path: '/a12/' }, { path: '/x/a1' }],
    },
    {
      route: { paths: ['~/größe.$'] },
      yes: [{ path: '/gr\xc3\xb6\xc3\x9fe\xc3\xb6' }],
      no: [{ path: '/gr' }],
    },
    { route: { paths: ['~/('] }, yes: [], no: [{ path: '/(' }] },
    {
      route: { headers: { 'X-V': ['One', 'two'] } },
      yes: [{ headers: ['x-v', 'oNE'] }, { headers: ['X-v', '3', 'x-V', 'TWO'] }],
      no: [{ headers: [] }, { headers: ['x-v', 'one, two'] }, { headers: ['x-w', 'one'] }],
    },
    {
      route: { headers: { 'X-A-B': ['1'] } },
      yes: [
        { headers: ['x-a-b', '1'] },
        { headers: ['X_A_B', '1'] },
        { headers: ['x-a-b', '2', 'x_a_b', '1'] },
        { headers: ['x_a_b', '2', 'x_a_b', '1'] },
      ],
      no: [
        { headers: ['x-a_b', '1'] },
        { headers: ['x-a-b', '1', 'x_a_b', '2'] },
        { headers: ['x_a_b', '2', 'x-a-b', '1'] },
      ],
    },
    {
      route: { headers: { x_a: ['1'] } },
      yes: [{ headers: ['x-a', '1'] }, { headers: ['x_a', '1'] }],
      no: [{ headers: ['x-a', '1', 'x_a', '2'] }],
    },
    {
      route: { headers: { a: ['1'], b: ['2'] } },
      yes: [{ headers: ['a', '1', 'b', '2'] }],
      no: [{ headers: ['a', '1'] }],
    },
    {
      route: { headers: { v: ['~*^x\\d', 'y'] } },
      yes: [{ headers: ['v', 'X1'] }, { headers: ['v', 'Y'] }],
      no: [{ headers: ['v', 'z'] }],
    },
    {
      route: { headers: { v: ['~*^X\\d'] } },
      yes: [{ headers: ['v', 'x1'] }, { headers: ['v', 'X2z'] }],
      no: [{ headers: ['v', '1x1'] }],
    },
    {
      route: { headers: { v: ['GRÖSSE'] } },
      yes: [{ headers: ['v', 'gr\xc3\xb6sse'] }],
      no: [{ headers: ['v', 'gr\xe3\xb6sse'] }],
    },
    {
      route: { snis: ['a.com.'] },
      yes: [
        { scheme: 'https', sni: 'a.com' },
        { scheme: 'https', sni: 'a.com.' },
        { scheme: 'http' },
      ],
      no: [{ scheme: 'https', sni: 'b.com' }, { scheme: 'https' }],
    },
    {
      route: { snis: ['*.a.com', 'b.*'] },
      yes: [
        { scheme: 'https', sni: 'x.a.com' },
        { scheme: 'https', sni: 'b.c' },
      ],
      no: [{ scheme: 'https', sni: 'a.com' }],
    },
    { route: { protocols: ['https'], paths: ['/'] }, yes: [{ scheme: 'http' }], no: [] },
    { route: { protocols: ['grpc'], paths: ['/'] }, yes: [{}], no: [] },
    { route: { protocols: ['tcp', 'tls'], snis: ['a.com'] }, yes: [], no: [{}] },
    {
      route: { methods: [], paths: ['/a'], hosts: [], snis: [], headers: {} },
      yes: [{ path: '/a' }],
      no: [{ path: '/b' }],
    },
    { route: {}, yes: [], no: [{}] },
  ] satisfies {
    route: Partial<RouteRule>
    yes: Partial<RouterRequest>[]
    no: Partial<RouterRequest>[]
  }[])('$route takes $yes and not $no', ({ route, yes, no }) => {
    for (const asked of yes) expect([asked, matches(route, asked)]).toEqual([asked, true])
    for (const asked of no) expect([asked, matches(route, asked)]).toEqual([asked, false])
  })

  it('tells the prefix and, of a regex, the captures', () => {
    const router = buildCompatibleRouter([rule({ paths: ['~/no', '~/u/(?<id>[^/]+)', '/plain'] })])
    expect(router.match(request({ path: '/plain/x' }))).toMatchObject({
      prefix: '/plain',
      captures: undefined,
    })
    expect(router.match(request({ path: '/u/\xc3\xb6/x' }))).toMatchObject({
      prefix: '/u/\xc3\xb6',
      captures: { numbered: ['/u/ö', 'ö'] },
    })
  })

  it('has no prefix without paths', () => {
    expect(
      buildCompatibleRouter([rule({ hosts: ['a.com'] })]).match(request({}))?.prefix,
    ).toBeUndefined()
  })
})

describe('who wins', () => {
  const low = '00000000-0000-4000-8000-000000000001'
  const high = 'ffffffff-0000-4000-8000-000000000001'

  it.each([
    { why: 'more kinds', winner: { methods: ['GET'], paths: ['/'] }, loser: { hosts: ['a.com'] } },
    {
      why: 'more kinds over a longer path',
      winner: { methods: ['GET'], paths: ['/a'] },
      loser: { paths: ['/a/b'] },
    },
    { why: 'plain hosts', winner: { hosts: ['a.com'] }, loser: { paths: ['/a/b'] } },
    {
      why: 'plain hosts over wildcards',
      winner: { hosts: ['a.com'] },
      loser: { hosts: ['a.com', '*.com'] },
    },
    {
      why: 'plain hosts over more headers',
      winner: { hosts: ['a.com'], headers: { a: ['1'] } },
      loser: { hosts: ['a.*'], headers: { a: ['1'], b: ['2'] } },
    },
    {
      why: 'more header names',
      winner: { headers: { a: ['1'], b: ['2'] }, paths: ['/'] },
      loser: { headers: { a: ['1'] }, paths: ['~/a/b'] },
    },
    { why: 'a regex', winner: { paths: ['~/a'] }, loser: { paths: ['/a/b'] } },
    {
      why: 'regex priority',
      winner: { paths: ['~/a'], regex_priority: 2 },
      loser: { paths: ['~/a/b'], regex_priority: 1 },
    },
    {
      why: 'the longer path',
      winner: { paths: ['/a/b'] },
      loser: { paths: ['/a'], regex_priority: 9 },
    },
    {
      why: 'the longer path of a wildcard host',
      winner: { hosts: ['*.com'], paths: ['/a/b'] },
      loser: { methods: ['GET'], paths: ['/a'] },
    },
  ])('$why', ({ winner, loser }) => {
    const asked = request({ path: '/a/b', headers: ['a', '1', 'b', '2'] })
    const routes = [rule({ ...winner, id: low }), rule({ ...loser, id: high })]
    for (const order of [routes, routes.toReversed()]) {
      expect(buildCompatibleRouter(order).match(asked)?.route.id).toBe(low)
    }
  })

  const original: MatchCalculation[] = ['original']
  const strict: MatchCalculation[] = ['strict']
  const GET = { methods: ['GET'] }
  const A = { headers: { a: ['1'] } }
  const hosts = ['a.com']
  it.each([
    { in: original, winner: { hosts }, loser: { ...GET, paths: ['/a/b'] } },
    { in: strict, winner: { ...GET, paths: ['/a/b'] }, loser: { hosts } },
    { in: original, winner: { hosts, paths: ['/'] }, loser: { ...GET, ...A, paths: ['~/a'] } },
    { in: original, winner: { paths: ['~/a'] }, loser: { ...GET, ...A, paths: ['/a/b'] } },
    { in: strict, winner: { ...GET, ...A, paths: ['/a'] }, loser: { paths: ['~/a/b'] } },
    // Four kinds: bit 31 is set, and with it all above.
    {
      in: [...original, ...strict],
      winner: { hosts: ['*.com'], ...GET, ...A, paths: ['/'] },
      loser: { hosts, ...GET, paths: ['~/a/b'] },
    },
    {
      in: original,
      winner: { hosts: ['*.com'], ...GET, ...A, paths: ['/a'] },
      loser: { hosts, ...GET, ...A, paths: ['~/a/b'] },
    },
    {
      in: strict,
      winner: { hosts, ...GET, ...A, paths: ['~/a/b'] },
      loser: { hosts: ['*.com'], ...GET, ...A, paths: ['/a'] },
    },
    {
      in: original,
      winner: { paths: ['~/a'], regex_priority: -1 },
      loser: { hosts, ...GET, ...A, paths: ['/a/b'] },
    },
    {
      in: strict,
      winner: { paths: ['~/a'], regex_priority: 0 },
      loser: { paths: ['~/a/b'], regex_priority: -1 },
    },
    // The bits of one header and of a priority of 2 are the same.
    {
      in: original,
      winner: { ...A, paths: ['~/a'], regex_priority: 3 },
      loser: { ...A, paths: ['~/a/b'], regex_priority: 2 },
    },
    {
      in: [...original, ...strict],
      winner: { paths: ['~/a'], regex_priority: 2 },
      loser: { paths: ['~/a/b'], regex_priority: 1 },
    },
  ] satisfies {
    in: MatchCalculation[]
    winner: Partial<RouteRule>
    loser: Partial<RouteRule>
  }[])('in $in $winner over $loser', ({ in: calculations, winner, loser }) => {
    const asked = request({ path: '/a/b', headers: ['a', '1', 'b', '2'] })
    const routes = [rule({ ...winner, id: low }), rule({ ...loser, id: high })]
    for (const calculation of calculations) {
      for (const order of [routes, routes.toReversed()]) {
        const router = buildCompatibleRouter(order, calculation)
        expect([calculation, router.match(asked)?.route.id]).toEqual([calculation, low])
      }
    }
  })

  it('is told in original by the id where one header and a priority of 2 share a bit', () => {
    const fields = { ...A, paths: ['~/a'] }
    const routes = [
      rule({ ...fields, id: high, regex_priority: 0 }),
      rule({ ...fields, id: low, regex_priority: 2 }),
    ]
    const winners = MATCH_CALCULATIONS.map(
      (one) =>
        buildCompatibleRouter(routes, one).match(request({ path: '/a', headers: ['a', '1'] }))
          ?.route.id,
    )
    expect(winners).toEqual([high, low])
  })

  it.each(MATCH_CALCULATIONS)('takes none in %s that asks for nothing', (calculation) => {
    const router = buildCompatibleRouter([rule({ hosts: [] })], calculation)
    expect(router.match(request({}))).toBeUndefined()
  })

  it.each([{ paths: ['/a'] }, { paths: ['~/a'] }, { methods: ['GET'] }, { hosts: ['a.com'] }])(
    'the larger id between two of %o',
    (fields) => {
      const router = buildCompatibleRouter([
        rule({ ...fields, id: high }),
        rule({ ...fields, id: low }),
      ])
      expect(router.match(request({ path: '/a' }))?.route.id).toBe(high)
    },
  )

  it('falls back to a lower priority when the best does not fit whole', () => {
    const best = rule({ id: low, hosts: ['a.com'], paths: ['/a'], methods: ['POST'] })
    const router = buildCompatibleRouter([best, rule({ id: high, paths: ['/'] })])
    expect(router.match(request({ path: '/a' }))?.route.id).toBe(high)
  })

  it('weighs the paths of one route apart', () => {
    const both = rule({ id: low, paths: ['/', '/a/b/c'] })
    const router = buildCompatibleRouter([both, rule({ id: high, paths: ['/a'] })])
    expect(router.match(request({ path: '/a/b/c' }))?.route.id).toBe(low)
    expect(router.match(request({ path: '/a/b' }))?.route.id).toBe(high)
    expect(router.match(request({ path: '/x' }))).toMatchObject({ route: { id: low }, prefix: '/' })
  })

  it('counts http and grpc routes only', () => {
    const stream = rule({ protocols: ['tcp'], snis: ['a.com'] })
    expect(buildCompatibleRouter([rule({ paths: ['/'] }), stream]).size).toBe(1)
  })
})

describe('the example in docs/routing.md', () => {
  const routes = [
    rule({ id: 'web', hosts: ['shop.example'], paths: ['/'] }),
    rule({ id: 'api', hosts: ['shop.example'], paths: ['/api', '/api/v2'] }),
    rule({ id: 'item', hosts: ['shop.example'], paths: ['~/api/items/(?<id>\\d+)$'] }),
    rule({ id: 'upload', paths: ['/api'], methods: ['POST'] }),
    rule({ id: 'admin', hosts: ['*.shop.example'], paths: ['/'] }),
  ]

  it.each([
    { method: 'GET', host: 'shop.example', path: '/about', route: 'web' },
    { method: 'GET', host: 'shop.example', path: '/api/v2/x', route: 'api' },
    { method: 'GET', host: 'shop.example', path: '/api/items/7', route: 'item' },
    { method: 'POST', host: 'shop.example', path: '/api/x', route: 'api' },
    { method: 'POST', host: 'other.example', path: '/api/x', route: 'upload' },
    { method: 'GET', host: 'eu.shop.example', path: '/', route: 'admin' },
    { method: 'GET', host: 'other.example', path: '/', route: undefined },
  ])('$method $host$path goes to $route', ({ route, ...asked }) => {
    expect(buildCompatibleRouter(routes).match(request(asked))?.route.id).toBe(route)
  })
})
