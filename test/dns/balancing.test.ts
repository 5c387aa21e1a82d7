import { describe, expect, it } from 'vitest'
import type { Balancers } from '../../src/balancer/balancers.ts'
import { target } from '../../src/entities/target.ts'
import { upstream } from '../../src/entities/upstream.ts'
import { rowOf } from '../../src/schema/entity.ts'
import { rowForInsert } from '../../src/schema/validate.ts'
import { idOf } from '../balancer/world.ts'
import { balancersOver } from './balancers.ts'
import { createNamesWorld, type NamesWorld, type Zone } from './world.ts'

const CHECKED = {
  passive: { unhealthy: { http_failures: 1, http_statuses: [500] } },
}

/** Balancers over a zone. */
function open(zone: Zone, targets: Readonly<Record<string, number>> = {}) {
  const world = createNamesWorld(zone)
  const balancers = balancersOver(world)
  configure(balancers, targets)
  return { world, balancers }
}

function configure(balancers: Balancers, targets: Readonly<Record<string, number>>): void {
  const context = { now: 1_000_000, newId: () => idOf(9), secret: () => '' }
  const row = rowForInsert(upstream, { name: 'u', healthchecks: CHECKED }, context)
  balancers.sync(
    [rowOf(upstream, { ...row, id: idOf(0) })],
    Object.entries(targets).map(([address, weight]) => {
      const input = { target: address, weight, upstream: { id: idOf(0) } }
      return rowOf(target, { ...rowForInsert(target, input, context), id: address })
    }),
  )
}

/** Lets time pass as an adapter would. */
async function pass(world: NamesWorld, balancers: Balancers, milliseconds: number): Promise<void> {
  const end = world.now + milliseconds
  for (;;) {
    await balancers.tick(world.now)
    await world.settle()
    if (world.now >= end) return
    world.now = Math.min(end, world.now + 250)
  }
}

function picks(balancers: Balancers, count: number): string[] {
  const picked = Array.from({ length: count }, () => balancers.find('u')?.pick(new Set()))
  return picked.map((peer) => `${peer?.address}:${peer?.port}`).sort()
}

