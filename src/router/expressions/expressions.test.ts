import { describe, expect, it } from 'vitest'
import { request, rule } from '../asking.fixture.ts'
import type { RouteRule, RouterRequest } from '../router.ts'
import { buildExpressionsRouter } from './expressions.ts'

function matches(route: Partial<RouteRule>, asked: Partial<RouterRequest>): boolean {
  return buildExpressionsRouter([rule(route)]).match(request(asked)) !== undefined
}

describe('an expression', () => {
  it.each([
    { text: 'http.method == "GET"', yes: [{}], no: [{ method: 'POST' }] },
    { text: 'http.method != "GET"', yes: [{ method: 'POST' }], no: [{}] },
    { text: '!(http.method == "GET")', yes: [{ method: 'POST' }], no: [{}] },
    {
      text: 'http.host == "a.com"',
      yes: [{}, { host: 'a.com:81' }],
      no: [{ host: 'A.com' }, { host: 'b.a.com' }],
    },
    { text: 'lower(http.host) == "a.com"', yes: [{ host: 'A.COM' }], no: [{ host: 'b' }] },
    {
      text: 'http.host =^ ".a.com"',
      yes: [{ host: 'x.a.com' }, { host: 'x.y.a.com' }, { host: '.a.com' }],
      no: [{ host: 'a.com' }],
    },
    { text: 'http.host =^ "a.com"', yes: [{ host: 'xa.com' }, {}], no: [{ host: 'a.co' }] },
    { text: 'http.host ^= "a."', yes: [{}, { host: 'a.' }], no: [{ host: 'b.a.' }] },
    { text: 'http.host ~ "^[ab]"', yes: [{}, { host: 'b' }], no: [{ host: 'c' }] },
    { text: 'http.host contains "."', yes: [{}], no: [{ host: 'a' }] },
    { text: 'http.path == "/a"', yes: [{ path: '/a' }], no: [{ path: '/a/' }] },
    { text: 'http.path ^= "/a"', yes: [{ path: '/ab' }], no: [{ path: '/b/a' }] },
    { text: 'http.path =^ ".png"', yes: [{ path: '/x.png' }], no: [{ path: '/x.png/' }] },
    { text: 'http.path ~ "a\\\\d"', yes: [{ path: '/x/a1' }], no: [{ path: '/a' }] },
    {
      text: 'http.path ~ r#"^/a\\d|^/b"#',
      yes: [{ path: '/b' }, { path: '/a1' }],
      no: [{ path: '/c' }],
    },
    {
      text: 'http.path ^= "/größe"',
      yes: [{ path: '/gr\xc3\xb6\xc3\x9fe' }],
      no: [{ path: '/gr' }],
    },
    { text: 'lower(http.path) == "/ö"', yes: [{ path: '/\xc3\x96' }], no: [{ path: '/\xc3\x97' }] },
    {
      text: 'http.path.segments.1 == "b" && http.path.segments.0_1 == "a/b"',
      yes: [{ path: '/a/b/c' }, { path: '/a/b/' }],
      no: [{ path: '/a' }, { path: '/x/b' }],
    },
    { text: 'http.path.segments.0 ^= "a"', yes: [{ path: '/ab/c' }], no: [{ path: '/b' }] },
    {
      text: 'http.path.segments.len == 2',
      yes: [{ path: '/a/b/' }, { path: '/a/b' }],
      no: [{ path: '/a' }, { path: '/' }],
    },
    { text: 'http.path.segments.len == 0', yes: [{}], no: [{ path: '/a' }] },
    {
      text: 'http.headers.x_foo == "1"',
      yes: [{ headers: ['X-Foo', '1'] }, { headers: ['x-foo', '2', 'X_Foo', '1'] }],
      no: [
        {},
        { headers: ['x-foo', '1', 'x-foo', '2'] },
        { headers: ['x-foo', '1', 'x_foo', '2'] },
      ],
    },
    {
      text: 'http.headers.x_a_b == "1"',
      yes: [{ headers: ['x-a-b', '1'] }, { headers: ['x_a_b', '1'] }],
      no: [{ headers: ['x-a_b', '1'] }],
    },
    {
      text: 'any(http.headers.x_foo) == "1"',
      yes: [{ headers: ['x-foo', '2', 'x-foo', '1'] }],
      no: [{ headers: ['x-foo', '2'] }, {}],
    },
    { text: 'http.headers.x_foo != "1"', yes: [{ headers: ['x-foo', '2'] }], no: [{}] },
    {
      text: 'any(lower(http.headers.a)) ~ "^b$"',
      yes: [{ headers: ['A', 'x', 'a', 'B'] }],
      no: [{ headers: ['A', 'xb'] }],
    },
    {
      text: 'http.queries.q == "a b"',
      yes: [{ query: '?q=a+b' }, { query: '?x&q=a%20b&q=a b' }],
      no: [{ query: '?q=a' }, { query: '' }, {}, { query: '?q=a+b&q' }],
    },
    {
      text: 'http.queries.q == "2"',
      yes: [{ query: '?a&q=2' }, { query: '?a&q=2', maxQueryArgs: 2 }],
      no: [{ query: '?a&q=2', maxQueryArgs: 1 }],
    },
    { text: 'http.queries.q == ""', yes: [{ query: '?q' }, { query: '?q=' }], no: [{}] },
    {
      text: 'net.dst.port == 8000',
      yes: [{}, { host: 'a.com:8000', port: 1 }],
      no: [{ host: 'a.com:81' }],
    },
    { text: 'net.port != 8000', yes: [{ port: 1 }], no: [{}] },
    { text: 'net.dst.port > 10 && net.dst.port <= 20', yes: [{ port: 20 }], no: [{ port: 10 }] },
    { text: 'net.dst.port >= 10 && net.dst.port < 20', yes: [{ port: 10 }], no: [{ port: 20 }] },
    {
      text: 'net.src.ip in 10.0.0.0/8',
      yes: [{ sourceIp: '10.9.9.9' }],
      no: [{ sourceIp: '11.0.0.1' }, {}],
    },
    {
      text: 'net.src.ip not in 10.0.0.0/8',
      yes: [{ sourceIp: '11.0.0.1' }],
      no: [{ sourceIp: '10.0.0.1' }, {}],
    },
    {
      text: 'net.dst.ip == ::1 || net.dst.ip == 10.0.0.1',
      yes: [{ destinationIp: '0:0::1' }, { destinationIp: '10.0.0.1' }],
      no: [{ destinationIp: '::2' }],
    },
    { text: 'net.src.port == 1', yes: [{ sourcePort: 1 }], no: [{}] },
    { text: 'tls.sni == "a"', yes: [{ sni: 'a.' }], no: [{ sni: 'b' }, {}] },
    { text: 'net.protocol == "https"', yes: [{ scheme: 'https' }], no: [{}] },
    {
      // && is weaker: the alternatives belong together.
      text: 'http.method == "PUT" || http.method == "GET" && http.path == "/a"',
      yes: [{ path: '/a' }, { path: '/a', method: 'PUT' }],
      no: [{ method: 'PUT' }],
    },
    { text: 'http.foo == "a"', yes: [], no: [{}] },
    { text: 'http.path ==', yes: [], no: [{}] },
    { text: 'http.path ~ "("', yes: [], no: [{ path: '/(' }] },
  ] satisfies {
    text: string
    yes: Partial<RouterRequest>[]
    no: Partial<RouterRequest>[]
  }[])('$text takes $yes and not $no', ({ text, yes, no }) => {
    const expression = text
    for (const asked of yes) expect([asked, matches({ expression }, asked)]).toEqual([asked, true])
    for (const asked of no) expect([asked, matches({ expression }, asked)]).toEqual([asked, false])
  })

  it.each([
    { text: 'http.path == "/a/b"', prefix: '/a/b' },
    { text: 'http.path ^= "/a"', prefix: '/a' },
    { text: 'http.path ^= "/a" && http.path ^= "/a/"', prefix: '/a/' },
    { text: 'http.path ^= "/b" || http.path ^= "/a"', prefix: '/a' },
    { text: 'http.path ~ "^/(?P<x>[a-z])"', prefix: '/a' },
    { text: 'http.path ~ "b$"', prefix: undefined },
    { text: 'http.path =^ "/b"', prefix: undefined },
    { text: '!(http.path ^= "/c")', prefix: undefined },
    { text: 'http.host == "a.com"', prefix: undefined },
  ])('$text matched $prefix of the path', ({ text, prefix }) => {
    const match = buildExpressionsRouter([rule({ expression: text })]).match(
      request({ path: '/a/b' }),
    )
    expect(match).toMatchObject({ prefix })
  })

  it('tells what a regex on the path caught', () => {
    const expression = 'http.path ~ r#"^/u/(?<id>\\d+)"#'
    const router = buildExpressionsRouter([rule({ expression })])
    expect(router.match(request({ path: '/u/7/x' }))).toMatchObject({
      prefix: '/u/7',
      captures: { named: { id: '7' }, numbered: ['/u/7', '7'] },
    })
  })
})

