import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKV, createWorld, healthOf, idOf, settle, traffic, type World } from './world.ts'

const A = 'localhost:9001'
const B = 'localhost:9002'
const EVEN = { [A]: 100, [B]: 100 }
const CHECKED = { passive: { unhealthy: { http_failures: 1 } } }

function eject(world: World, address: string): void {
  const balancer = world.balancers.find('u')
  const peer = [0, 1, 2, 3].map(() => balancer?.pick(new Set())).find((one) => one?.id === address)
  if (peer !== undefined) balancer?.observe(peer, { kind: 'status', status: 500 })
}

function mark(world: World, address: string, healthy: boolean): void {
  world.balancers.mark(idOf(0), `target of 0: ${address}`, undefined, healthy)
}

describe('a change of configuration', () => {
  it('keeps the health of a target whose weight changes, and of one that comes back', async () => {
    const world = createWorld()
    const targets = (more: Record<string, number>) =>
      world.configure([{ name: 'u', targets: { [A]: 100, ...more }, healthchecks: CHECKED }])
    targets({ [B]: 100 })
    eject(world, B)
    targets({ [B]: 7 })
    expect(healthOf(world, 'u')[B]).toBe('UNHEALTHY')

    targets({})
    expect(healthOf(world, 'u')).toEqual({ [A]: 'HEALTHY' })
    await world.advance(10_000)
    targets({ [B]: 100 })
    expect(healthOf(world, 'u')[B]).toBe('UNHEALTHY')
  })

  it('forgets a target that was gone for 300 s', async () => {
    const world = createWorld({ tickEvery: 10_000 })
    world.configure([{ name: 'u', targets: EVEN, healthchecks: CHECKED }])
    eject(world, B)
    world.configure([{ name: 'u', targets: { [A]: 100 }, healthchecks: CHECKED }])
    await world.advance(310_000)
    world.configure([{ name: 'u', targets: EVEN, healthchecks: CHECKED }])
    expect(healthOf(world, 'u')[B]).toBe('HEALTHY')
  })

  it('keeps health when an upstream is deleted and made again', async () => {
    const world = createWorld()
    world.configure([{ name: 'u', targets: EVEN, healthchecks: CHECKED }])
    eject(world, B)
    world.configure([])
    expect(world.balancers.find('u')).toBeUndefined()
    expect(world.balancers.health(idOf(0))).toEqual([])
    await world.advance(1000)
    const other = { name: 'other', targets: {} }
    world.configure([other, { name: 'u', targets: EVEN, healthchecks: CHECKED }])
    expect(healthOf(world, 'u')[B]).toBe('UNHEALTHY')
  })

  it('keeps health when an upstream is renamed', () => {
    const world = createWorld()
    world.configure([{ name: 'u', targets: EVEN, healthchecks: CHECKED }])
    eject(world, B)
    world.configure([{ name: 'v', targets: EVEN, healthchecks: CHECKED }])
    expect(world.balancers.find('u')).toBeUndefined()
    expect(healthOf(world, 'v')[B]).toBe('UNHEALTHY')
  })

  it('acts on the very next choice, and favours nobody by itself', () => {
    const world = createWorld()
    const picked: (string | undefined)[] = []
    for (let i = 0; i < 100; i++) {
      world.configure([{ name: 'u', targets: { [A]: 100, [B]: 100, [`h${i}:80`]: 0 } }])
      picked.push(world.balancers.find('u')?.pick(new Set())?.id)
    }
    expect(picked.filter((id) => id === A)).toHaveLength(50)
    world.configure([{ name: 'u', targets: { [A]: 0, [B]: 100 } }])
    expect(world.balancers.find('u')?.pick(new Set())?.id).toBe(B)
  })

  it('never lets a request meet a peer it tried before the change', () => {
    const world = createWorld()
    world.configure([{ name: 'u', targets: EVEN }])
    const balancer = world.balancers.find('u')
    const first = balancer?.pick(new Set())
    if (first === undefined) throw new Error('no peer')
    world.configure([{ name: 'u', targets: { [A]: 5, [B]: 9 } }])
    const tried = new Set([first])
    const second = balancer?.pick(tried)
    expect(second?.id).not.toBe(first.id)
    expect(second?.weight).toBe(second?.id === A ? 5 : 9)
  })

  it('leaves balancers alone that it does not touch', () => {
    const world = createWorld()
    world.configure([
      { name: 'u', targets: EVEN },
      { name: 'v', targets: EVEN },
    ])
    const before = world.balancers.find('v')
    const peer = before?.pick(new Set())
    world.configure([
      { name: 'u', targets: { [A]: 1 } },
      { name: 'v', targets: EVEN },
    ])
    expect(world.balancers.find('v')).toBe(before)
    expect([before?.pick(new Set()), before?.pick(new Set())]).toContain(peer)
  })

  it('ignores reports on peers it has forgotten', async () => {
    const world = createWorld({ tickEvery: 10_000 })
    world.configure([{ name: 'u', targets: { [A]: 100 }, healthchecks: CHECKED }])
    const balancer = world.balancers.find('u')
    const old = balancer?.pick(new Set())
    if (balancer === undefined || old === undefined) throw new Error('no peer')
    world.configure([{ name: 'u', targets: {}, healthchecks: CHECKED }])
    await world.advance(310_000)
    world.configure([{ name: 'u', targets: { [A]: 100 }, healthchecks: CHECKED }])
    balancer.observe(old, { kind: 'status', status: 500 })
    balancer.connectFailed(old)
    balancer.ended(old)
    expect(healthOf(world, 'u')[A]).toBe('HEALTHY')
  })
})