describe('an upstream whose targets are names', () => {
  it('goes to every address, each with the weight of the target', async () => {
    const { world, balancers } = open(
      { 'a.example A': ['10.0.0.1', '10.0.0.2'] },
      { 'a.example:80': 10, '10.0.0.3:80': 20 },
    )
    await pass(world, balancers, 0)
    expect(picks(balancers, 4)).toEqual([
      '10.0.0.1:80',
      '10.0.0.2:80',
      '10.0.0.3:80',
      '10.0.0.3:80',
    ])
  })

  it('goes by ports and weights of SRV records', async () => {
    const { world, balancers } = open(
      {
        'a.example SRV': ['0 1 81 x.example', '0 3 82 y.example', '1 9 83 x.example'],
        'x.example A': ['10.0.0.1'],
        'y.example A': ['10.0.0.2'],
      },
      { 'a.example:80': 10 },
    )
    await pass(world, balancers, 0)
    expect(picks(balancers, 4)).toEqual([
      '10.0.0.1:81',
      '10.0.0.2:82',
      '10.0.0.2:82',
      '10.0.0.2:82',
    ])
    expect(balancers.health(idOf(0))[0]?.data).toMatchObject({
      host: 'a.example',
      port: 80,
      dns: 'SRV',
      weight: { total: 4 },
      addresses: [
        { ip: 'x.example', port: 81, weight: 1 },
        { ip: 'y.example', port: 82, weight: 3 },
      ],
    })
  })

  it('follows the addresses, and keeps the health of those that stay', async () => {
    const { world, balancers } = open(
      { 'a.example A': { ttl: 10, list: ['10.0.0.1', '10.0.0.2'] } },
      { 'a.example:80': 10 },
    )
    await pass(world, balancers, 0)
    const balancer = balancers.find('u')
    const sick = balancer?.pick(new Set())
    if (sick !== undefined) balancer?.observe(sick, { kind: 'status', status: 500 })

    world.resolver.zone = { 'a.example A': { ttl: 10, list: [sick?.address ?? '', '10.0.0.3'] } }
    await pass(world, balancers, 11_000)
    expect(new Set(picks(balancers, 4))).toEqual(new Set(['10.0.0.3:80']))
    const [row] = balancers.health(idOf(0))
    expect(row?.health).toBe('HEALTHY')
    expect(row?.data.addresses.map(({ ip, health }) => `${ip} ${health}`)).toEqual([
      `${sick?.address} UNHEALTHY`,
      '10.0.0.3 HEALTHY',
    ])
  })

  it('keeps going to what it knew while DNS is away', async () => {
    const { world, balancers } = open(
      { 'a.example A': { ttl: 10, list: ['10.0.0.1'] } },
      { 'a.example:80': 10 },
    )
    await pass(world, balancers, 0)
    world.resolver.zone = { 'a.example A': 'servfail', 'a.example SRV': 'timeout' }
    await pass(world, balancers, 120_000)
    expect(picks(balancers, 1)).toEqual(['10.0.0.1:80'])
  })

  it('shows a name without addresses, and goes to the others', async () => {
    const { world, balancers } = open({}, { 'a.example:80': 10, '10.0.0.3:80': 10 })
    await pass(world, balancers, 0)
    expect(picks(balancers, 2)).toEqual(['10.0.0.3:80', '10.0.0.3:80'])
    const row = balancers.health(idOf(0)).find(({ targetId }) => targetId === 'a.example:80')
    expect(row).toMatchObject({
      health: 'DNS_ERROR',
      data: { dns: 'dns server error: 3 name error', addresses: [], weight: { total: 0 } },
    })
    expect(balancers.find('u')?.freshen()).toBeUndefined()
  })

  it('makes a request wait for the first lookup when there is nobody else', async () => {
    const { world, balancers } = open({ 'a.example A': ['10.0.0.1'] }, { 'a.example:80': 10 })
    const balancer = balancers.find('u')
    expect(balancer?.pick(new Set())).toBeUndefined()
    await balancer?.freshen()
    expect(balancer?.pick(new Set())?.address).toBe('10.0.0.1')
    expect(balancer?.freshen()).toBeUndefined()
    expect(world.resolver.asked).toHaveLength(2)
  })

  it('asks at each request where the records are not to be kept', async () => {
    const zone = (ip: string): Zone => ({ 'a.example A': { ttl: 0, list: [ip] } })
    const { world, balancers } = open(zone('10.0.0.1'), { 'a.example:80': 10 })
    await pass(world, balancers, 0)
    world.resolver.zone = zone('10.0.0.2')
    await balancers.find('u')?.freshen()
    expect(picks(balancers, 1)).toEqual(['10.0.0.2:80'])
  })

  it('lets a person take out one address, or all of a target', async () => {
    const { world, balancers } = open(
      { 'a.example A': ['10.0.0.1', '10.0.0.2'] },
      { 'a.example:80': 10 },
    )
    await pass(world, balancers, 0)
    const mark = (address: string | undefined, healthy: boolean) =>
      balancers.mark(idOf(0), 'a.example:80', address, healthy)
    expect(mark('10.0.0.1:80', false)).toBeUndefined()
    expect(new Set(picks(balancers, 4))).toEqual(new Set(['10.0.0.2:80']))
    expect(mark(undefined, false)).toBeUndefined()
    expect(picks(balancers, 1)).toEqual(['undefined:undefined'])
    expect(mark('10.0.0.9:80', true)).toBeUndefined()
    expect(picks(balancers, 1)).toEqual(['undefined:undefined'])
  })

  it('ceases to ask for a name that no target has', async () => {
    const { world, balancers } = open(
      { 'a.example A': { ttl: 1, list: ['10.0.0.1'] } },
      { 'a.example:80': 10 },
    )
    await pass(world, balancers, 0)
    configure(balancers, { '10.0.0.3:80': 10 })
    const asked = world.resolver.asked.length
    await pass(world, balancers, 30_000)
    expect(world.resolver.asked.length).toBe(asked)
    expect(picks(balancers, 1)).toEqual(['10.0.0.3:80'])
  })
})

describe("a service's own host", () => {
  it('is looked up by the first request, and goes to every address', async () => {
    const { world, balancers } = open({ 'a.example A': ['10.0.0.1', '10.0.0.2'] })
    const single = balancers.single('a.example', 81)
    await single.freshen()
    const picked = [single.pick(new Set()), single.pick(new Set())].map((one) => one?.address)
    expect(picked.sort()).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(single.unresolved).toBeUndefined()

    world.now += 61_000
    world.resolver.zone = { 'a.example A': ['10.0.0.3'] }
    expect(single.freshen()).toBeUndefined()
    await world.settle()
    expect(single.freshen()).toBeUndefined()
    expect(single.pick(new Set())?.address).toBe('10.0.0.3')
  })

  it.each([
    { zone: {}, reason: 'nxdomain' },
    { zone: { 'a.example A': 'servfail' } as Zone, reason: 'servfail' },
  ])('tells why it has no address: $reason', async ({ zone, reason }) => {
    const { balancers } = open(zone)
    const single = balancers.single('a.example', 81)
    await single.freshen()
    expect(single.pick(new Set())).toBeUndefined()
    expect(single.unresolved).toBe(reason)
  })

  it.each(['localhost', '10.0.0.1', '::1'])('%s is looked up by nobody', (host) => {
    const { world, balancers } = open({})
    const single = balancers.single(host, 81)
    expect(single.freshen()).toBeUndefined()
    expect(single.pick(new Set())?.address).toBe(
      host === '::1' ? '0000:0000:0000:0000:0000:0000:0000:0001' : host,
    )
    expect(world.resolver.asked).toEqual([])
  })
})
