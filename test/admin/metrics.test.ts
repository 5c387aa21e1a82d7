import { expect, it } from 'vitest'
import { readMetrics } from '../../src/admin/metrics.fixture.ts'
import { clientRequest, failure, incoming, textOf } from '../proxy/fakes.ts'
import { openWhole } from './gate.ts'

async function served() {
  const whole = await openWhole(({ target, port }) => {
    if (port === 9002) return failure({ phase: 'head' })
    return target.startsWith('/missing')
      ? incoming({ status: 404 })
      : incoming({ headers: ['Content-Length', '5'], body: 'hello' })
  })
  const { admin } = whole
  await admin('POST', '/upstreams', { name: 'u', healthchecks: CHECKED })
  await admin('POST', '/upstreams/u/targets', { target: '10.0.0.1:9001' })
  await admin('POST', '/services', { name: 's', host: 'u' })
  await admin('POST', '/services/s/routes', { name: 'r', paths: ['/'] })
  await admin('POST', '/services', { name: 'down', host: '10.0.0.2', port: 9002, retries: 0 })
  await admin('POST', '/services/down/routes', { name: 'd', paths: ['/down'] })
  return whole
}

const CHECKED = { passive: { unhealthy: { tcp_failures: 3 } } }

it('tells Prometheus what passed, in Kong’s names', async () => {
  const { admin, get, gateway } = await served()
  for (const path of ['/', '/', '/missing', '/down']) await get(path)
  await gateway.handle(clientRequest({ host: 'x', target: '/', method: 'TRACE' }))
  const { status, text } = await admin('GET', '/metrics')
  expect(status).toBe(200)
  const metrics = readMetrics(text)
  const service = 's'
  const labels = { workspace: 'default', consumer: '' }
  expect(metrics.get('kong_http_requests_total')?.samples).toEqual(
    [
      { labels: { service, route: 'r', code: '200', source: 'service', ...labels }, value: 2 },
      { labels: { service, route: 'r', code: '404', source: 'service', ...labels }, value: 1 },
      { labels: { service: 'down', route: 'd', code: '502', source: 'kong', ...labels }, value: 1 },
    ].map((sample) => ({ name: 'kong_http_requests_total', ...sample })),
  )
  expect(metrics.get('kong_nginx_requests_total')?.samples[0]?.value).toBe(5)
  expect(metrics.get('gibbon_requests_without_service_total')?.samples).toEqual([
    { name: 'gibbon_requests_without_service_total', labels: { code: '405' }, value: 1 },
  ])
  expect(metrics.get('kong_node_info')?.samples[0]?.labels.version).toMatch(/^3\./)
  expect(metrics.get('kong_datastore_reachable')?.samples[0]?.value).toBe(1)
  expect(metrics.get('gibbon_config_revision')?.samples[0]?.value).toBe(6)
})

it('has a histogram of each latency, in the plugin’s buckets', async () => {
  const { admin, get } = await served()
  await get('/')
  const metrics = readMetrics((await admin('GET', '/metrics')).text)
  const bounds = (name: string) =>
    metrics
      .get(name)
      ?.samples.filter(({ name: own }) => own.endsWith('_bucket'))
      .map(({ labels }) => labels.le)
  expect(bounds('kong_kong_latency_ms')?.slice(-3)).toEqual(['3000', '6000', '+Inf'])
  expect(bounds('kong_upstream_latency_ms')?.slice(0, 2)).toEqual(['25', '50'])
  expect(bounds('kong_request_latency_ms')).toHaveLength(14)
})

it('counts bytes with their heads', async () => {
  const { admin, gateway } = await served()
  const answer = await gateway.handle(clientRequest({ host: 'a', target: '/' }))
  await textOf(answer.body)
  answer.finished?.(true)
  const metrics = readMetrics((await admin('GET', '/metrics')).text)
  const bytes = metrics.get('kong_bandwidth_bytes')?.samples ?? []
  const [ingress, egress] = ['ingress', 'egress'].map(
    (direction) => bytes.find(({ labels }) => labels.direction === direction)?.value,
  )
  expect(ingress).toBe('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.length)
  const head = ['HTTP/1.1 200 OK\r\n', ...answer.headers.map((one) => `${one}: `)].join('')
  expect(egress).toBe(`${head}\r\nhello`.length)
})

it('shows each target’s health, one state of four, and what is in flight', async () => {
  const { admin, gateway } = await served()
  await gateway.handle(clientRequest({ target: '/' }))
  const metrics = readMetrics((await admin('GET', '/metrics')).text)
  const health = metrics.get('kong_upstream_target_health')?.samples ?? []
  expect(health.map(({ labels, value }) => [labels.state, value])).toEqual([
    ['healthchecks_off', 0],
    ['healthy', 1],
    ['unhealthy', 0],
    ['dns_error', 0],
  ])
  expect(health[0]?.labels).toMatchObject({
    upstream: 'u',
    target: '10.0.0.1:9001',
    address: '10.0.0.1:9001',
    subsystem: 'http',
  })
  expect(metrics.get('gibbon_upstream_target_in_flight')?.samples[0]?.value).toBe(1)
  expect(metrics.get('gibbon_upstream_target_requests_total')?.samples[0]?.value).toBe(1)
})

it('is on the status listener too, and counts requests for /status', async () => {
  const { gateway, get } = await served()
  await get('/')
  const page = await gateway.handleStatus(clientRequest({ host: 'any.name', target: '/metrics' }))
  expect(page.status).toBe(200)
  expect(readMetrics(await textOf(page.body)).has('kong_http_requests_total')).toBe(true)
  const status = await gateway.handleStatus(clientRequest({ target: '/status' }))
  expect(JSON.parse(await textOf(status.body)).server.total_requests).toBe(1)
})
