import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Peer } from '../../src/balancer/algorithm.ts'
import { createWorld, healthOf, idOf, request, traffic, type World } from './world.ts'

const A = 'localhost:9001'
const B = 'localhost:9002'
const EVEN = { [A]: 100, [B]: 100 }

/** Passive checks with these limits. */
function passive(unhealthy: Record<string, unknown>, threshold = 0): unknown {
  return { passive: { unhealthy }, threshold }
}

function worldWith(healthchecks?: unknown, targets: Record<string, number> = EVEN): World {
  const world = createWorld()
  world.configure([{ name: 'u', targets, ...(healthchecks === undefined ? {} : { healthchecks }) }])
  return world
}

describe('without checks', () => {
  it('alternates', async () => {
    const { order } = await traffic(worldWith(), 'u', { count: 6 })
    expect(order).toEqual([A, B, A, B, A, B])
  })

  it('fails no request while a target refuses connections, and seldom asks it', async () => {
    const world = worldWith()
    world.targets.set(B, 'refuse')
    let asked = 0
    for (let i = 0; i < 2000; i++) {
      const { status, tried } = await request(world, world.balancers.find('u'))
      expect(status).toBe(200)
      if (tried.includes(B)) asked++
      await world.advance(5)
    }
    // 0.2 s, 0.4 s, 0.8 s, … within 10 s.
    expect(asked).toBeGreaterThan(3)
    expect(asked).toBeLessThan(10)
    expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHCHECKS_OFF', [B]: 'HEALTHCHECKS_OFF' })
  })

  it('takes a target back at the first connection', async () => {
    const world = worldWith()
    world.targets.set(B, 'refuse')
    await traffic(world, 'u', { count: 20 })
    world.targets.set(B, 200)
    await world.advance(2000)
    expect((await traffic(world, 'u', { count: 20 })).share(B)).toBe(0.5)
  })

  it('never answers 503 for set-aside targets: the least recently failed is tried', async () => {
    const world = worldWith()
    world.targets.set(A, 'refuse').set(B, 'refuse')
    for (let i = 0; i < 50; i++) {
      const { status, tried } = await request(world, world.balancers.find('u'))
      expect(status).toBe(502)
      expect([...tried].sort()).toEqual([A, B])
      await world.advance(10)
    }
    world.targets.set(A, 200)
    expect((await request(world, world.balancers.find('u'))).status).toBe(200)
  })

  it('lets one request through after a pause, the others wait for its fate', async () => {
    const world = worldWith()
    const balancer = world.balancers.find('u')
    world.targets.set(B, 'refuse')
    await traffic(world, 'u', { count: 4 })
    await world.advance(1000)
    const picked = Array.from({ length: 10 }, () => balancer?.pick(new Set())?.id)
    expect(picked.filter((id) => id === B)).toHaveLength(1)
  })

  it('counts failures of requests sent together as one', async () => {
    const world = worldWith()
    const balancer = world.balancers.find('u')
    const peers = Array.from({ length: 100 }, () => balancer?.pick(new Set()))
    for (const peer of peers) if (peer?.id === B) balancer?.connectFailed(peer)
    await world.advance(260)
    const next = Array.from({ length: 2 }, () => balancer?.pick(new Set())?.id)
    expect(next).toContain(B)
  })

  it('leaves nobody alone when the setting is 0', async () => {
    const world = createWorld({ connectBackoff: 0 })
    world.configure([{ name: 'u', targets: EVEN }])
    world.targets.set(B, 'refuse')
    let asked = 0
    for (let i = 0; i < 30; i++) {
      const { status, tried } = await request(world, world.balancers.find('u'))
      expect(status).toBe(200)
      if (tried.includes(B)) asked++
    }
    expect(asked).toBeGreaterThan(9)
  })
})

it('tries each peer at most once, and all of them before it gives up (G5)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(200), { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(7)),
      (weights, failing) => {
        const targets = Object.fromEntries(weights.map((weight, i) => [`h${i}:80`, weight]))
        const world = worldWith(undefined, targets)
        const balancer = world.balancers.find('u')
        const tried = new Set<Peer>()
        for (;;) {
          const peer = balancer?.pick(tried)
          if (peer === undefined) break
          expect(tried.has(peer)).toBe(false)
          tried.add(peer)
          if (failing.includes(tried.size)) balancer?.connectFailed(peer)
        }
        expect(tried.size).toBe(weights.filter((weight) => weight > 0).length)
      },
    ),
  )
})

