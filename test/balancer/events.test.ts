import { describe, expect, it } from 'vitest'
import { eventText } from '../../src/balancer/health-event.ts'
import { play } from './load.ts'
import { createKV, createWorld, healthOf, idOf, request, traffic, type World } from './world.ts'

const A = 'localhost:9001'
const B = 'localhost:9002'
const EVEN = { [A]: 100, [B]: 100 }

function worldWith(healthchecks: unknown, options: Parameters<typeof createWorld>[0] = {}): World {
  const world = createWorld(options)
  world.configure([{ name: 'u', targets: EVEN, healthchecks }])
  return world
}

const texts = (world: World) => world.balancers.events(idOf(0)).map(eventText)
const PASSIVE = { passive: { unhealthy: { http_failures: 3 } } }

describe('events', () => {
  it('tell why a target went and what is next, newest first', async () => {
    const world = worldWith(PASSIVE)
    world.targets.set(B, 503)
    await traffic(world, 'u', { count: 6, every: 1000 })
    world.targets.set(B, 200)
    const at = world.now()
    await world.advance(31_000)
    await traffic(world, 'u', { count: 2 })
    expect(texts(world)).toEqual([
      'request on trial answered 200',
      expect.stringMatching(/^3 x 503 in 4 s; next request on trial in 30 s$/),
    ])
    const [back, out] = world.balancers.events(idOf(0))
    expect(out).toMatchObject({ target: `target of 0: ${B}`, peer: B })
    expect(out).toMatchObject({ from: 'healthy', to: 'unhealthy', next: { by: 'trial' } })
    expect(out?.at).toBeLessThan(at)
    expect(back).toMatchObject({ from: 'unhealthy', to: 'healthy', next: undefined })
  })

  it('tell of probes, and when the next comes', async () => {
    const world = worldWith({
      active: {
        healthy: { interval: 2, successes: 2 },
        unhealthy: { interval: 5, http_failures: 1, tcp_failures: 1 },
      },
    })
    world.targets.set(B, 'refuse')
    await world.advance(3000)
    expect(texts(world)).toEqual(['probe failed to connect; next probe in 3 s'])
    world.targets.set(B, 200)
    await world.advance(12_000)
    expect(texts(world)[0]).toBe('probe answered 200 twice')
  })

  it('tell of a person’s word, even one that changes nothing', () => {
    const world = worldWith(PASSIVE)
    const mark = (healthy: boolean) =>
      world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, healthy)
    mark(true)
    mark(false)
    expect(texts(world)).toEqual(['by hand; stays out until set healthy', 'by hand'])
  })

  it('tell of what another node saw', async () => {
    const kv = createKV(true)
    const [one, two] = [worldWith(PASSIVE, { kv }), worldWith(PASSIVE, { kv })]
    await one.advance(100)
    one.targets.set(B, 503)
    await traffic(one, 'u', { count: 6 })
    await two.advance(2000)
    expect(texts(two)[0]).toMatch(/^3 x 503 in .* \(seen by another node\); next request on trial/)
  })

  it('keep the last fifty, and are none for an upstream that is not there', () => {
    const world = worldWith(PASSIVE)
    for (let i = 0; i < 60; i++) {
      world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, i % 2 === 1)
    }
    expect(texts(world)).toHaveLength(50)
    expect(world.balancers.events(idOf(7))).toEqual([])
    expect(world.balancers.stats(idOf(7))).toEqual([])
  })
})

