import { describe, expect, it } from 'vitest'
import { request, rule } from './asking.fixture.ts'
import type { RouteRule, RouterRequest } from './router.ts'
import { buildTraditionalRouter } from './traditional.ts'

describe('one route', () => {
  it.each([
    {
      route: { hosts: ['a.com:80'] },
      yes: [{ host: 'a.com' }, { host: 'a.com:80', scheme: 'https' }],
      no: [{ host: 'a.com', scheme: 'https' }, { host: 'a.com:8000' }],
    },
    {
      route: { hosts: ['*.a.com:443'] },
      yes: [{ host: 'x.a.com', scheme: 'https' }],
      no: [{ host: 'x.a.com' }],
    },
    {
      route: { hosts: ['::1', '[::2]', '[::3]:81'] },
      yes: [
        { host: '::1' },
        { host: '[::1]' },
        { host: '[::1]:9' },
        { host: '[::2]:9' },
        { host: '[::3]:81' },
      ],
      no: [{ host: '[::3]' }, { host: '[::1]:9b' }, { host: '[::1' }, { host: '[]' }],
    },
    {
      route: { hosts: ['a.com'] },
      yes: [{ host: 'a.com:' }, { host: 'a.com:9' }],
      no: [{ host: 'a.com:9b' }, { host: 'a.com::' }],
    },
    {
      route: { paths: ['~/(?!admin)\\w+'] },
      yes: [{ path: '/users' }],
      no: [{ path: '/admin' }],
    },
    {
      route: { headers: { v: ['~*^x\\D(?!z)'] } },
      yes: [{ headers: ['V', 'Xab'] }],
      no: [{ headers: ['V', 'x1b'] }, { headers: ['V', 'xaz'] }],
    },
    {
      route: { headers: { 'x-a': ['1'] } },
      yes: [{ headers: ['X-A', '1'] }, { headers: ['x-a', '1', 'x_a', '2'] }],
      no: [{ headers: ['x_a', '1'] }],
    },
    {
      route: { headers: { x_a: ['1'] } },
      yes: [{ headers: ['x-a', '1'] }, { headers: ['x_a', '1', 'x-a', '2'] }],
      no: [{ headers: ['x-a', '1', 'x_a', '2'] }],
    },
    {
      route: { headers: { v: ['~*^x', 'y'] } },
      yes: [{ headers: ['v', '~*^X'] }, { headers: ['v', 'y'] }],
      no: [{ headers: ['v', 'x'] }],
    },
    {
      route: { snis: ['a.com', '*.b.com'] },
      yes: [{ scheme: 'https', sni: 'a.com.' }, { scheme: 'http' }],
      no: [{ scheme: 'https', sni: 'x.b.com' }],
    },
    { route: { protocols: ['https'], paths: ['/'] }, yes: [{ scheme: 'http' }], no: [] },
    { route: { protocols: ['tcp'], snis: ['a.com'] }, yes: [], no: [{}] },
    { route: {}, yes: [], no: [{}] },
  ] satisfies {
    route: Partial<RouteRule>
    yes: Partial<RouterRequest>[]
    no: Partial<RouterRequest>[]
  }[])('$route takes $yes and not $no', ({ route, yes, no }) => {
    const router = buildTraditionalRouter([rule(route)])
    for (const asked of yes) expect([asked, !!router.match(request(asked))]).toEqual([asked, true])
    for (const asked of no) expect([asked, !!router.match(request(asked))]).toEqual([asked, false])
  })

  it('tells the prefix and what a regex caught', () => {
    const router = buildTraditionalRouter([rule({ paths: ['/plain', '~/u/(?<id>(?!0)\\d+)'] })])
    expect(router.match(request({ path: '/plain/x' }))?.prefix).toBe('/plain')
    expect(router.match(request({ path: '/u/17/x' }))).toMatchObject({
      prefix: '/u/17',
      captures: { named: { id: '17' } },
    })
  })
})