describe('protocols', () => {
  const path = { expression: 'http.path ^= "/"' }
  it.each([
    { protocols: ['http'], schemes: ['http'] },
    { protocols: ['https'], schemes: ['http', 'https'] },
    { protocols: ['http', 'https'], schemes: ['http', 'https'] },
    { protocols: ['grpc'], schemes: ['http'] },
    { protocols: ['grpcs'], schemes: ['https'] },
    { protocols: ['tcp'], schemes: [] },
  ])('$protocols take $schemes', ({ protocols, schemes }) => {
    for (const fields of [path, { paths: ['/'] }]) {
      const taken = (['http', 'https'] as const).filter((scheme) => {
        return matches({ protocols, ...fields }, { scheme })
      })
      expect(taken).toEqual(schemes)
    }
  })
})

describe('who wins', () => {
  const low = '00000000-0000-4000-8000-000000000001'
  const high = 'f0000000-0000-4000-8000-000000000001'
  it.each([
    {
      why: 'the higher priority, however short the path',
      winner: { expression: 'http.path ^= "/"', priority: 2 },
      loser: { expression: 'http.path == "/a/b" && http.host == "a.com"', priority: 1 },
    },
    {
      why: 'the highest there may be',
      winner: { expression: 'http.path ^= "/"', priority: 70_368_744_177_663 },
      loser: { expression: 'http.path ^= "/"', priority: 70_368_744_177_662 },
    },
    {
      why: 'an expression over any fields',
      winner: { expression: 'http.path ^= "/"', priority: 0 },
      loser: { paths: ['/a/b'], hosts: ['a.com'], methods: ['GET'], headers: { a: ['1'] } },
    },
    {
      why: 'fields as in traditional_compatible',
      winner: { paths: ['/a/b'] },
      loser: { paths: ['/a'] },
    },
    {
      why: 'fields that ask for the source too',
      winner: { paths: ['/a'], sources: [{ ip: '10.0.0.0/8' }] },
      loser: { paths: ['/a/b'] },
    },
  ] satisfies { why: string; winner: Partial<RouteRule>; loser: Partial<RouteRule> }[])(
    '$why',
    ({ winner, loser }) => {
      const asked = request({ path: '/a/b', headers: ['a', '1'], sourceIp: '10.1.1.1' })
      const routes = [rule({ ...winner, id: low }), rule({ ...loser, id: high })]
      for (const order of [routes, routes.toReversed()]) {
        expect(buildExpressionsRouter(order).match(asked)?.route.id).toBe(low)
      }
    },
  )

  const four = { hosts: ['*.com'], methods: ['GET'], headers: { a: ['1'] }, paths: ['/a'] }
  const three = { hosts: ['a.com'], methods: ['GET'], paths: ['~/a/b'] }
  const expression = { expression: 'http.path ^= "/"', priority: 70_368_744_177_663 }
  it.each([
    { why: 'four kinds of fields over any expression', winner: four, loser: expression },
    { why: 'an expression over less', winner: expression, loser: three },
    {
      why: 'plain hosts over more kinds',
      winner: { hosts: ['a.com'] },
      loser: { methods: ['GET'], paths: ['/a'] },
    },
  ] satisfies { why: string; winner: Partial<RouteRule>; loser: Partial<RouteRule> }[])(
    '$why, in original',
    ({ winner, loser }) => {
      const asked = request({ path: '/a/b', headers: ['a', '1'] })
      const routes = [rule({ ...winner, id: low }), rule({ ...loser, id: high })]
      for (const order of [routes, routes.toReversed()]) {
        expect(buildExpressionsRouter(order, 'original').match(asked)?.route.id).toBe(low)
      }
    },
  )

  it('is the larger id of equals', () => {
    const routes = [
      rule({ id: high, expression: 'http.path ^= "/a"' }),
      rule({ id: low, expression: 'http.path ^= "/a/b"' }),
    ]
    expect(buildExpressionsRouter(routes).match(request({ path: '/a/b' }))?.route.id).toBe(high)
  })
})
