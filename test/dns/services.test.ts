import { describe, expect, it } from 'vitest'
import type { Balancers } from '../../src/balancer/balancers.ts'
import { target } from '../../src/entities/target.ts'
import { upstream } from '../../src/entities/upstream.ts'
import { rowOf } from '../../src/schema/entity.ts'
import { rowForInsert } from '../../src/schema/validate.ts'
import { idOf } from '../balancer/world.ts'
import { balancersOver } from './balancers.ts'
import { createNamesWorld, type NamesWorld, shown as shownAddresses, type Zone } from './world.ts'

const ZONE: Zone = {
  'named.example SRV': ['0 10 90 x.example', '0 30 91 y.example'],
  'x.example A': ['10.0.0.1'],
  'y.example A': ['10.0.0.2', '10.0.0.3'],
  'same.example SRV': ['0 10 80 x.example'],
  'virtual.example SRV': ['0 1 80 x.example', '0 1 80 z.example'],
  'z.example A': ['10.0.0.1'],
  'literal.example SRV': ['0 10 9000 10.0.0.8', '0 20 0 ::9'],
  'refused.example A': 'refused',
  'failing.example A': 'servfail',
  'bare.example A': 'empty',
}

const PASSIVE = { passive: { unhealthy: { tcp_failures: 1 } } }

/** An upstream with one target, all names looked up. */
async function open(address: string, members: object = {}) {
  const world = createNamesWorld(ZONE)
  const balancers = balancersOver(world)
  const configure = (more: object): void => put(balancers, address, more)
  configure(members)
  await pass(world, balancers)
  return { balancers, configure }
}

function put(balancers: Balancers, address: string, members: object): void {
  const context = { now: 1_000_000, newId: () => idOf(9), secret: () => '' }
  const up = { name: 'u', healthchecks: PASSIVE, ...members }
  const input = { target: address, weight: 10, upstream: { id: idOf(0) } }
  balancers.sync(
    [rowOf(upstream, { ...rowForInsert(upstream, up, context), id: idOf(0) })],
    [rowOf(target, { ...rowForInsert(target, input, context), id: 'target' })],
  )
}

async function pass(world: NamesWorld, balancers: Balancers): Promise<void> {
  await balancers.tick(world.now)
  await world.settle()
}

/** `ip:port*weight health` of all that `/health` shows. */
function shown(balancers: Balancers): string[] {
  const [row] = balancers.health(idOf(0))
  return (row?.data.addresses ?? []).map(({ ip, port, weight, health }) => {
    return `${ip}:${port}*${weight} ${health}`
  })
}

/** Where so many picks go, and under which name. */
function picked(balancers: Balancers, count: number): string[] {
  const peers = Array.from({ length: count }, () => balancers.find('u')?.pick(new Set()))
  return [...new Set(peers.map((peer) => `${peer?.address}:${peer?.port} ${peer?.host}`))].sort()
}

describe('a target whose SRV records name hosts', () => {
  it('shows these names in place of their addresses, each once', async () => {
    const { balancers } = await open('named.example:80')
    expect(shown(balancers)).toEqual(['x.example:90*10 HEALTHY', 'y.example:91*30 HEALTHY'])
    expect(balancers.summary(idOf(0))?.details.hosts[0]).toMatchObject({
      dns: 'SRV',
      addresses: [
        { ip: 'x.example', port: 90, weight: 10, healthy: true },
        { ip: 'y.example', port: 91, weight: 30, healthy: true },
      ],
    })
  })

  it('is marked by such a name, or by an address', async () => {
    const { balancers } = await open('named.example:80')
    const mark = (address: string, healthy: boolean) =>
      balancers.mark(idOf(0), 'target', address, healthy)
    expect(mark('y.example:91', false)).toBeUndefined()
    expect(shown(balancers)).toEqual(['x.example:90*10 HEALTHY', 'y.example:91*30 UNHEALTHY'])
    expect(picked(balancers, 8)).toEqual(['10.0.0.1:90 named.example'])
    // A name is as healthy as the best of its addresses.
    expect(mark('10.0.0.3:91', true)).toBeUndefined()
    expect(shown(balancers)).toEqual(['x.example:90*10 HEALTHY', 'y.example:91*30 HEALTHY'])
    expect(mark('z.example:91', false)).toBeUndefined()
    expect(shown(balancers)).toEqual(['x.example:90*10 HEALTHY', 'y.example:91*30 HEALTHY'])
  })

  it('is one of SRV records even where these say what the target says', async () => {
    const { balancers } = await open('same.example:80')
    expect(balancers.health(idOf(0))[0]?.data.dns).toBe('SRV')
  })

  it('is asked under its own name, or with use_srv_name under that of the record', async () => {
    const { balancers, configure } = await open('same.example:80')
    expect(picked(balancers, 2)).toEqual(['10.0.0.1:80 same.example'])
    configure({ use_srv_name: true })
    expect(picked(balancers, 2)).toEqual(['10.0.0.1:80 x.example'])
    configure({ use_srv_name: false })
    expect(picked(balancers, 2)).toEqual(['10.0.0.1:80 same.example'])
  })

  it('tells two names at one address apart', async () => {
    const { balancers } = await open('virtual.example:80', { use_srv_name: true })
    expect(picked(balancers, 4)).toEqual(['10.0.0.1:80 x.example', '10.0.0.1:80 z.example'])
    expect(balancers.mark(idOf(0), 'target', 'z.example:80', false)).toBeUndefined()
    expect(picked(balancers, 4)).toEqual(['10.0.0.1:80 x.example'])
  })
})

describe('a target whose SRV records hold addresses', () => {
  it('takes them as they are, under its own name', async () => {
    const { balancers } = await open('literal.example:80', { use_srv_name: true })
    const nine = '0000:0000:0000:0000:0000:0000:0000:0009'
    expect(shown(balancers)).toEqual(['10.0.0.8:9000*10 HEALTHY', `[${nine}]:80*20 HEALTHY`])
    expect(picked(balancers, 6)).toEqual([
      `${nine}:80 literal.example`,
      '10.0.0.8:9000 literal.example',
    ])
  })
})

it.each([
  ['gone.example', 'dns server error: 3 name error'],
  ['refused.example', 'dns server error: 5 refused'],
  ['failing.example', 'dns server error: 2 server failure'],
  ['bare.example', 'dns client error: 101 empty record received'],
])('why %s has no address is told in Kong’s words', async (host, dns) => {
  const { balancers } = await open(`${host}:80`)
  expect(balancers.health(idOf(0))[0]).toMatchObject({
    health: 'DNS_ERROR',
    data: { host, dns, addresses: [] },
  })
})

it('goes on by its SRV records while these cannot be asked for, though there are others', async () => {
  const zone: Zone = {
    'a.example SRV': { ttl: 10, list: ['0 1 90 x.example'] },
    'a.example A': ['10.0.0.9'],
    'x.example A': ['10.0.0.1'],
  }
  const world = createNamesWorld(zone)
  world.names.want('a.example', () => {})
  await world.names.resolve('a.example')
  world.resolver.zone = { ...zone, 'a.example SRV': 'timeout' }
  await world.advance(60_000)
  expect(shownAddresses(world.names.addressesOf('a.example'))).toEqual(['10.0.0.1:90*1'])
  const { 'a.example SRV': _, ...rest } = zone
  world.resolver.zone = rest
  await world.advance(60_000)
  expect(shownAddresses(world.names.addressesOf('a.example'))).toEqual(['10.0.0.9'])
})
