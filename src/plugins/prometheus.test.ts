import { describe, expect, it } from 'vitest'
import { type Logging, openLogging } from '../../test/logs/open-logging.ts'
import { clientRequest, incoming, textOf } from '../../test/proxy/fakes.ts'
import { createRequestMetrics } from './prometheus/request-metrics.ts'

const ann = { username: 'ann', keyauth_credentials: [{ key: 'k' }] }
const target = { target: '10.0.0.1:80' }
const beside = { consumers: [ann], upstreams: [{ name: 'u', targets: [target] }] }

function open(config: object | undefined, given: object = {}): Promise<Logging> {
  const counting = config === undefined ? [] : [{ name: 'prometheus', config }]
  return openLogging({ plugins: [...counting, { name: 'key-auth' }], config: beside, ...given })
}

/** The lines of these metrics, without what begins with `#`. */
async function linesOf({ gateway }: Logging, ...names: readonly string[]): Promise<string[]> {
  const page = await gateway.handleStatus(clientRequest({ target: '/metrics' }))
  const lines = (await textOf(page.body)).split('\n')
  return lines.filter((line) => names.some((name) => line.startsWith(name)))
}

const FAMILIES = [
  'kong_http_requests_total',
  'kong_kong_latency_ms_count',
  'kong_upstream_latency_ms_count',
  'kong_request_latency_ms_count',
  'kong_bandwidth_bytes',
  'kong_upstream_target_health',
]
const place = 'service="echo",route="all"'
const rest = 'workspace="default",consumer=""'

describe('/metrics', () => {
  it.each([
    { flag: 'none', families: [] },
    { flag: 'status_code_metrics', families: FAMILIES.slice(0, 1) },
    { flag: 'latency_metrics', families: FAMILIES.slice(1, 4) },
    { flag: 'bandwidth_metrics', families: FAMILIES.slice(4, 5) },
    { flag: 'upstream_health_metrics', families: FAMILIES.slice(5) },
  ])('tells what $flag asks for', async ({ flag, families }) => {
    const rig = await open(flag === 'none' ? {} : { [flag]: true })
    await rig.ask('/?apikey=k')
    const lines = await linesOf(rig, ...FAMILIES)
    const found = FAMILIES.filter((name) => lines.some((line) => line.startsWith(name)))
    expect(found).toEqual(families)
  })

  it('tells everything while the plugin is nowhere', async () => {
    const rig = await open(undefined)
    await rig.ask('/?apikey=k')
    const lines = await linesOf(rig, ...FAMILIES)
    expect(FAMILIES.filter((name) => !lines.some((line) => line.startsWith(name)))).toEqual([])
  })
})

it('counts answers by status and by who made them', async () => {
  const upstream = () => incoming({ status: 201 })
  const rig = await open({ status_code_metrics: true }, { upstream })
  for (const path of ['/?apikey=k', '/?apikey=k', '/']) await rig.ask(path)
  expect(await linesOf(rig, 'kong_http_requests_total')).toEqual([
    `kong_http_requests_total{${place},code="201",source="service",${rest}} 2`,
    `kong_http_requests_total{${place},code="401",source="kong",${rest}} 1`,
  ])
})

it('counts for consumers where it is told to', async () => {
  const rig = await open({
    status_code_metrics: true,
    bandwidth_metrics: true,
    per_consumer: true,
  })
  await rig.ask('/?apikey=k')
  const lines = await linesOf(rig, 'kong_http_requests_total', 'kong_bandwidth_bytes')
  expect(lines.map((line) => line.replace(/ \d+$/, ''))).toEqual([
    `kong_http_requests_total{${place},code="200",source="service",workspace="default",consumer="ann"}`,
    `kong_bandwidth_bytes{${place},direction="ingress",workspace="default",consumer="ann"}`,
    `kong_bandwidth_bytes{${place},direction="egress",workspace="default",consumer="ann"}`,
  ])
})

it('has a histogram of each latency, and no upstream’s where none was asked', async () => {
  const rig = await open({ latency_metrics: true })
  await rig.ask('/')
  const names = ['kong', 'upstream', 'request'].map((name) => `kong_${name}_latency_ms`)
  expect(await linesOf(rig, ...names.map((name) => `${name}_count`))).toEqual(
    ['kong', 'request'].map((name) => {
      return `kong_${name}_latency_ms_count{${place},workspace="default"} 1`
    }),
  )
  expect(await linesOf(rig, 'kong_request_latency_ms_bucket')).toHaveLength(14)
  expect(await linesOf(rig, 'kong_kong_latency_ms_bucket')).toHaveLength(18)
})

it('keeps its counts when its configuration changes', async () => {
  const rig = await open({ status_code_metrics: true })
  await rig.ask('/?apikey=k')
  const plugins = [
    { name: 'prometheus', config: { status_code_metrics: true, per_consumer: true } },
  ]
  const routes = [{ name: 'all', paths: ['/'], plugins }]
  const services = [{ name: 'echo', url: 'http://echo.test:80', routes }]
  await rig.gateway.applyConfig({ _format_version: '3.0', services })
  await rig.ask('/')
  expect(await linesOf(rig, 'kong_http_requests_total')).toEqual([
    `kong_http_requests_total{${place},code="200",source="service",${rest}} 2`,
  ])
})

it('keeps so many combinations of labels and no more', async () => {
  const metrics = createRequestMetrics(2)
  for (const consumer of ['a', 'b', 'c', 'a', 'd']) metrics.count('requests', { consumer }, 1)
  expect([...metrics.requests.values()].map(({ value }) => value)).toEqual([2, 1])
  expect(metrics.errors).toBe(2)
})
