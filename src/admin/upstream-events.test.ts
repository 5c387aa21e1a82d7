import { expect, it } from 'vitest'
import { openAdmin } from '../../test/open-admin.ts'
import type { HealthEvent } from '../balancer/health-event.ts'
import type { PeerStats } from '../balancer/peer-stats.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const EVENT: HealthEvent = {
  at: 1_700_000_000_500,
  target: ID,
  peer: 'a.test:8000',
  from: 'healthy',
  to: 'unhealthy',
  reason: '3 x 503 in 4 s',
  next: { by: 'probe', at: 1_700_000_002_500 },
}
const STATS: PeerStats = {
  target: ID,
  peer: 'a.test:8000',
  weight: 0,
  inFlight: 0,
  requests: 8,
  failures: 2,
  ewma: undefined,
  latency: { p50: 4, p99: undefined, bounds: [5, 10], counts: [6, 1, 1] },
  drained: true,
}

async function opened() {
  const admin = await openAdmin({
    balancers: { events: () => [EVENT, { ...EVENT, next: undefined }], stats: () => [STATS] },
  })
  await admin.json('POST /upstreams', { name: 'u' })
  await admin.json('POST /upstreams/u/targets', { id: ID, target: 'a.test', weight: 0 })
  return admin
}

it('tells why a target went down, and what is next', async () => {
  const { body } = await (await opened()).get('/upstreams/u/events')
  expect(body).toMatchObject({ next: null, node_id: '00000000-0000-4000-8000-000000000000' })
  const [first, second] = body.data as Record<string, unknown>[]
  expect(first).toEqual({
    at: 1_700_000_000.5,
    target: { id: ID },
    address: 'a.test:8000',
    from: 'healthy',
    to: 'unhealthy',
    reason: '3 x 503 in 4 s',
    next: { by: 'probe', at: 1_700_000_002.5 },
    text: '3 x 503 in 4 s; next probe in 2 s',
  })
  expect(second?.next).toBeNull()
})

it('has no events of what is not there', async () => {
  expect((await (await opened()).get('/upstreams/none/events')).status).toBe(404)
})

it('shows figures in the health when asked', async () => {
  const admin = await opened()
  const plain = await admin.get('/upstreams/u/health')
  expect((plain.body.data as object[])[0]).not.toHaveProperty('stats')
  const { body } = await admin.get('/upstreams/u/health?stats=1')
  expect((body.data as Record<string, unknown>[])[0]?.stats).toEqual([
    {
      address: 'a.test:8000',
      in_flight: 0,
      requests: 8,
      failures: 2,
      error_ratio: 0.25,
      latency: {
        p50: 4,
        p99: null,
        ewma: null,
        buckets: [
          { le: 5, count: 6 },
          { le: 10, count: 1 },
        ],
        over: 1,
      },
      drained: true,
      obstacle: null,
    },
  ])
})

const LOOK = { target: ID, peer: 'a.test:8000', host: 'a.test', port: 8000, weight: 0 }
it.each([
  [{ kind: 'weight' }, { kind: 'weight' }],
  [
    { kind: 'aside', since: 1_700_000_000_500, until: 1_700_000_001_000 },
    { kind: 'aside', since: 1_700_000_000.5, until: 1_700_000_001 },
  ],
  [
    { kind: 'unhealthy', since: undefined, reason: 'by hand', trialAt: 1_700_000_030_000 },
    { kind: 'unhealthy', since: null, reason: 'by hand', trial_at: 1_700_000_030 },
  ],
] as const)('tells what keeps an address from being chosen: %j', async (obstacle, shown) => {
  const peers = [{ ...LOOK, inFlight: 0, ewma: undefined, obstacle }]
  const look = { checked: true, serving: true, peers, absent: [], next: undefined }
  const admin = await openAdmin({ balancers: { stats: () => [STATS], look: () => look } })
  await admin.json('POST /upstreams', { name: 'u' })
  await admin.json('POST /upstreams/u/targets', { id: ID, target: 'a.test', weight: 0 })
  const { body } = await admin.get('/upstreams/u/health?stats=1')
  expect(body.data).toMatchObject([{ stats: [{ obstacle: shown }] }])
})