describe('passive checks (G6)', () => {
  it('eject by statuses, and a person brings back', async () => {
    const world = worldWith(passive({ http_failures: 3 }))
    world.targets.set(B, 500)
    const { failed } = await traffic(world, 'u', { count: 100 })
    expect(failed).toBe(3)
    expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHY', [B]: 'UNHEALTHY' })

    world.targets.set(B, 200)
    expect((await traffic(world, 'u', { count: 1000 })).share(B)).toBe(0)
    expect(world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, true)).toBeUndefined()
    expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHY', [B]: 'HEALTHY' })
    expect((await traffic(world, 'u', { count: 10 })).share(B)).toBe(0.5)
  })

  it.each([
    { does: 'reset' as const, limits: { tcp_failures: 2 } },
    { does: 'refuse' as const, limits: { tcp_failures: 1 } },
    { does: 'hang' as const, limits: { timeouts: 2 } },
  ])('eject a target that would $does', async ({ does, limits }) => {
    const world = worldWith(passive(limits))
    world.targets.set(B, does)
    expect((await traffic(world, 'u', { count: 100 })).failed).toBe(0)
    expect(healthOf(world, 'u')[B]).toBe('UNHEALTHY')
  })

  it('take no more than the limit and what was in flight', async () => {
    const world = worldWith(passive({ http_failures: 3 }))
    const balancer = world.balancers.find('u')
    const inFlight = Array.from({ length: 20 }, () => balancer?.pick(new Set()))
    for (const peer of inFlight) {
      if (peer?.id === B) balancer?.observe(peer, { kind: 'status', status: 500 })
    }
    expect(balancer?.pick(new Set())?.id).toBe(A)
    expect(balancer?.pick(new Set())?.id).toBe(A)
  })

  it('answer 503 when all are ejected, and say so', async () => {
    const world = worldWith(passive({ http_failures: 1 }))
    world.targets.set(A, 500).set(B, 503)
    await traffic(world, 'u', { count: 4 })
    expect(world.balancers.find('u')?.available).toBe(false)
    expect(await request(world, world.balancers.find('u'))).toEqual({ status: 503, tried: [] })
    expect(world.balancers.summary(idOf(0))).toMatchObject({
      health: 'UNHEALTHY',
      balancer_health: 'UNHEALTHY',
      details: { healthy: false, weight: { total: 200, unavailable: 200, available: 0 } },
    })
  })
})

describe('an ejected target nobody probes', () => {
  async function ejected(limits: Record<string, unknown> = { http_failures: 1 }): Promise<World> {
    const world = worldWith(passive(limits))
    world.targets.set(B, 500)
    await traffic(world, 'u', { count: 4 })
    return world
  }

  it('stays out for 30 s, then one request tells', async () => {
    const world = await ejected()
    world.targets.set(B, 200)
    await world.advance(29_000)
    expect((await traffic(world, 'u', { count: 10 })).share(B)).toBe(0)
    await world.advance(1_000)
    expect((await traffic(world, 'u', { count: 10 })).share(B)).toBe(0.5)
    expect(healthOf(world, 'u')[B]).toBe('HEALTHY')
  })

  it('gets one request per growing pause', async () => {
    const world = await ejected()
    let asked = 0
    for (let second = 0; second < 300; second++) {
      for (let i = 0; i < 5; i++) {
        if (world.balancers.find('u')?.pick(new Set())?.id === B) asked++
      }
      await world.advance(1000)
    }
    // At 30 s, then once a minute.
    expect(asked).toBe(5)
  })

  it('is not risked by a request that cannot be retried', async () => {
    const world = await ejected()
    await world.advance(40_000)
    const pick = () => world.balancers.find('u')?.pick(new Set(), { trial: false })?.id
    expect([pick(), pick(), pick()]).toEqual([A, A, A])
  })

  it('is the last choice when nobody else is left', async () => {
    const world = await ejected()
    world.targets.set(A, 500)
    await traffic(world, 'u', { count: 4 })
    world.targets.set(A, 200).set(B, 200)
    expect((await request(world, world.balancers.find('u'))).status).toBe(503)
    await world.advance(31_000)
    expect((await traffic(world, 'u', { count: 10 })).failed).toBe(0)
  })

  it('stays out when a person took it out', async () => {
    const world = worldWith(passive({ http_failures: 1 }))
    world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, false)
    await world.advance(200_000)
    expect((await traffic(world, 'u', { count: 10 })).share(B)).toBe(0)
  })

  it('does not come back by a failure, whatever its status', async () => {
    const world = await ejected()
    world.targets.set(B, 502)
    await world.advance(31_000)
    await traffic(world, 'u', { count: 10 })
    expect(healthOf(world, 'u')[B]).toBe('UNHEALTHY')
  })
})

