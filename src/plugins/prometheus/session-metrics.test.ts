import { expect, it } from 'vitest'
import type { SessionRecord } from '../../pdk/session.ts'
import { createRequestMetrics } from './request-metrics.ts'
import { countSession, measureSession } from './session-metrics.ts'

const place = { service: 's', route: 'r', workspace: 'default' }

function record(given: Partial<SessionRecord>): SessionRecord {
  return {
    session: { received: 1, sent: 2, status: 200, server_port: 9000 },
    upstream: { received: 2, sent: 1 },
    latencies: { kong: 3, session: 30 },
    tries: [],
    client_ip: '10.0.0.1',
    started_at: 0,
    ...given,
  }
}

const TRY = {
  ip: '10.0.0.2',
  port: 1,
  balancer_start: 0,
  balancer_latency: 0,
  balancer_start_ns: 0,
  balancer_latency_ns: 0,
}

it.each([
  { tries: [TRY], source: 'service' },
  { tries: [{ ...TRY, state: 'failed' as const }], source: 'kong' },
  { tries: [], source: 'kong' },
])('counts a session of $source', ({ tries, source }) => {
  const metrics = createRequestMetrics()
  countSession(metrics, record({ tries }), place)
  expect([...metrics.sessions.values()]).toEqual([
    { labels: { service: 's', route: 'r', code: 200, source, workspace: 'default' }, value: 1 },
  ])
})

it('measures how long a session was, and our part of it', () => {
  const metrics = createRequestMetrics()
  measureSession(metrics, record({}), place)
  const [[whole], [ours]] = [
    [...metrics.sessionDuration.values()],
    [...metrics.kongLatency.values()],
  ]
  expect(whole).toMatchObject({ labels: place, sum: 30 })
  expect(whole?.bounds[0]).toBe(25)
  expect(ours).toMatchObject({ labels: place, sum: 3 })
  expect(metrics.requestLatency.size).toBe(0)
})
