import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROUTER_FLAVORS } from '../lib/router-flavor.ts'
import { createRouter } from './create-router.ts'
import type { RouteRule, Router, RouterRequest } from './router.ts'

const end = fc.constantFrom('', '', '', 'a', 'b', '/')
const path = fc
  .array(fc.constantFrom('a', 'b', '/'), { maxLength: 4 })
  .map((chars) => `/${chars.join('')}`)
const paths = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: path },
    fc.tuple(path, end).map(([start, rest]) => `~${start}[ab]*${rest}`),
  ),
  { minLength: 1, maxLength: 3 },
)
const hosts = fc.option(
  fc.uniqueArray(fc.constantFrom('a.com', 'b.com', '*.com', 'a.*', 'a.com:81'), {
    minLength: 1,
    maxLength: 2,
  }),
)
const expression = fc.option(
  fc.tuple(path, fc.constantFrom('a.com', 'b.com')).map(([start, host]) => {
    return `http.path ^= "${start}" && (http.host == "${host}" || http.method == "POST")`
  }),
)

const fields = fc.record({
  paths,
  hosts,
  methods: fc.option(fc.constant(['GET'])),
  headers: fc.option(fc.constant({ v: ['1'] })),
  regex_priority: fc.nat({ max: 1 }),
  created_at: fc.nat({ max: 2 }),
  expression,
  priority: fc.nat({ max: 2 }),
  // A stream route now and then, which is none of these routers' concern.
  protocols: fc.constantFrom(['http'], ['http', 'https'], ['http', 'https'], ['tcp']),
})

const requests = fc.record<RouterRequest>({
  method: fc.constantFrom('GET', 'POST'),
  host: fc.constantFrom('a.com', 'b.com', 'x.b.com', 'a.org', 'a.com:81', 'c'),
  port: fc.constant(80),
  path,
  headers: fc.constantFrom([], ['V', '1']),
  scheme: fc.constant('http' as const),
})

/** One step: ids that are put, with new fields, and ids that are taken out. */
const step = fc.record({
  put: fc.array(fc.tuple(fc.nat({ max: 30 }), fields), { maxLength: 4 }),
  remove: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
})

function ruleOf(number: number, given: Partial<RouteRule>): RouteRule {
  const id = `${String((number * 7919) % 31).padStart(8, '0')}-0000-4000-8000-000000000000`
  const none = { methods: null, hosts: null, paths: null, snis: null, headers: null }
  return { id, protocols: ['http'], ...none, regex_priority: 0, ...given }
}

function found(router: Router<RouteRule>, request: RouterRequest) {
  const match = router.match(request)
  return match && { route: match.route, prefix: match.prefix }
}

describe.each(ROUTER_FLAVORS)('a router of the flavour %s, changed', (flavor) => {
  const build = createRouter(flavor)

  it('is one built of what is left, and the one before stays as it was', () => {
    fc.assert(
      fc.property(
        fc.array(fields, { maxLength: 30 }),
        fc.array(step, { minLength: 1, maxLength: 5 }),
        fc.array(requests, { minLength: 1, maxLength: 6 }),
        (start, steps, asked) => {
          const rules = new Map(start.map((given, i) => [i, ruleOf(i, given)]))
          let router = build([...rules.values()])
          for (const { put, remove } of steps) {
            const before = router
            const answers = asked.map((request) => found(before, request))
            const puts = new Map(put.map(([i, given]) => [i, ruleOf(i, given)]))
            const gone = new Set([...remove, ...puts.keys()])
            const removed = [...gone].map((i) => rules.get(i)).filter((one) => one !== undefined)
            for (const i of gone) rules.delete(i)
            for (const [i, rule] of puts) rules.set(i, rule)
            router = router.with({ added: [...puts.values()], removed })

            const whole = build([...rules.values()])
            expect(router.size).toBe(whole.size)
            for (const [i, request] of asked.entries()) {
              expect(found(router, request)).toEqual(found(whole, request))
              expect(found(before, request)).toEqual(answers[i])
            }
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is empty once all is gone', () => {
    const rules = Array.from({ length: 40 }, (_, i) =>
      ruleOf(i % 31, { paths: [`/${'a'.repeat(i)}`] }),
    )
    const unique = [...new Map(rules.map((rule) => [rule.id, rule])).values()]
    const router = build(unique).with({ added: [], removed: unique })
    expect(router.size).toBe(0)
    const request = { method: 'GET', host: 'a', port: 80, path: '/a', headers: [] }
    expect(router.match({ ...request, scheme: 'http' })).toBeUndefined()
  })
})