describe('a change of one upstream', () => {
  const rows = (world: World, name: string) => {
    const found = world.balancers.find(name)?.upstream
    if (found === undefined || found === null) throw new Error(`no upstream ${name}`)
    return found
  }

  it('leaves the others alone, and may swap names', () => {
    const world = createWorld()
    world.configure([
      { name: 'u', targets: EVEN, healthchecks: CHECKED },
      { name: 'v', targets: { [A]: 1 } },
      { name: 'w', targets: {} },
    ])
    const [u, v, w] = ['u', 'v', 'w'].map((name) => world.balancers.find(name))
    eject(world, B)
    const targets = (address: string) => [
      { id: address, target: address, weight: 1, upstream: { id: '' }, tags: null },
    ]
    const [first, second] = [rows(world, 'u'), rows(world, 'v')]
    const put = (upstream: typeof first, address: string) =>
      world.balancers.update(upstream.id, {
        upstream,
        // Balancers read no more of a target.
        targets: targets(address) as never,
      })
    put({ ...first, name: 'v' }, B)
    put({ ...second, name: 'u' }, A)
    expect([world.balancers.find('u'), world.balancers.find('v')]).toEqual([v, u])
    expect(world.balancers.find('w')).toBe(w)
    expect(healthOf(world, 'v')).toEqual({ [B]: 'UNHEALTHY' })
    expect(world.balancers.find('u')?.pick(new Set())?.id).toBe(A)
  })

  it('lets it go, and finds its health again by name', () => {
    const world = createWorld()
    world.configure([{ name: 'u', targets: EVEN, healthchecks: CHECKED }])
    eject(world, B)
    const upstream = rows(world, 'u')
    world.balancers.update(upstream.id, undefined)
    world.balancers.update('nobody', undefined)
    expect(world.balancers.find('u')).toBeUndefined()
    world.configure([
      { name: 'other', targets: {} },
      { name: 'u', targets: EVEN, healthchecks: CHECKED },
    ])
    expect(healthOf(world, 'u')[B]).toBe('UNHEALTHY')
  })
})

it('keeps proportions exact whatever the weights (G10)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom([1, 1], [10, 20, 70], [3, 7, 11], [5, 0, 5]),
      fc.integer({ min: 1, max: 3 }),
      async (weights, cycles) => {
        const world = createWorld()
        const targets = Object.fromEntries(weights.map((weight, i) => [`h${i}:80`, weight]))
        world.configure([{ name: 'u', targets }])
        const count = weights.reduce<number>((sum, weight) => sum + weight, 0)
        const { order } = await traffic(world, 'u', { count: count * cycles, every: 0 })
        const got = weights.map((_, i) => order.filter((id) => id === `h${i}:80`).length)
        expect(got).toEqual(weights.map((weight) => weight * cycles))
      },
    ),
    { numRuns: 20 },
  )
})

