import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import type { HealthView } from './upstream-health.ts'

const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'
const NODE = '00000000-0000-4000-8000-000000000000'
const WEIGHT = { total: 100, unavailable: 0, available: 100 }
const DATA = {
  host: 'a.test',
  port: 8000,
  dns: 'A',
  nodeWeight: 100,
  weight: WEIGHT,
  addresses: [],
}

let admin: Gate
let marks: unknown[]
let refusal: string | undefined
let lookedUp: Promise<void> | undefined
const balancers: Partial<HealthView> = {
  health: () => [{ targetId: A, health: 'HEALTHY', data: DATA }],
  summary: (id) => ({
    id,
    health: 'HEALTHCHECKS_OFF',
    balancer_health: 'HEALTHY',
    details: { healthy: true, weight: WEIGHT, hosts: [] },
  }),
  lookedUp: () => lookedUp,
  mark(...order) {
    marks.push(order.slice(1))
    return refusal
  },
}

beforeEach(async () => {
  marks = []
  refusal = undefined
  lookedUp = undefined
  admin = await openAdmin({ balancers })
  await admin.json('POST /upstreams', { name: 'u' })
  await admin.json('POST /upstreams', { name: 'other' })
  for (const [id, target] of [
    [A, 'a.test'],
    [B, 'b.test'],
  ]) {
    await admin.json('POST /upstreams/u/targets', { id, target, created_at: Number(id?.[0]) })
  }
})

describe('GET /upstreams/{u}/health', () => {
  it('shows the targets in their list order; what no balancer knows is left out', async () => {
    const { body } = await admin.get('/upstreams/u/health')
    expect(body).toMatchObject({ node_id: NODE, next: null })
    const [b, a] = body.data as Record<string, unknown>[]
    expect(a).toMatchObject({ id: A, target: 'a.test:8000', health: 'HEALTHY', data: DATA })
    expect(b).not.toHaveProperty('health')
    expect(b).not.toHaveProperty('data')
  })

  it.each(['', '?balancer_health=1'])(
    'waits until the names are known (health%s)',
    async (query) => {
      let known = () => {}
      lookedUp = new Promise((resolve) => {
        known = resolve
      })
      let answered = false
      const asked = admin.get(`/upstreams/u/health${query}`).then(() => {
        answered = true
      })
      await settled()
      expect(answered).toBe(false)
      known()
      await asked
    },
  )

  it('pages as the target list does', async () => {
    const { ids, body } = await admin.get('/upstreams/u/health?size=1')
    expect([ids, body.offset, body.next]).toEqual([[B], '1', '/upstreams/u/health?offset=1'])
  })

  it('shows the balancer on demand', async () => {
    const { body } = await admin.get('/upstreams/u/health?balancer_health=1')
    expect(body).toMatchObject({
      data: { health: 'HEALTHCHECKS_OFF', balancer_health: 'HEALTHY' },
      next: null,
      node_id: NODE,
    })
  })

  it.each(['=true', '=0', ''])('shows the targets for balancer_health%s', async (word) => {
    expect((await admin.get(`/upstreams/u/health?balancer_health${word}`)).ids).toEqual([B, A])
  })

  it('is absent without the upstream', async () => {
    expect((await admin.get('/upstreams/none/health')).status).toBe(404)
  })
})

describe('setting health by hand', () => {
  it.each([
    ['PUT', `${A}/healthy`, [A, undefined, true]],
    ['POST', `${A}/healthy`, [A, undefined, true]],
    ['PUT', 'a.test:8000/unhealthy', [A, undefined, false]],
    ['PUT', `${A}/10.0.0.1:80/unhealthy`, [A, '10.0.0.1:80', false]],
    ['PUT', `${A}/10.0.0.1/healthy`, [A, '10.0.0.1:8000', true]],
  ])('%s %s', async (method, path, order) => {
    const { status, text } = await admin.send(method, `/upstreams/u/targets/${path}`)
    expect([status, text]).toEqual([204, ''])
    expect(marks).toEqual([order])
  })

  it.each([
    ['PUT', `/upstreams/other/targets/${A}/healthy`, 404],
    ['PUT', '/upstreams/none/targets/x/healthy', 404],
    ['PUT', '/upstreams/u/targets/none/healthy', 404],
    ['GET', `/upstreams/u/targets/${A}/healthy`, 405],
  ])('%s %s answers %i', async (method, path, status) => {
    expect((await admin.send(method, path)).status).toBe(status)
    expect(marks).toEqual([])
  })

  it('waits until the names are known', async () => {
    let known = () => {}
    lookedUp = new Promise((resolve) => {
      known = resolve
    })
    const asked = admin.send('PUT', `/upstreams/u/targets/${A}/healthy`)
    await settled()
    expect(marks).toEqual([])
    known()
    await asked
    expect(marks).toHaveLength(1)
  })

  it('hands on why the balancer refuses', async () => {
    refusal = 'no healthchecker found for u'
    expect(await admin.send('PUT', `/upstreams/u/targets/${A}/healthy`)).toMatchObject({
      status: 400,
      body: { message: 'no healthchecker found for u' },
    })
  })
})

/** Lets all that waits for nothing but its turn be done. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}
