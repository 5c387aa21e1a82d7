import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Peer } from '../../src/balancer/algorithm.ts'
import { play } from './load.ts'
import { createWorld, idOf, request, type World } from './world.ts'

const FAST = 'fast:80'
const SLOW = 'slow:80'

function worldWith(algorithm: string, targets: Record<string, number>): World {
  const world = createWorld()
  world.configure([{ name: 'u', targets, ...fieldsOf(algorithm) }])
  return world
}

function fieldsOf(algorithm: string): { algorithm: string } | { hash_on: string } {
  return algorithm === 'consistent-hashing' ? { hash_on: 'ip' } : { algorithm }
}

const EVEN = { [FAST]: 100, [SLOW]: 100 }
const latencyOf = (address: string) => (address === FAST ? 5 : 100)
const ten = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`h${i}:80`, 100]))
const ALL = ['round-robin', 'consistent-hashing', 'least-connections', 'latency']

describe('with targets of 5 and 100 ms (G13)', () => {
  it.each([
    { algorithm: 'least-connections', share: 0.75 },
    { algorithm: 'latency', share: 0.7 },
  ])('$algorithm gives the fast one $share', ({ algorithm, share }) => {
    for (const clients of [2, 8, 32]) {
      const load = { clients, duration: 10_000, latencyOf }
      const result = play(worldWith(algorithm, EVEN), 'u', load)
      expect(result.share(FAST)).toBeGreaterThanOrEqual(share)
      const plain = play(worldWith('round-robin', EVEN), 'u', load)
      expect(result.answered).toBeGreaterThanOrEqual(1.5 * plain.answered)
    }
  })
})

describe('with one slow target of ten', () => {
  const load = {
    clients: 20,
    duration: 20_000,
    latencyOf: (address: string) => (address === 'h3:80' ? 500 : 10),
  }

  it('least-connections and latency keep most requests off it, where round-robin collapses', () => {
    const share = (algorithm: string) => play(worldWith(algorithm, ten), 'u', load).share('h3:80')
    expect(share('round-robin')).toBeGreaterThan(0.09)
    expect(share('least-connections')).toBeLessThan(0.01)
    expect(share('latency')).toBeLessThan(0.002)
  })

  it('latency answers 99 of 100 as fast as the fast ones do', () => {
    expect(play(worldWith('latency', ten), 'u', load).within(0.99)).toBe(10)
    expect(play(worldWith('round-robin', ten), 'u', load).within(0.99)).toBe(500)
  })
})

describe('latency', () => {
  it('asks a target that was slow again once it is fast', () => {
    const changes = (address: string, at: number) => (address === FAST || at > 20_000 ? 5 : 100)
    const world = worldWith('latency', EVEN)
    play(world, 'u', { clients: 4, duration: 60_000, latencyOf: changes })
    const after = play(world, 'u', { clients: 4, duration: 10_000, latencyOf: () => 5 })
    expect(after.share(SLOW)).toBeGreaterThan(0.4)
  })

  it('leaves a target that hangs before anything times out', () => {
    const hangs = (address: string, at: number) => (address === 'h3:80' && at > 2000 ? 60_000 : 10)
    const world = worldWith('latency', ten)
    const { sent } = play(world, 'u', { clients: 20, duration: 2000, latencyOf: hangs })
    const before = sent.get('h3:80') ?? 0
    expect(before).toBeGreaterThan(200)
    const load = { clients: 20, duration: 30_000, latencyOf: () => 10 }
    const hanging = { ...load, latencyOf: (address: string) => (address === 'h3:80' ? 60_000 : 10) }
    expect(play(world, 'u', hanging).sent.get('h3:80')).toBeLessThan(10)
  })

  it('does not take a target that fails at once for a fast one', () => {
    const world = worldWith('latency', ten)
    const { share } = play(world, 'u', {
      clients: 20,
      duration: 20_000,
      latencyOf: (address) => (address === 'h3:80' ? 1 : 20),
      statusOf: (address) => (address === 'h3:80' ? 503 : 200),
    })
    expect(share('h3:80')).toBeLessThan(0.02)
  })

  it('takes a new target for an average one, and does not bury it', () => {
    const world = worldWith('latency', ten)
    const load = { clients: 20, duration: 5000, latencyOf: () => 20 }
    play(world, 'u', load)
    world.configure([{ name: 'u', targets: { ...ten, 'new:80': 100 }, algorithm: 'latency' }])
    const first = play(world, 'u', { ...load, duration: 15 })
    expect(first.sent.get('new:80')).toBe(2)
    expect(play(world, 'u', load).share('new:80')).toBeCloseTo(1 / 11, 1)
  })
})

