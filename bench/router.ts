// What a route match costs, as markdown tables: `npm run bench:router`.
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { RouterFlavor } from '../src/lib/router-flavor.ts'
import { createRouter } from '../src/router/create-router.ts'
import { normalizeTarget } from '../src/router/path.ts'
import type { RouteRule, Router, RouterRequest } from '../src/router/router.ts'
import { remembering } from './decision-cache.ts'

interface Shape {
  readonly name: string
  readonly most: number
  /** `traditional_compatible` unless said otherwise. */
  readonly flavor?: RouterFlavor
  rule(i: number): Partial<RouteRule>
  /** A host and a path that only this route takes. */
  ask(i: number): readonly [host: string, path: string]
}

const SIZES = [10, 1000, 10_000, 100_000]
const ROUNDS = 9
const ASKED = 20_000
const ALL = 100_000

const SHAPES: readonly Shape[] = [
  {
    name: 'a host and a path each',
    most: ALL,
    rule: (i) => ({ hosts: [`s${i}.example.com`], paths: [`/api/v1/r${i}`] }),
    ask: (i) => [`s${i}.example.com`, `/api/v1/r${i}/items/42`],
  },
  {
    name: '50 paths a host',
    most: ALL,
    rule: (i) => ({ hosts: [`s${Math.floor(i / 50)}.example.com`], paths: [`/api/v1/r${i}`] }),
    ask: (i) => [`s${Math.floor(i / 50)}.example.com`, `/api/v1/r${i}/items/42`],
  },
  {
    name: 'paths alone, of 40 lengths',
    most: ALL,
    rule: (i) => ({ paths: [`/team-${'x'.repeat(i % 35)}/r${i}`] }),
    ask: (i) => ['example.com', `/team-${'x'.repeat(i % 35)}/r${i}/items/42`],
  },
  {
    name: 'a wildcard host and a path',
    most: ALL,
    rule: (i) => ({ hosts: [`*.s${i}.example.com`], paths: ['/api'] }),
    ask: (i) => [`eu.s${i}.example.com`, '/api/items/42'],
  },
  {
    name: 'mixed: methods, headers, two paths, some regexes',
    most: ALL,
    rule: (i) => ({
      hosts: i % 4 === 0 ? null : [`s${i}.example.com`],
      paths: i % 100 === 1 ? [`~/r${i}/(?<id>\\d+)`] : [`/r${i}`, `/longer/r${i}`],
      methods: i % 3 === 0 ? ['GET', 'HEAD'] : null,
      headers: i % 5 === 0 ? { 'x-version': ['2'] } : null,
    }),
    ask: (i) => [`s${i}.example.com`, `/r${i}/42`],
  },
  {
    name: 'regexes without a host',
    most: 10_000,
    rule: (i) => ({ paths: [`~/r${i}/(?<id>\\d+)$`] }),
    ask: (i) => ['example.com', `/r${i}/42`],
  },
  {
    name: 'traditional: a host and a path each',
    most: ALL,
    flavor: 'traditional',
    rule: (i) => ({ hosts: [`s${i}.example.com`], paths: [`/api/v1/r${i}`] }),
    ask: (i) => [`s${i}.example.com`, `/api/v1/r${i}/items/42`],
  },
  {
    name: 'expressions: a host and a path each',
    most: ALL,
    flavor: 'expressions',
    rule: (i) => ({
      expression: `http.host == "s${i}.example.com" && http.path ^= "/api/v1/r${i}"`,
      priority: i % 7,
    }),
    ask: (i) => [`s${i}.example.com`, `/api/v1/r${i}/items/42`],
  },
  {
    name: 'expressions: paths or methods, without a host',
    most: ALL,
    flavor: 'expressions',
    rule: (i) => ({
      expression: `(http.path ^= "/a/r${i}/" || http.path == "/b/r${i}") && http.method != "PUT"`,
    }),
    ask: (i) => ['example.com', `/a/r${i}/42`],
  },
]

let seed = 1
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

process.stdout.write(`Node ${process.version}, median of ${ROUNDS} rounds of ${ASKED} requests\n\n`)
process.stdout.write(
  '| routes | number | build ms | one changed, ms | heap a route, B | hit ns | miss ns | a bare Map.get ns |\n',
)
process.stdout.write('|---|---|---|---|---|---|---|---|\n')
for (const shape of SHAPES) {
  for (const size of SIZES.filter((size) => size <= shape.most)) measure(shape, size)
}
measureCaches()
measureTargets()

