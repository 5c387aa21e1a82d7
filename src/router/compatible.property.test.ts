import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headersOf } from '../lib/header-list.ts'
import { MATCH_CALCULATIONS, type MatchCalculation } from '../lib/match-calculation.ts'
import { uuidV5 } from '../lib/uuid.ts'
import { buildCompatibleRouter } from './compatible.ts'
import type { RouteRule, RouterRequest } from './router.ts'

/** One line of the reference: a route with paths of one kind and length, and its 64-bit priority. */
interface Line {
  readonly route: RouteRule
  readonly paths: readonly string[]
  readonly id: string
  readonly priority: bigint
}

/** Sorts every part of every route by its number, and takes the first that fits. */
function naiveMatch(
  routes: readonly RouteRule[],
  request: RouterRequest,
  calculation: MatchCalculation,
) {
  const lines = routes
    .flatMap((route) => linesOf(route, calculation))
    .sort((a, b) =>
      a.priority === b.priority ? (a.id < b.id ? 1 : -1) : a.priority < b.priority ? 1 : -1,
    )
  for (const line of lines) {
    const prefix = prefixOf(line.paths, request.path)
    if (prefix !== undefined && fits(line.route, request)) {
      return { id: line.route.id, prefix: line.paths.length === 0 ? undefined : prefix }
    }
  }
  return undefined
}

function linesOf(route: RouteRule, calculation: MatchCalculation): Line[] {
  const priorityOf = PRIORITY_OF[calculation]
  const kindOf = (path: string) => (path.startsWith('~') ? 'regex' : path.length)
  const kinds = [...new Set((route.paths ?? []).map(kindOf))]
  if (kinds.length === 0)
    return [{ route, paths: [], id: route.id, priority: priorityOf(route, '') }]
  return kinds.map((kind, index) => {
    const paths = (route.paths ?? []).filter((path) => kindOf(path) === kind)
    const split = uuidV5('7f145bf9-0dce-4f91-98eb-debbce4b9f6b', `${route.id}#${index + 1}`)
    const id = kinds.length === 1 ? route.id : split
    return { route, paths, id, priority: priorityOf(route, paths[0] ?? '') }
  })
}

const PRIORITY_OF: Readonly<Record<MatchCalculation, (route: RouteRule, path: string) => bigint>> =
  {
    // As the facts write it down.
    strict: (route, path) => {
      const { kinds, isPlain, headers, isRegex, priority, length } = weighed(route, path)
      const bits = [kinds << 61n, isPlain << 60n, headers << 52n, isRegex << 51n, priority << 19n]
      return bits.reduce((sum, bit) => sum | bit, length)
    },
    // As LuaJIT 2.1 gives it for Kong's own lines: numbers are moved in 32 bits, by 61 and 52 modulo 32.
    original: (route, path) => {
      const { kinds, isPlain, headers, isRegex, priority, length } = weighed(route, path)
      const low = (kinds << 29n) | (headers << 20n) | (priority << 19n) | length
      return BigInt.asUintN(64, (isPlain << 60n) | (isRegex << 51n) | BigInt.asIntN(32, low))
    },
  }

function weighed(route: RouteRule, path: string) {
  const headers = Object.keys(route.headers ?? {})
  const kinds = [route.methods, route.hosts, headers, route.paths, route.snis]
  const isRegex = path.startsWith('~')
  const set = kinds.filter((kind) => kind !== null && kind.length > 0)
  const isPlain = route.hosts?.every((host) => !host.includes('*')) === true
  return {
    kinds: BigInt(set.length),
    isPlain: BigInt(isPlain),
    headers: BigInt(headers.length),
    isRegex: BigInt(isRegex),
    priority: BigInt(isRegex ? (route.regex_priority ?? 0) : 0),
    length: BigInt(isRegex ? 0 : path.length),
  }
}

function prefixOf(paths: readonly string[], asked: string): string | undefined {
  if (paths.length === 0) return ''
  for (const path of paths) {
    if (!path.startsWith('~') && asked.startsWith(path)) return path
    const found = path.startsWith('~') ? new RegExp(`^(?:${path.slice(1)})`).exec(asked) : null
    if (found !== null) return found[0]
  }
  return undefined
}

function fits(route: RouteRule, request: RouterRequest): boolean {
  const [host = '', port = String(request.port)] = request.host.split(':')
  const isHost = (route.hosts ?? []).some((text) => {
    const [name = '', only = port] = text.split(':')
    return only === port && isName(name, host)
  })
  const headers = Object.entries(route.headers ?? {})
  return (
    (route.methods === null || route.methods.includes(request.method)) &&
    (route.hosts === null || isHost) &&
    (route.snis === null ||
      request.scheme === 'http' ||
      route.snis.some((sni) => isName(sni, request.sni ?? ''))) &&
    headers.every(([name, values]) =>
      headersOf(request.headers, name).some((value) => values.includes(value.toLowerCase())),
    )
  )
}

function isName(pattern: string, name: string): boolean {
  if (pattern.startsWith('*'))
    return name.endsWith(pattern.slice(1)) && name.length >= pattern.length
  if (pattern.endsWith('*'))
    return name.startsWith(pattern.slice(0, -1)) && name.length >= pattern.length
  return pattern === name
}