describe('every algorithm', () => {
  it.each(ALL)('%s starves nobody under load', (algorithm) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 100 }), { minLength: 2, maxLength: 6 }),
        (list) => {
          const targets = Object.fromEntries(
            list.map((weight, i) => [`10.0.0.${i + 1}:80`, weight]),
          )
          const { share } = play(worldWith(algorithm, targets), 'u', {
            clients: 60,
            duration: 500,
            latencyOf: () => 10,
            keyOf: (request) => `request ${request}`,
          })
          const total = list.reduce((sum, weight) => sum + weight, 0)
          for (const [i, weight] of list.entries()) {
            expect(share(`10.0.0.${i + 1}:80`)).toBeGreaterThan((0.2 * weight) / total)
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  it.each(['round-robin', 'least-connections', 'latency'])(
    '%s shares evenly among equals without load',
    async (algorithm) => {
      const world = worldWith(algorithm, ten)
      const { sent } = play(world, 'u', { clients: 1, duration: 1000, latencyOf: () => 1 })
      expect(sent.size).toBe(10)
      expect(Math.max(...sent.values())).toBeLessThanOrEqual(1.5 * Math.min(...sent.values()))
    },
  )

  it.each(ALL)('%s tries each peer once, failing or not (G5)', (algorithm) => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(7)),
        fc.string(),
        (weights, failing, key) => {
          const targets = Object.fromEntries(weights.map((weight, i) => [`h${i}:80`, weight]))
          const balancer = worldWith(algorithm, targets).balancers.find('u')
          const tried = new Set<Peer>()
          for (;;) {
            const peer = balancer?.pick(tried, { key })
            if (peer === undefined) break
            expect(tried.has(peer)).toBe(false)
            tried.add(peer)
            balancer?.started(peer)
            if (failing.includes(tried.size)) balancer?.connectFailed(peer)
            balancer?.observe(peer, { kind: 'tcp', took: tried.size })
            balancer?.ended(peer)
          }
          expect(tried.size).toBe(weights.filter((weight) => weight > 0).length)
        },
      ),
      { numRuns: 40 },
    )
  })

  it.each(ALL)('%s sends nothing to a dead target but what finds it dead', async (algorithm) => {
    const world = createWorld()
    const healthchecks = { passive: { unhealthy: { tcp_failures: 2 } } }
    world.configure([{ name: 'u', targets: ten, healthchecks, ...fieldsOf(algorithm) }])
    world.targets.set('h3:80', 'reset')
    let asked = 0
    for (let i = 0; i < 500; i++) {
      const { status, tried } = await request(world, world.balancers.find('u'), 5, `key ${i}`)
      expect(status).toBe(200)
      if (tried.includes('h3:80')) asked++
      await world.advance(1)
    }
    expect(asked).toBeLessThanOrEqual(2)
  })
})

describe('a change of configuration', () => {
  it('keeps what is in flight and what was measured', () => {
    const world = worldWith('least-connections', EVEN)
    const balancer = world.balancers.find('u')
    const peer = balancer?.pick(new Set())
    if (balancer === undefined || peer === undefined) throw new Error('no peer')
    balancer.started(peer)
    world.wait(40)
    balancer.observe(peer, { kind: 'status', status: 200, took: 40 })

    const targets = { ...EVEN, 'third:80': 100 }
    world.configure([{ name: 'u', targets, algorithm: 'latency' }])
    const stats = () => world.balancers.stats(idOf(0)).find((one) => one.peer === peer.id)
    expect(stats()).toMatchObject({ inFlight: 1, ewma: 40, requests: 1 })
    balancer.ended(peer)
    expect(stats()?.inFlight).toBe(0)
  })

  it('changes the algorithm for the very next request', () => {
    const world = worldWith('round-robin', EVEN)
    const picks = () =>
      new Set([0, 1, 2, 3].map(() => world.balancers.find('u')?.pick(new Set(), { key: 'k' })?.id))
    expect(picks().size).toBe(2)
    world.configure([{ name: 'u', targets: EVEN, hash_on: 'ip' }])
    expect(picks().size).toBe(1)
    world.configure([{ name: 'u', targets: EVEN, algorithm: 'least-connections' }])
    expect(picks().size).toBe(2)
  })

  it('says nothing of algorithms', () => {
    expect(ALL.flatMap((algorithm) => worldWith(algorithm, EVEN).logged)).toEqual([])
  })
})
