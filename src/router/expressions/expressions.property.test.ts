import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseExpression } from '../../lib/expression/parser.ts'
import { probeWithPort } from '../compatible.ts'
import type { RouteRule, RouterRequest } from '../router.ts'
import { compileExpression } from './compile.ts'
import { buildExpressionsRouter } from './expressions.ts'
import { readRequestField } from './request-fields.ts'

const predicate = fc.constantFrom(
  'http.host == "a.com"',
  'http.host == "b.a.com"',
  'http.host != "a.com"',
  'http.host =^ ".a.com"',
  'http.host =^ "a.com"',
  'http.host ^= "a."',
  'lower(http.host) == "a.com"',
  'http.path ^= "/"',
  'http.path ^= "/a"',
  'http.path ^= "/a/b"',
  'lower(http.path) ^= "/a"',
  'http.path == "/a/b"',
  'http.path == "/b"',
  'http.path ~ "^/a/[a-z]"',
  'http.path ~ "^/a|^/b"',
  'http.path ~ "b$"',
  'http.path =^ "b"',
  'http.path.segments.0 == "a"',
  'http.path.segments.1 == "b"',
  'http.path.segments.0_1 ^= "a/b"',
  'http.path.segments.len == 1',
  'http.method == "GET"',
  'any(http.headers.v) == "1"',
)

const expression: fc.Memo<string> = fc.memo((depth) => {
  if (depth <= 1) return predicate
  const inner = expression(depth - 1)
  const list = fc.array(inner, { minLength: 1, maxLength: 3 })
  return fc.oneof(
    predicate,
    list.map((items) => items.map((item) => `(${item})`).join(' && ')),
    list.map((items) => items.map((item) => `(${item})`).join(' || ')),
    inner.map((item) => `!(${item})`),
  )
})

const requests = fc.record<RouterRequest>({
  method: fc.constantFrom('GET', 'POST'),
  host: fc.constantFrom('a.com', 'A.com', 'b.a.com', '.a.com', 'xa.com', 'a.', 'c.b.a.com', ''),
  port: fc.constant(80),
  path: fc.constantFrom('/', '/a', '/A', '/a/', '/a/b', '/a/b/c', '/ab', '/b', '/a/1', '/c'),
  headers: fc.constantFrom([], ['V', '1'], ['v', '2', 'v', '1']),
  scheme: fc.constant('http' as const),
})

/** Asks every route, the highest priority first, the largest id among equals. */
function naiveMatch(routes: readonly RouteRule[], request: RouterRequest): string | undefined {
  const sorted = routes.toSorted((a, b) => {
    return (b.priority ?? 0) - (a.priority ?? 0) || (a.id < b.id ? 1 : -1)
  })
  return sorted.find(({ expression }) => {
    const options = { read: readRequestField, stream: false }
    const test = compileExpression(parseExpression(expression ?? ''), options)
    return test(probeWithPort(request))
  })?.id
}

it('finds by its index what asking every route finds', () => {
  const routes = fc.uniqueArray(
    fc.record({ id: fc.uuid(), expression: expression(3), priority: fc.nat({ max: 3 }) }),
    { minLength: 1, maxLength: 25, selector: ({ id }) => id },
  )
  fc.assert(
    fc.property(routes, fc.array(requests, { minLength: 1, maxLength: 8 }), (given, asked) => {
      const rules = given.map((fields): RouteRule => {
        const none = { methods: null, hosts: null, paths: null, snis: null, headers: null }
        return { protocols: ['http', 'https'], ...none, regex_priority: 0, ...fields }
      })
      const router = buildExpressionsRouter(rules)
      for (const request of asked) {
        expect(router.match(request)?.route.id).toBe(naiveMatch(rules, request))
      }
    }),
    { numRuns: 500 },
  )
})
