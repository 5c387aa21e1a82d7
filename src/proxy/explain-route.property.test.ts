import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MATCH_CALCULATIONS } from '../lib/match-calculation.ts'
import { ROUTER_FLAVORS } from '../lib/router-flavor.ts'
import { createRouter } from '../router/create-router.ts'
import type { RouteRule, RouterRequest } from '../router/router.ts'
import { advantageOf } from './explain-rank.ts'
import { explainRoutes } from './explain-route.ts'

const HOSTS = ['a.com', 'b.a.com', '*.com', '*.a.com', 'a.*', 'a.com:80', '*.com:8000']
const PATHS = ['/', '/a', '/ab', '/a/b', '~/a', '~/a/[a-z]+$', '~/(a|b)']
const EXPRESSIONS = [
  'http.path ^= "/a"',
  'http.method == "GET"',
  'http.host == "a.com" && http.path ^= "/"',
  'http.path ~ "/a/[a-z]+"',
  'http.host =^ ".com" || http.path == "/b"',
]

const some = <T>(from: readonly T[]) =>
  fc.oneof(
    fc.constant(null),
    fc.uniqueArray(fc.constantFrom(...from), { minLength: 1, maxLength: 3 }),
  )

const rules = fc.array(
  fc.record({
    id: fc.uuid(),
    protocols: fc.constantFrom(['http', 'https'], ['https'], ['http'], ['tcp']),
    methods: some(['GET', 'POST']),
    hosts: some(HOSTS),
    paths: some(PATHS),
    snis: some(['a.com', '*.com']),
    headers: fc.constantFrom(null, { 'x-v': ['1', '2'] }, { 'x-v': ['~*^1'], 'x-w': ['a'] }),
    regex_priority: fc.constantFrom(0, 0, 5, 4096),
    created_at: fc.constantFrom(1, 2, 3),
    expression: fc.constantFrom(null, null, ...EXPRESSIONS),
    priority: fc.constantFrom(0, 1, 7),
  }) as fc.Arbitrary<RouteRule>,
  { maxLength: 8 },
)

const requests: fc.Arbitrary<RouterRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  host: fc.constantFrom('a.com', 'b.a.com', 'a.com:80', 'a.org', 'x.com:8000', ''),
  port: fc.constantFrom(80, 8000),
  path: fc.constantFrom('/', '/a', '/ab', '/a/b', '/a/b/c', '/b', '/c'),
  headers: fc.constantFrom([], ['X-V', '1'], ['X-V', '2', 'X-W', 'A'], ['x-w', 'a', 'x-v', '10']),
  scheme: fc.constantFrom('http' as const, 'https' as const),
  sni: fc.constantFrom('a.com', 'b.org'),
})

const RANKINGS = ROUTER_FLAVORS.flatMap((flavor) =>
  MATCH_CALCULATIONS.map((calculation) => ({ flavor, calculation })),
)

it.each(RANKINGS)('tells in $flavor, $calculation, who matches, the winner first', (ranking) => {
  const { flavor, calculation } = ranking
  const build = (routes: readonly RouteRule[]) => createRouter(flavor)(routes, calculation)
  fc.assert(
    fc.property(rules, requests, (listed, request) => {
      const routes = [...new Map(listed.map((rule) => [rule.id, rule])).values()]
      const router = build(routes)
      const { matches, missed } = explainRoutes({ flavor, router, routes, request })

      const alone = routes.filter((route) => build([route]).match(request) !== undefined)
      expect(new Set(matches.map(({ route }) => route))).toEqual(new Set(alone))
      expect(missed.length + matches.length).toBe(routes.length)
      expect(matches[0]?.route).toBe(router.match(request)?.route)
      for (const [i, match] of matches.entries()) {
        const next = matches[i + 1]
        if (next === undefined) break
        const pair = build([next.route, match.route]).match(request)
        expect(pair?.route).toBe(match.route)
        const { rule, winner, loser } = advantageOf(ranking, match, next)
        if (rule === 'the older route') expect(winner < loser).toBe(true)
        else if (typeof winner === 'number') expect(winner).toBeGreaterThan(Number(loser))
      }
    }),
    { numRuns: 300 },
  )
})
