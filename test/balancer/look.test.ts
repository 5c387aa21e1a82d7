import { expect, it } from 'vitest'
import { createBalancers } from '../../src/balancer/balancers.ts'
import { target } from '../../src/entities/target.ts'
import { upstream } from '../../src/entities/upstream.ts'
import { rowOf } from '../../src/schema/entity.ts'
import { rowForInsert } from '../../src/schema/validate.ts'
import { createNamesWorld } from '../dns/world.ts'
import { fakeTransport, incoming } from '../proxy/fakes.ts'
import { createKV, createWorld, idOf, request, traffic } from './world.ts'

const EJECTING = { passive: { unhealthy: { tcp_failures: 2, http_failures: 2 } } }

it.each(['round-robin', 'least-connections', 'latency'])(
  'foretells the next pick of %s, however often it is asked',
  async (algorithm) => {
    const world = createWorld()
    world.configure([{ name: 'u', algorithm, targets: { 'a:80': 100, 'b:80': 50, 'c:80': 0 } }])
    for (let i = 0; i < 20; i++) {
      const foretold = world.balancers.look('u')?.next
      expect(world.balancers.look('u')?.next).toEqual(foretold)
      const { tried } = await request(world, world.balancers.find('u'))
      expect(tried).toEqual([foretold?.peer])
      await world.advance(10)
    }
  },
)

it('knows no upstream that is not there', () => {
  expect(createWorld().balancers.look('none')).toBeUndefined()
})

it('tells who is out since when and why, and takes no trial', async () => {
  const world = createWorld({ connectBackoff: 0 })
  world.configure([{ name: 'u', healthchecks: EJECTING, targets: { 'a:80': 100, 'b:80': 100 } }])
  world.targets.set('b:80', 503)
  await traffic(world, 'u', { count: 6 })
  const out = () => world.balancers.look('u')?.peers.find(({ peer }) => peer === 'b:80')?.obstacle
  const event = world.balancers.events(idOf(0))[0]
  expect(out()).toMatchObject({ kind: 'unhealthy', since: event?.at, reason: event?.reason })

  await world.advance(31_000)
  for (let i = 0; i < 3; i++) {
    expect(world.balancers.look('u')?.next).toEqual({ peer: 'b:80', by: 'trial' })
    expect(world.balancers.look('u', { trial: false })?.next?.peer).toBe('a:80')
  }
  expect((await request(world, world.balancers.find('u'))).tried).toEqual(['b:80'])
  expect(world.balancers.look('u')?.next?.peer).toBe('a:80')
})

it('tells who is set aside until when, and who is asked when all are', async () => {
  const world = createWorld({ connectBackoff: 1000 })
  world.configure([{ name: 'u', targets: { 'a:80': 100, 'b:80': 100 } }])
  world.targets.set('a:80', 'refuse')
  world.targets.set('b:80', 'refuse')
  const balancer = world.balancers.find('u')
  await request(world, balancer)
  const look = world.balancers.look('u')
  expect(look?.peers.map(({ obstacle }) => obstacle?.kind)).toEqual(['aside', 'aside'])
  expect(look?.peers[0]?.obstacle).toMatchObject({ since: world.now() })
  expect(look?.next?.by).toBe('least recently failed')
  expect((await request(world, balancer, 0)).tried).toEqual([look?.next?.peer])
})

it('tells whose name has no address, and why', async () => {
  const { names, runtime, settle } = createNamesWorld({ 'a.example A': ['10.0.0.1'] })
  const transport = fakeTransport(() => incoming())
  const kv = createKV(false)
  const balancers = createBalancers({ runtime, names, kv, transport, connectBackoff: 0 })
  const rows = ['a.example', 'b.example'].map((name) => {
    const input = { target: name, upstream: { id: idOf(0) } }
    return rowOf(target, { ...rowForInsert(target, input, context), id: name })
  })
  const row = { ...rowForInsert(upstream, { name: 'u' }, context), id: idOf(0) }
  balancers.sync([rowOf(upstream, row)], rows)
  const absent = () =>
    balancers.look('u')?.absent.map(({ source, failure }) => [source.id, failure])
  expect(balancers.look('u')?.next).toBeUndefined()
  expect(absent()).toEqual([
    ['a.example', 'timeout'],
    ['b.example', 'timeout'],
  ])

  await balancers.find('u')?.freshen()
  await settle()
  expect(absent()).toEqual([['b.example', 'nxdomain']])
  expect(balancers.look('u')?.next?.peer).toContain('10.0.0.1:8000')
})

const context = { now: 1_000_000, newId: () => idOf(9), secret: () => '' }