describe('who wins', () => {
  it.each([
    {
      why: 'more kinds',
      winner: { methods: ['GET'], paths: ['/'] },
      loser: { hosts: ['a.com'] },
    },
    { why: 'a host over headers', winner: { hosts: ['a.com'] }, loser: { headers: { a: ['1'] } } },
    { why: 'a header over a path', winner: { headers: { a: ['1'] } }, loser: { paths: ['~/a'] } },
    { why: 'a path over a method', winner: { paths: ['/'] }, loser: { methods: ['GET'] } },
    { why: 'a method over an SNI', winner: { methods: ['GET'] }, loser: { snis: ['a.com'] } },
    {
      why: 'a wildcard and a path over a header and a path',
      winner: { hosts: ['*.com'], paths: ['/'] },
      loser: { headers: { a: ['1'] }, paths: ['/a/b'] },
    },
    {
      why: 'plain hosts over wildcards, whatever the path',
      winner: { hosts: ['a.com'], paths: ['/'] },
      loser: { hosts: ['*.com'], paths: ['~/a/b'] },
    },
    {
      why: 'a wildcard with a port over plain hosts',
      winner: { hosts: ['*.com:80'], paths: ['/'] },
      loser: { hosts: ['a.com'], paths: ['/a/b'] },
    },
    {
      why: 'a host with a port over the host alone',
      winner: { hosts: ['a.com:80', 'b.com'], paths: ['/'] },
      loser: { hosts: ['a.com'], paths: ['/a/b'] },
    },
    {
      why: 'a host without SNI over one with it, over plain http',
      winner: { hosts: ['*.com'], paths: ['/'] },
      loser: { hosts: ['a.com'], paths: ['/a/b'], snis: ['a.com'] },
    },
    {
      why: 'a host with an SNI over a path alone, over plain http too',
      winner: { hosts: ['*.com'], snis: ['a.com'] },
      loser: { paths: ['/a/b'] },
    },
    {
      why: 'a regex over more headers',
      winner: { paths: ['~/a'], headers: { a: ['1'] } },
      loser: { paths: ['/a/b'], headers: { a: ['1'], b: ['2'] } },
    },
    {
      why: 'more headers over regex priority',
      winner: { paths: ['~/a'], headers: { a: ['1'], b: ['2'] } },
      loser: { paths: ['~/a'], headers: { a: ['1'] }, regex_priority: 9 },
    },
    {
      why: 'regex priority over age',
      winner: { paths: ['~/a'], regex_priority: 2, created_at: 9 },
      loser: { paths: ['~/a/b'], regex_priority: 1 },
    },
    {
      why: 'the longest path over age, regex priority apart',
      winner: { paths: ['/a/b'], created_at: 9 },
      loser: { paths: ['/a'], regex_priority: 9 },
    },
    {
      why: 'each path for itself',
      winner: { paths: ['/x', '/a/b'], created_at: 9 },
      loser: { paths: ['/a', '/very/long/one'] },
    },
    {
      why: 'the oldest, even of regexes of many lengths',
      winner: { paths: ['~/a'], created_at: 1 },
      loser: { paths: ['~/a/b'], created_at: 2 },
    },
    {
      why: 'the smaller id at last',
      winner: { paths: ['/a'], id: '00000000-0000-4000-8000-000000000001' },
      loser: { paths: ['/a'], id: 'ffffffff-0000-4000-8000-000000000001' },
    },
  ])('$why', ({ winner, loser }) => {
    const headers = ['a', '1', 'b', '2']
    const asked = request({ path: '/a/b', headers })
    const routes = [
      rule({ id: '90000000-0000-4000-8000-000000000001', ...winner }),
      rule({ id: 'a0000000-0000-4000-8000-000000000001', ...loser }),
    ]
    for (const order of [routes, routes.toReversed()]) {
      expect(buildTraditionalRouter(order).match(asked)?.route).toBe(routes[0])
    }
  })

  it('counts SNIs over TLS', () => {
    const router = buildTraditionalRouter([
      rule({ hosts: ['a.com'], id: '1' }),
      rule({ hosts: ['*.com'], snis: ['a.com'], id: '2' }),
    ])
    const asked = { scheme: 'https', sni: 'a.com' } as const
    expect(router.match(request(asked))?.route.id).toBe('2')
    expect(router.match(request({ ...asked, sni: 'b.com' }))?.route.id).toBe('1')
    expect(router.match(request({}))?.route.id).toBe('1')
  })

  it('tries lower categories when the best has none that fits whole', () => {
    const router = buildTraditionalRouter([
      rule({ hosts: ['a.com'], paths: ['/a'], methods: ['POST'], id: '1' }),
      rule({ methods: ['GET'], id: '2' }),
    ])
    expect(router.match(request({ path: '/a' }))?.route.id).toBe('2')
  })

  it('takes the first of several regexes of one route, built or changed', () => {
    const asked = request({ path: '/b/' })
    const paths = ['~/[ab]*', '~/[ab]*', '~/b/[ab]*']
    const route = rule({ hosts: ['a.com'], paths, id: '2' })
    const others = ['0', '1'].map((id) => rule({ hosts: ['a.com'], paths: ['/', '/', '/'], id }))
    const [first = route, second = route] = others
    const changed = buildTraditionalRouter(others)
      .with({ added: [route], removed: [] })
      .with({ added: [], removed: [first] })
    expect(buildTraditionalRouter([second, route]).match(asked)?.prefix).toBe('/b')
    expect(changed.match(asked)?.prefix).toBe('/b')
  })
})