function measure(shape: Shape, size: number): void {
  const rules = Array.from({ length: size }, (_, i) => makeRule(i, shape.rule(i)))
  const build = createRouter(shape.flavor ?? 'traditional_compatible')
  const builds = Array.from({ length: 5 }, () => timed(() => build(rules)))
  collect()
  const before = process.memoryUsage().heapUsed
  const router = build(rules)
  collect()
  // Of few routes the collector's noise is larger than they are.
  const used = (process.memoryUsage().heapUsed - before) / size
  const heap = size < 10_000 ? '–' : Math.round(used)

  const change = measureChange(router, rules).toFixed(2)
  const hit = measureMatch(router, (i) => shape.ask(i % size), true)
  const miss = measureMatch(router, (i) => [shape.ask(i % size)[0], `/none/of/these/${i}`], false)
  const floor = measureFloor(rules, (i) => shape.ask(i % size))
  const cells = [shape.name, size, median(builds).toFixed(1), change, heap, hit, miss, floor]
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

/** One route after the other gets another method, as an Admin write would do it. */
function measureChange(start: Router<RouteRule>, rules: readonly RouteRule[]): number {
  let router = start
  const rounds = Array.from({ length: 50 }, () => {
    const before = rules[random(rules.length)]
    if (before === undefined) throw new Error('No rules')
    const after = { ...before, methods: ['GET', 'POST'] }
    const took = timed(() => {
      router = router.with({ removed: [before], added: [after] })
    })
    router = router.with({ removed: [after], added: [before] })
    return took
  })
  if (router.size !== rules.length) throw new Error(`${router.size} routes`)
  return median(rounds)
}

/** What a cache of decisions gains: hits of 10,000 routes, a few thousand of which are asked for. */
function measureCaches(): void {
  const size = 10_000
  process.stdout.write(
    `\n| ${size} routes, of which the asked | plain ns | cached ns |\n|---|---|---|\n`,
  )
  for (const shape of SHAPES) {
    const rules = Array.from({ length: size }, (_, i) => makeRule(i, shape.rule(i)))
    const router = createRouter(shape.flavor ?? 'traditional_compatible')(rules)
    const names = shape.name.startsWith('mixed') ? ['x-version'] : []
    for (const asked of [100, 4000, size]) {
      const ask = (i: number) => shape.ask((i % asked) * Math.floor(size / asked))
      const plain = measureMatch(router, ask, true)
      const cached = measureMatch(remembering(router, names), ask, true)
      process.stdout.write(`| ${shape.name}, ${asked} | ${plain} | ${cached} |\n`)
    }
  }
}

function measureMatch(router: Router<RouteRule>, ask: Shape['ask'], hits: boolean): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const requests = Array.from({ length: ASKED }, () => makeRequest(ask(random(ALL))))
    let found = 0
    const took = timed(() => {
      for (const request of requests) if (router.match(request) !== undefined) found++
    })
    if (found !== (hits ? ASKED : 0)) throw new Error(`Found ${found} of ${ASKED}`)
    return took
  })
  return Math.round((median(rounds) / ASKED) * 1e6)
}

/** What a look-up of the host and path in one map would cost: no router can be below. */
function measureFloor(rules: readonly RouteRule[], ask: Shape['ask']): number {
  const map = new Map(rules.map((rule, i) => [ask(i).join(''), rule]))
  const rounds = Array.from({ length: ROUNDS }, () => {
    const keys = Array.from({ length: ASKED }, () => fresh(ask(random(ALL)).join('')))
    return timed(() => {
      for (const key of keys) if (!map.has(key)) throw new Error(`Cannot find ${key}`)
    })
  })
  return Math.round((median(rounds) / ASKED) * 1e6)
}

function measureTargets(): void {
  process.stdout.write('\n| target | normalize ns |\n|---|---|\n')
  for (const target of ['/mock/anything?n=1', '/api/v1/users/42/items', '/a%20b/%7euser/../x//y']) {
    const rounds = Array.from({ length: ROUNDS }, () => {
      const targets = Array.from({ length: ASKED }, () => fresh(target))
      return timed(() => {
        for (const one of targets) normalizeTarget(one)
      })
    })
    const nanoseconds = Math.round((median(rounds) / ASKED) * 1e6)
    process.stdout.write(`| \`${target}\` | ${nanoseconds} |\n`)
  }
}

function makeRule(i: number, fields: Partial<RouteRule>): RouteRule {
  const none = { methods: null, hosts: null, paths: null, snis: null, headers: null }
  const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`
  return { id, protocols: ['http', 'https'], ...none, regex_priority: 0, ...fields }
}

function makeRequest([host, path]: readonly [string, string]): RouterRequest {
  const headers = ['Host', host, 'User-Agent', 'bench', 'Accept', '*/*', 'X-Version', '2']
  return {
    method: 'GET',
    host: fresh(host),
    port: 8000,
    path: fresh(path),
    headers,
    scheme: 'http',
  }
}

/** A string as a socket gives it: its hash is not known yet. */
function fresh(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

function random(below: number): number {
  seed = (seed * 48_271) % 0x7fffffff
  return seed % below
}

function timed(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
