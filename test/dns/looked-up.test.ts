import { expect, it } from 'vitest'
import { createBalancers } from '../../src/balancer/balancers.ts'
import { target } from '../../src/entities/target.ts'
import { upstream } from '../../src/entities/upstream.ts'
import { rowOf } from '../../src/schema/entity.ts'
import { rowForInsert } from '../../src/schema/validate.ts'
import { createKV, idOf } from '../balancer/world.ts'
import { fakeTransport, incoming } from '../proxy/fakes.ts'
import { createNamesWorld, type Zone } from './world.ts'

const CHECKED = { passive: { unhealthy: { http_failures: 1 } } }

/** An upstream with one target, as just written, and timers that ring by hand. */
function open(zone: Zone, address: string) {
  const world = createNamesWorld(zone)
  const rings: (() => void)[] = []
  const { runtime, names } = world
  const balancers = createBalancers({
    ...{ runtime, names, kv: createKV(false), connectBackoff: 0 },
    transport: fakeTransport(() => incoming()),
    after(_milliseconds, run) {
      rings.push(run)
      return () => {}
    },
  })
  const write = () => {
    const context = { now: 1_000_000, newId: () => idOf(9), secret: () => '' }
    const row = rowForInsert(upstream, { name: 'u', healthchecks: CHECKED }, context)
    const input = { target: address, upstream: { id: idOf(0) } }
    const made = rowOf(target, { ...rowForInsert(target, input, context), id: 'a' })
    balancers.sync([rowOf(upstream, { ...row, id: idOf(0) })], [made])
  }
  const health = () => balancers.health(idOf(0))[0]?.health
  return { world, balancers, rings, write, health }
}

it('a new name can be waited for, and marked then', async () => {
  const { balancers, write, health } = open({ 'a.example A': ['10.0.0.1'] }, 'a.example:80')
  write()
  expect(health()).toBe('DNS_ERROR')
  await balancers.lookedUp(idOf(0))
  expect(health()).toBe('HEALTHY')
  balancers.mark(idOf(0), 'a', '10.0.0.1:80', false)
  expect(health()).toBe('UNHEALTHY')
  expect(balancers.lookedUp(idOf(0))).toBeUndefined()
})

it('a name that is nobody is waited for once', async () => {
  const { balancers, write, health } = open({}, 'a.example:80')
  write()
  await balancers.lookedUp(idOf(0))
  expect(health()).toBe('DNS_ERROR')
  expect(balancers.lookedUp(idOf(0))).toBeUndefined()
})

it('silent name servers are not waited for longer than a second', async () => {
  const { world, balancers, rings, write, health } = open({}, 'a.example:80')
  world.resolver.held = new Promise(() => {})
  write()
  const wait = balancers.lookedUp(idOf(0))
  expect(rings).toHaveLength(1)
  rings[0]?.()
  await wait
  expect(health()).toBe('DNS_ERROR')
})

it('addresses and unknown upstreams are waited for not at all', () => {
  const { balancers, write } = open({}, '10.0.0.1:80')
  write()
  expect(balancers.lookedUp(idOf(0))).toBeUndefined()
  expect(balancers.lookedUp(idOf(5))).toBeUndefined()
})