const hosts = [
  'a.com',
  'b.a.com',
  'a.org',
  'c.b.a.com',
  '*.com',
  '*.a.com',
  'a.*',
  'b.a.*',
  'a.com:80',
  '*.com:80',
]
const paths = [
  '/',
  '/a',
  '/b',
  '/ab',
  '/a/b',
  '/a/c',
  '/a/b/c',
  '~/a',
  '~/a/[a-z]+',
  '~/(a|b)$',
  '~/a/(b|c)',
]

/** A non-empty choice or none; the fewer of a kind, the more often routes meet. */
function some<T>(values: readonly T[], most: number): fc.Arbitrary<T[] | null> {
  return fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most }))
}

const headers = fc.option(
  fc.dictionary(fc.constantFrom('x-a', 'x-b'), fc.constantFrom(['1'], ['1', '2']), {
    minKeys: 1,
    noNullPrototype: true,
  }),
)

const PRIORITIES: Readonly<Record<MatchCalculation, readonly (number | null)[]>> = {
  original: [null, 0, 1, 2, 2 ** 31, 4096, 8193, -1],
  strict: [null, 0, 1, 2, 2 ** 31],
}

const rulesFor = (calculation: MatchCalculation) =>
  fc.uniqueArray(
    fc.record<RouteRule>({
      id: fc.uuid(),
      protocols: fc.constantFrom(['http'], ['https'], ['http', 'https']),
      methods: some(['GET', 'POST'], 2),
      hosts: some(hosts, 3),
      paths: some(paths, 4),
      snis: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, some(['a.com', '*.com'], 2)),
      headers: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, headers),
      regex_priority: fc.constantFrom(...PRIORITIES[calculation]),
    }),
    { maxLength: 40, selector: (route) => route.id },
  )

const requests = fc.record<RouterRequest>({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  host: fc.constantFrom(
    'a.com',
    'b.a.com',
    'c.b.a.com',
    'a.org',
    'x.com',
    'a.com:80',
    'b.a.com:81',
    '',
  ),
  port: fc.constantFrom(80, 8000),
  path: fc.constantFrom('/', '/a', '/b', '/ab', '/abc', '/a/b', '/a/b/c', '/a/c', '/c'),
  headers: fc.constantFrom(
    [],
    ['X-A', '1'],
    ['x-a', '2', 'X-B', '1'],
    ['x-a', '3', 'x-a', '1', 'x-b', '2'],
  ),
  scheme: fc.constantFrom('http' as const, 'https' as const),
  sni: fc.constantFrom('a.com', 'b.com', 'a.org'),
})

describe.each(MATCH_CALCULATIONS)('buildCompatibleRouter, %s', (calculation) => {
  const rules = rulesFor(calculation)

  it('finds what a sorted list of all priorities finds', () => {
    fc.assert(
      fc.property(rules, fc.array(requests, { minLength: 1, maxLength: 10 }), (routes, asked) => {
        const asks = (route: RouteRule) =>
          [route.methods, route.hosts, route.paths, route.snis, route.headers].some(
            (kind) => kind !== null,
          )
        const usable = routes.filter(asks)
        const router = buildCompatibleRouter(routes, calculation)
        for (const request of asked) {
          const match = router.match(request)
          const found = match && { id: match.route.id, prefix: match.prefix }
          expect(found).toEqual(naiveMatch(usable, request, calculation))
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('finds it among many paths and regexes of one host too', () => {
    const end = fc.constantFrom('', '', '+', '?', '(b|c)', '$', '|/b', '[ab]', '.*')
    const plain = fc
      .array(fc.constantFrom('a', 'b', '/'), { maxLength: 5 })
      .map((chars) => `/${chars.join('')}`)
    const path = fc.oneof(
      plain,
      fc.tuple(plain, end).map((pieces) => `~${pieces.join('')}`),
    )
    const many = fc.array(
      fc.tuple(fc.uniqueArray(path, { minLength: 1, maxLength: 3 }), fc.constantFrom(0, 0, 1)),
      { minLength: 20, maxLength: 60 },
    )
    fc.assert(
      fc.property(many, fc.array(plain, { minLength: 1, maxLength: 20 }), (lists, asked) => {
        const routes = lists.map(([paths, regex_priority], i): RouteRule => {
          const id = `00000000-0000-4000-8000-${String((i * 7919) % 1000).padStart(12, '0')}`
          const none = { methods: null, hosts: null, snis: null, headers: null }
          return { id, protocols: ['http'], paths, ...none, regex_priority }
        })
        const router = buildCompatibleRouter(routes, calculation)
        for (const path of asked) {
          const request = makeRequest(path)
          const match = router.match(request)
          const found = match && { id: match.route.id, prefix: match.prefix }
          expect(found).toEqual(naiveMatch(routes, request, calculation))
        }
      }),
      { numRuns: 200 },
    )
  })
})

function makeRequest(path: string): RouterRequest {
  return { method: 'GET', host: 'h', port: 80, path, headers: [], scheme: 'http' }
}