describe('stats', () => {
  it('count requests, failures and latencies of each peer', () => {
    const world = worldWith({})
    play(world, 'u', {
      clients: 2,
      duration: 1000,
      latencyOf: (address) => (address === A ? 8 : 40),
      statusOf: (address) => (address === A ? 200 : 502),
    })
    const [a, b] = world.balancers.stats(idOf(0))
    expect(a).toMatchObject({ target: `target of 0: ${A}`, peer: A, failures: 0, inFlight: 0 })
    expect(a?.latency.counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20)
    expect(a?.latency.counts).toHaveLength((a?.latency.bounds.length ?? 0) + 1)
    expect(a?.latency.p99).toBeGreaterThan(7)
    expect(a?.latency.p99).toBeLessThanOrEqual(10)
    expect(b?.latency.p50).toBeGreaterThan(30)
    // The last ones were still waited for.
    expect((b?.requests ?? 0) - (b?.failures ?? 0)).toBeLessThanOrEqual(2)
  })

  it('say when a target of weight 0 can be removed', () => {
    const world = worldWith({})
    const balancer = world.balancers.find('u')
    const peer = balancer?.pick(new Set())
    if (balancer === undefined || peer === undefined) throw new Error('no peer')
    const drained = () =>
      world.balancers.stats(idOf(0)).find((one) => one.peer === peer.id)?.drained
    balancer.started(peer)
    expect(drained()).toBe(false)
    world.configure([{ name: 'u', targets: { ...EVEN, [peer.id]: 0 } }])
    expect(drained()).toBe(false)
    balancer.ended(peer)
    expect(drained()).toBe(true)
  })
})

describe('a slow return', () => {
  const share = async (world: World) => {
    let [b, all] = [0, 0]
    for (let i = 0; i < 400; i++) {
      const { tried } = await request(world, world.balancers.find('u'))
      if (tried.at(-1) === B) b++
      all++
    }
    return b / all
  }

  it.each(['round-robin', 'least-connections'])(
    'lets the weight of a recovered target grow (%s)',
    async (algorithm) => {
      const world = createWorld({ slowStart: 10_000, tickEvery: 1000 })
      world.configure([{ name: 'u', targets: EVEN, healthchecks: PASSIVE, algorithm }])
      const mark = (healthy: boolean) =>
        world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, healthy)
      const load = { clients: 22, duration: 200, latencyOf: () => 10 }
      expect(play(world, 'u', load).share(B)).toBeCloseTo(0.5, 1)
      mark(false)
      await world.advance(1000)
      mark(true)
      expect(play(world, 'u', load).share(B)).toBeCloseTo(1 / 11, 1)
      await world.advance(3800)
      expect(play(world, 'u', load).share(B)).toBeCloseTo(5 / 15, 1)
      await world.advance(6000)
      expect(play(world, 'u', load).share(B)).toBeCloseTo(0.5, 1)
    },
  )

  it('forgets how slow a target was before it was down, so that latency asks it again', async () => {
    const world = createWorld()
    world.configure([{ name: 'u', targets: EVEN, healthchecks: PASSIVE, algorithm: 'latency' }])
    const slow = (address: string) => (address === B ? 8000 : 10)
    play(world, 'u', { clients: 8, duration: 9000, latencyOf: slow })
    for (const healthy of [false, true]) {
      world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, healthy)
    }
    const load = { clients: 8, duration: 1000, latencyOf: () => 10 }
    expect(play(world, 'u', load).share(B)).toBeGreaterThan(0.3)
  })

  it('is exact in its steps, and over in time without a tick', async () => {
    const world = createWorld({ slowStart: 10_000 })
    world.configure([{ name: 'u', targets: EVEN, healthchecks: PASSIVE }])
    for (const healthy of [false, true]) {
      world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, healthy)
    }
    for (let tenth = 1; tenth <= 10; tenth++) {
      expect(await share(world)).toBeCloseTo(tenth / (10 + tenth), 1)
      world.wait(1000)
    }
    expect(healthOf(world, 'u')[B]).toBe('HEALTHY')
    expect(world.balancers.summary(idOf(0))?.details.weight.total).toBe(200)
  })

  it('is off by default', async () => {
    const world = worldWith(PASSIVE)
    for (const healthy of [false, true]) {
      world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, healthy)
    }
    expect(await share(world)).toBe(0.5)
  })
})