describe('health shared through the KV', () => {
  function twoNodes(): [World, World] {
    const kv = createKV(true)
    const worlds: [World, World] = [createWorld({ kv }), createWorld({ kv })]
    for (const world of worlds) {
      world.configure([{ name: 'u', targets: EVEN, healthchecks: CHECKED }])
    }
    return worlds
  }

  it('tells other nodes of a flip and of a person’s word', async () => {
    const [one, two] = twoNodes()
    await one.advance(100)
    eject(one, B)
    await settle()
    expect(JSON.parse((await one.kv.get(`health:${idOf(0)}:${B}`)) ?? '')).toEqual({
      state: 'unhealthy',
      at: one.now(),
      reason: '500',
    })
    await two.advance(1100)
    expect(healthOf(two, 'u')[B]).toBe('UNHEALTHY')

    mark(two, B, true)
    await one.advance(2000)
    expect([healthOf(one, 'u')[B], healthOf(two, 'u')[B]]).toEqual(['HEALTHY', 'HEALTHY'])
  })

  it('takes a person’s word for one, so that no trial ends it', async () => {
    const [one, two] = twoNodes()
    await one.advance(100)
    mark(one, B, false)
    await two.advance(100_000)
    expect((await traffic(two, 'u', { count: 10 })).share(B)).toBe(0)
  })

  it('does not let an older word undo a newer one', async () => {
    const [one, two] = twoNodes()
    await one.advance(100)
    eject(one, B)
    await settle()
    await two.advance(5000)
    mark(two, B, true)
    await one.advance(1100)
    await two.advance(2000)
    expect(healthOf(two, 'u')[B]).toBe('HEALTHY')
  })

  it('goes on alone when the KV is away, and complains once a minute', async () => {
    const [one] = twoNodes()
    one.kv.broken = true
    await one.advance(100)
    eject(one, B)
    await one.advance(10_000)
    expect(healthOf(one, 'u')[B]).toBe('UNHEALTHY')
    expect((await traffic(one, 'u', { count: 10 })).failed).toBe(0)
    expect(one.logged.filter((line) => line.includes('KV'))).toHaveLength(1)
  })

  it.each(['', '{', 'null', '[]', '{"state":"dead","at":1}', '{"state":"unhealthy","at":"1"}'])(
    'ignores the hint %s',
    async (hint) => {
      const [one] = twoNodes()
      await one.kv.set(`health:${idOf(0)}:${B}`, hint)
      await one.kv.set('health:nothing', '{"state":"unhealthy","at":9e15}')
      await one.advance(3000)
      expect(healthOf(one, 'u')).toEqual({ [A]: 'HEALTHY', [B]: 'HEALTHY' })
    },
  )

  it('reads nothing from a KV of its own', async () => {
    const world = createWorld()
    world.configure([{ name: 'u', targets: EVEN, healthchecks: CHECKED }])
    await world.kv.set(`health:${idOf(0)}:${B}`, '{"state":"unhealthy","at":9e15}')
    await world.advance(3000)
    expect(healthOf(world, 'u')[B]).toBe('HEALTHY')
  })
})

it('shows targets and the whole as Kong does', () => {
  const world = createWorld()
  world.configure([{ name: 'u', targets: { [A]: 10, '[::1]:80': 30 }, healthchecks: CHECKED }])
  mark(world, A, false)
  const ip = '[0000:0000:0000:0000:0000:0000:0000:0001]'
  expect(world.balancers.health(idOf(0))).toContainEqual({
    targetId: `target of 0: ${A}`,
    health: 'UNHEALTHY',
    data: {
      host: 'localhost',
      port: 9001,
      dns: 'A',
      nodeWeight: 10,
      weight: { total: 10, unavailable: 10, available: 0 },
      addresses: [{ ip: 'localhost', port: 9001, weight: 10, health: 'UNHEALTHY' }],
    },
  })
  expect(world.balancers.summary(idOf(0))).toEqual({
    health: 'HEALTHY',
    balancer_health: 'HEALTHY',
    id: idOf(0),
    details: {
      healthy: true,
      weight: { total: 40, unavailable: 10, available: 30 },
      hosts: [
        {
          host: ip,
          port: 80,
          dns: 'AAAA',
          nodeWeight: 30,
          weight: { total: 30, unavailable: 0, available: 30 },
          addresses: [{ ip, port: 80, weight: 30, healthy: true }],
        },
        {
          host: 'localhost',
          port: 9001,
          dns: 'A',
          nodeWeight: 10,
          weight: { total: 10, unavailable: 10, available: 0 },
          addresses: [{ ip: 'localhost', port: 9001, weight: 10, healthy: false }],
        },
      ],
    },
  })
})
