import { describe, expect, it } from 'vitest'
import {
  createWorld,
  healthOf,
  idOf,
  request,
  traffic,
  type UpstreamInput,
  type World,
} from './world.ts'

const A = 'localhost:9001'
const B = 'localhost:9002'
const INTERVAL = 500

/** Active checks every half second, one success or failure deciding. */
function active(more: Record<string, unknown> = {}): unknown {
  return {
    active: {
      healthy: { interval: 0.5, successes: 1 },
      unhealthy: { interval: 0.5, tcp_failures: 1, timeouts: 1, http_failures: 1 },
      ...more,
    },
  }
}

function worldWith(healthchecks: unknown, more: Partial<UpstreamInput> = {}): World {
  const world = createWorld()
  world.configure([{ name: 'u', targets: { [A]: 100, [B]: 100 }, healthchecks, ...more }])
  return world
}

describe('active checks (G7)', () => {
  it.each(['refuse', 'reset', 'garbage', 500, 404] as const)(
    'see a target that would %s, and see it well again',
    async (does) => {
      const world = worldWith(active())
      await world.advance(3000)
      expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHY', [B]: 'HEALTHY' })

      world.targets.set(B, does)
      await traffic(world, 'u', { count: 100 })
      await world.advance(2 * INTERVAL)
      expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHY', [B]: 'UNHEALTHY' })
      expect((await traffic(world, 'u', { count: 50 })).share(B)).toBe(0)

      world.targets.set(B, 200)
      await world.advance(2 * INTERVAL)
      expect((await traffic(world, 'u', { count: 50 })).share(B)).toBe(0.5)
    },
  )

  it('see a target that hangs within the timeout, which holds up no other', async () => {
    const world = worldWith(active({ timeout: 0.3 }))
    world.targets.set(B, 'hang')
    await world.advance(INTERVAL + 400)
    expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHY', [B]: 'UNHEALTHY' })
    world.sent.length = 0
    await world.advance(2000)
    expect(world.sent.filter(({ address }) => address === A)).toHaveLength(4)
  })

  it('bring back a target that connect backoff had set aside', async () => {
    const world = worldWith(active())
    world.targets.set(B, 'refuse')
    await traffic(world, 'u', { count: 2000 })
    world.targets.set(B, 200)
    await world.advance(2 * INTERVAL)
    expect((await traffic(world, 'u', { count: 20 })).share(B)).toBe(0.5)
  })

  it('bring all of them back (G8)', async () => {
    const world = worldWith(active())
    world.targets.set(A, 'refuse').set(B, 'refuse')
    await world.advance(2 * INTERVAL + 500)
    expect((await request(world, world.balancers.find('u'))).status).toBe(503)
    world.targets.clear()
    await world.advance(2 * INTERVAL)
    expect((await traffic(world, 'u', { count: 20 })).failed).toBe(0)
  })
})

describe('a round', () => {
  it('comes one interval after the start, and then each interval', async () => {
    const world = worldWith(active())
    const start = world.now()
    await world.advance(450)
    expect(world.sent).toHaveLength(0)
    await world.advance(1600)
    expect(world.sent.map(({ at }) => at - start)).toEqual([
      500, 500, 1000, 1000, 1500, 1500, 2000, 2000,
    ])
  })

  it('goes on in its beat when something else of the upstream changes', async () => {
    const world = worldWith(active())
    for (let weight = 1; weight < 20; weight++) {
      await world.advance(100)
      world.configure([{ name: 'u', targets: { [A]: weight, [B]: 1 }, healthchecks: active() }])
    }
    expect(world.sent.filter(({ address }) => address === A).length).toBeGreaterThanOrEqual(3)
  })

  it('asks targets that are up and down at intervals of their own, weight 0 never', async () => {
    const world = worldWith(
      active({
        healthy: { interval: 10, successes: 1 },
        unhealthy: { interval: 1, tcp_failures: 1 },
      }),
      { targets: { [A]: 100, [B]: 100, 'localhost:9003': 0 } },
    )
    world.targets.set(B, 'refuse')
    await world.advance(10_000)
    world.sent.length = 0
    await world.advance(9_000)
    const counts = [A, B, 'localhost:9003'].map(
      (one) => world.sent.filter(({ address }) => address === one).length,
    )
    expect(counts).toEqual([0, 9, 0])
  })

  it('has no more under way than concurrency allows, and none twice', async () => {
    const targets = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`h${i}:80`, 100]))
    const world = worldWith(active({ concurrency: 10, timeout: 2 }), { targets })
    for (const address of Object.keys(targets)) world.targets.set(address, 'hang')
    await world.advance(INTERVAL + 1000)
    expect(world.sent).toHaveLength(10)
    await world.advance(5000)
    expect(world.sent.length).toBe(40)
    const first = world.sent.slice(0, 25).map(({ address }) => address)
    expect(new Set(first).size).toBe(25)
  })

  it('ends with the checks', async () => {
    const world = worldWith(active())
    await world.advance(1000)
    world.sent.length = 0
    world.configure([{ name: 'u', targets: { [A]: 100, [B]: 100 } }])
    await world.advance(5000)
    expect(world.sent).toHaveLength(0)
    expect(healthOf(world, 'u')[A]).toBe('HEALTHCHECKS_OFF')
  })

  it('is another process’s business where probing is off', async () => {
    const world = createWorld({ probing: false })
    world.configure([{ name: 'u', targets: { [A]: 1 }, healthchecks: active() }])
    await world.advance(5000)
    expect(world.sent).toHaveLength(0)
  })
})

