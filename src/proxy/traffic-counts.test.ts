import { expect, it } from 'vitest'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import { type Counted, createTrafficCounts } from './traffic-counts.ts'

const service = (name: string | null, host = 'h') => ({ id: host, name, host }) as CompiledService
const route = (id: string, name: string | null = id) => ({ id, name }) as CompiledRoute
const one = (given: Partial<Counted>): Counted => ({
  service: service('s'),
  route: route('r'),
  status: 200,
  proxied: true,
  request: 30,
  upstream: 25,
  kong: 0,
  ingress: 100,
  egress: 200,
  ...given,
})

it('counts by service and route: statuses, times, bytes', () => {
  const counts = createTrafficCounts()
  counts.count(one({}))
  counts.count(one({ status: 502, proxied: false, upstream: undefined, kong: undefined }))
  counts.count(one({ request: 70_000, upstream: 26, kong: 7000 }))
  const [series, ...others] = counts.series()
  expect(others).toEqual([])
  expect(series).toMatchObject({ service: 's', route: 'r', ingress: 300, egress: 600 })
  expect(series?.statuses).toEqual([
    { status: 200, proxied: true, count: 2 },
    { status: 502, proxied: false, count: 1 },
  ])
  expect([...(series?.upstream.counts ?? [])].slice(0, 3)).toEqual([1, 1, 0])
  expect(series?.upstream.sum).toBe(51)
  expect(series?.request.counts.at(-1)).toBe(1)
  expect([series?.kong.counts[0], series?.kong.counts.at(-1)]).toEqual([1, 1])
})

it('goes on counting where a route or a service is compiled anew', () => {
  const counts = createTrafficCounts()
  counts.count(one({}))
  counts.count(one({ route: route('r'), service: service('s', 'elsewhere') }))
  expect(counts.series().map(({ statuses }) => statuses[0]?.count)).toEqual([2])
})

it('counts anew where the same route has a service of another name', () => {
  const counts = createTrafficCounts()
  const same = route('r')
  for (const name of ['s', 't', 't']) counts.count(one({ route: same, service: service(name) }))
  const told = counts.series().map((series) => [series.service, series.statuses[0]?.count])
  expect(told).toEqual([
    ['s', 1],
    ['t', 2],
  ])
})

it('names a service by its host and a route by its id where they have no name', () => {
  const counts = createTrafficCounts()
  counts.count(one({ service: service(null, 'a.test'), route: route('id', null) }))
  expect(counts.series()).toMatchObject([{ service: 'a.test', route: 'id' }])
})

it('loses no request when there are too many routes, nor too many services', () => {
  const counts = createTrafficCounts()
  for (let i = 0; i < 5000; i++) {
    counts.count(one({ route: route(`r${i}`), service: service(`s${i % 3000}`) }))
  }
  const series = counts.series()
  const total = series
    .flatMap(({ statuses }) => statuses)
    .reduce((sum, { count }) => sum + count, 0)
  expect(total).toBe(5000)
  expect(series.length).toBeLessThanOrEqual(2001)
  expect(series.some((one) => one.service === '' && one.route === '')).toBe(true)
})

it('counts those without a service by status alone', () => {
  const counts = createTrafficCounts()
  counts.arrived()
  counts.unserved(404)
  counts.unserved(404)
  expect([counts.total, [...counts.withoutService]]).toEqual([1, [[404, 2]]])
})