describe('threshold', () => {
  it.each([
    { threshold: 0, dead: [A], available: true },
    { threshold: 49.9, dead: [A], available: true },
    { threshold: 50, dead: [A], available: false },
    { threshold: 50, dead: [], available: true },
    { threshold: 100, dead: [], available: false },
  ])('$threshold with dead $dead is available: $available', ({ threshold, dead, available }) => {
    const world = worldWith(passive({ http_failures: 1 }, threshold))
    for (const address of dead) {
      world.balancers.mark(idOf(0), `target of 0: ${address}`, undefined, false)
    }
    expect(world.balancers.find('u')?.available).toBe(available)
    expect(world.balancers.find('u')?.pick(new Set()) !== undefined).toBe(available)
  })

  it('does not count weight 0, which takes no traffic', async () => {
    const world = worldWith(passive({ http_failures: 1 }, 50), { [A]: 0, [B]: 10 })
    expect((await traffic(world, 'u', { count: 4 })).share(B)).toBe(1)
    expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHCHECKS_OFF', [B]: 'HEALTHY' })
  })
})

it('has nobody without targets, or with weight 0 alone', () => {
  expect(worldWith(undefined, {}).balancers.find('u')?.pick(new Set())).toBeUndefined()
  expect(worldWith(undefined, { [A]: 0 }).balancers.find('u')?.available).toBe(false)
})

describe('marking by hand', () => {
  it('needs a checker; a target or address that is not there is told in the log', () => {
    const unchecked = worldWith()
    const id = `target of 0: ${A}`
    expect(unchecked.balancers.mark(idOf(0), id, undefined, false)).toBe(
      'no healthchecker found for u',
    )
    const { balancers, logged } = worldWith(passive({ timeouts: 1 }))
    expect(balancers.mark(idOf(7), id, undefined, false)).toBe('upstream not found')
    expect(balancers.mark(idOf(0), 'other', undefined, false)).toBeUndefined()
    expect(balancers.mark(idOf(0), id, '1.2.3.4:9001', false)).toBeUndefined()
    expect(logged).toEqual(['Nothing to mark is known', 'Nothing to mark is known'])
    expect(balancers.mark(idOf(0), id, A, false)).toBeUndefined()
    expect(logged.slice(2)).toEqual(['Target is unhealthy'])
  })

  it('clears the counters', async () => {
    const world = worldWith(passive({ http_failures: 2 }))
    world.targets.set(B, 500)
    await traffic(world, 'u', { count: 2 })
    world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, true)
    await traffic(world, 'u', { count: 2 })
    expect(healthOf(world, 'u')[B]).toBe('HEALTHY')
  })
})

describe('a single host', () => {
  it('is always the choice, failing or not', () => {
    const world = createWorld()
    const balancer = world.balancers.single('::1', 80)
    expect(world.balancers.single('::1', 80)).toBe(balancer)
    const peer = balancer.pick(new Set())
    expect(peer).toMatchObject({ port: 80, host: '[0000:0000:0000:0000:0000:0000:0000:0001]' })
    if (peer === undefined) throw new Error('no peer')
    balancer.connectFailed(peer)
    expect(balancer.pick(new Set())).toBe(peer)
    expect(balancer.pick(new Set([peer]))).toBeUndefined()
    expect(balancer.upstream).toBeUndefined()
  })
})