describe('a probe', () => {
  const sentBy = async (more: Record<string, unknown>, upstream: Partial<UpstreamInput> = {}) => {
    const world = worldWith(active(more), { targets: { [A]: 100 }, ...upstream })
    await world.advance(INTERVAL)
    return world.sent[0]?.outgoing
  }

  it('is a GET on a connection of its own', async () => {
    expect(await sentBy({ http_path: '/status', timeout: 2 })).toMatchObject({
      scheme: 'http',
      host: 'localhost',
      port: 9001,
      method: 'GET',
      target: '/status',
      headers: ['Host', 'localhost', 'Connection', 'close'],
      connectTimeout: 2000,
      readTimeout: 2000,
      fresh: true,
      body: undefined,
    })
  })

  it('bears the upstream’s host_header and the custom headers', async () => {
    const headers = { 'X-Check': ['a', 'b'], Connection: ['upgrade'] }
    const sent = await sentBy({ headers }, { host_header: 'example.com' })
    expect(sent?.headers).toEqual([
      'Host',
      'example.com',
      'X-Check',
      'a',
      'X-Check',
      'b',
      'Connection',
      'close',
    ])
  })

  it.each([
    { type: 'https', scheme: 'https', tls: { serverName: 'localhost', verify: true } },
    { type: 'grpcs', scheme: 'https', tls: { serverName: 'localhost', verify: true } },
    { type: 'grpc', scheme: 'http', tls: undefined },
  ])('of type $type goes by $scheme', async ({ type, scheme, tls }) => {
    const sent = await sentBy({ type })
    expect(sent?.scheme).toBe(scheme)
    expect(sent?.tls).toEqual(tls)
  })

  it('takes its SNI and its trust from the configuration', async () => {
    const more = { type: 'https', https_sni: 'sni.test', https_verify_certificate: false }
    expect((await sentBy(more))?.tls).toEqual({ serverName: 'sni.test', verify: false })
  })

  it('shows the upstream’s certificate', async () => {
    const id = idOf(7)
    const sent = await sentBy({ type: 'https' }, { client_certificate: { id } })
    expect(sent?.tls?.clientCertificate).toEqual({ id, cert: 'cert', key: 'key' })
  })

  it('of type tcp opens a connection only', async () => {
    const world = worldWith(active({ type: 'tcp' }))
    world.targets.set(B, 'refuse')
    await world.advance(INTERVAL)
    expect(world.sent[0]?.outgoing).toBeUndefined()
    expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHY', [B]: 'UNHEALTHY' })
    world.targets.set(B, 200)
    await world.advance(INTERVAL)
    expect(healthOf(world, 'u')[B]).toBe('HEALTHY')
  })

  it.each(['http', 'tcp'])('of type %s says nothing when we cannot even ask', async (type) => {
    const world = worldWith(active({ type }))
    world.targets.set(B, 'lack')
    await world.advance(5000)
    expect(healthOf(world, 'u')[B]).toBe('HEALTHY')
  })

  it('says nothing by a status in neither list', async () => {
    const world = worldWith(active())
    world.targets.set(B, 418)
    await world.advance(5000)
    expect(healthOf(world, 'u')[B]).toBe('HEALTHY')
  })
})

it('gives an ejected target a trial when probes cannot bring it back', async () => {
  const world = worldWith(active({ healthy: { interval: 0.5, successes: 0 } }))
  world.targets.set(B, 500)
  await world.advance(INTERVAL)
  world.targets.set(B, 200)
  await world.advance(29_000)
  expect(healthOf(world, 'u')[B]).toBe('UNHEALTHY')
  await world.advance(2000)
  expect((await traffic(world, 'u', { count: 20 })).share(B)).toBe(0.5)
})

it('asks to be ticked in time for what is next', async () => {
  const world = worldWith(active())
  expect(await world.balancers.tick(world.now())).toBe(INTERVAL)
  expect(await world.balancers.tick(world.now() + 200)).toBe(INTERVAL - 200)
  const idle = createWorld()
  expect(await idle.balancers.tick(idle.now())).toBe(1000)
})
