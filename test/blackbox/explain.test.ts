import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readMetrics } from '../../src/admin/metrics.fixture.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

describe.each(RUNTIMES)('explaining and measuring on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target

  beforeAll(async () => {
    target = await startTarget('a')
    gateway = await startGateway(runtime, { settings: { allow_debug_header: 'on' } })
    const made = [
      await admin('/upstreams', json({ name: 'u' })),
      await admin('/upstreams/u/targets', json({ target: `localhost:${target.port}` })),
      await admin('/services', json({ name: 's', host: 'u' })),
      await admin('/services/s/routes', json({ name: 'r', paths: ['/r'] })),
    ]
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201])
  }, 60_000)
  afterAll(async () => {
    await Promise.all([gateway?.stop(), target.close()])
  })

  const admin = (path: string, options = {}) => ask(`${gateway.adminUrl}${path}`, options)

  it('foretells where a request goes, and sends none', async () => {
    const url = encodeURIComponent(`${gateway.proxyUrl}/r/x`)
    const told = JSON.parse((await admin(`/debug/explain?url=${url}`)).body)
    expect(told).toMatchObject({
      route: { name: 'r', matched_path: '/r' },
      upstream_request: { path: '/x' },
      target: { upstream: { name: 'u' }, algorithm: 'round-robin' },
      refused: null,
    })
    expect(told.target.chosen).toContain(`:${target.port}`)
    expect(target.seen).toEqual([])

    const got = await ask(`${gateway.proxyUrl}/r/x`, { headers: { 'Kong-Debug': '1' } })
    expect([got.status, got.headers['kong-route-name']]).toEqual([200, 'r'])
    expect(target.seen.map((seen) => seen.url)).toEqual([told.upstream_request.path])
  })

  it('measures what passed', async () => {
    await ask(`${gateway.proxyUrl}/r`)
    const metrics = readMetrics((await admin('/metrics')).body)
    const [sample] = metrics.get('kong_http_requests_total')?.samples ?? []
    expect(sample?.labels).toMatchObject({ service: 's', route: 'r', code: '200' })
    expect(sample?.value).toBeGreaterThanOrEqual(1)
    expect(metrics.has('kong_upstream_target_health')).toBe(true)
    const { data } = JSON.parse((await admin('/upstreams/u/health?stats=1')).body)
    expect(data[0].stats[0]).toMatchObject({ in_flight: 0, failures: 0, drained: false })
    expect(JSON.parse((await admin('/upstreams/u/events')).body).data).toEqual([])
  })
})
