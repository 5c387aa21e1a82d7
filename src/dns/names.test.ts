import { describe, expect, it } from 'vitest'
import { createNamesWorld, shown } from '../../test/dns/world.ts'
import { createNames } from './names.ts'

const ONE = { 'a.example A': ['10.0.0.1'] }

describe('names', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['[::1]', '::1'],
    ['::1', '::1'],
    ['localhost', 'localhost'],
    ['app.localhost', 'localhost'],
  ])('looks nothing up for %s', async (host, ip) => {
    const { names, resolver } = createNamesWorld({})
    expect(names.addressesOf(host)).toEqual([{ ip }])
    expect(names.freshen(host)).toBeUndefined()
    expect(await names.resolve(host)).toEqual({ ok: true, addresses: [{ ip }] })
    names.want(host, () => {})()
    expect(resolver.asked).toEqual([])
  })

  it('lets every name stand for itself without a resolver', async () => {
    const names = createNames({ runtime: createRuntime() })
    expect(names.addressesOf('a.example')).toEqual([{ ip: 'a.example' }])
    expect(names.freshen('a.example')).toBeUndefined()
  })

  it('waits for a name that is unknown, and not for one that is known', async () => {
    const world = createNamesWorld(ONE)
    expect(world.names.addressesOf('a.example')).toBeUndefined()
    expect(await world.names.resolve('a.example')).toMatchObject({ ok: true })
    expect(world.names.freshen('a.example')).toBeUndefined()
    expect(shown(world.names.addressesOf('A.example'))).toEqual(['10.0.0.1'])
    expect(world.resolver.asked).toEqual(['a.example SRV', 'a.example A'])
  })

  it('asks once for many that wait', async () => {
    const world = createNamesWorld(ONE)
    await Promise.all(Array.from({ length: 50 }, () => world.names.resolve('a.example')))
    expect(world.resolver.asked).toEqual(['a.example SRV', 'a.example A'])
  })

  it('uses what is out of date at once and asks behind its back, once', async () => {
    const world = createNamesWorld(ONE)
    await world.names.resolve('a.example')
    world.now += 60_000
    world.resolver.zone = { 'a.example A': ['10.0.0.2'] }
    world.resolver.asked.length = 0
    for (let i = 0; i < 5; i++) {
      expect(world.names.freshen('a.example')).toBeUndefined()
      expect(shown(world.names.addressesOf('a.example'))).toEqual(['10.0.0.1'])
    }
    await world.settle()
    expect(shown(world.names.addressesOf('a.example'))).toEqual(['10.0.0.2'])
    expect(world.resolver.asked).toEqual(['a.example A'])
  })

  it('waits for a name that nobody has used for hours', async () => {
    const world = createNamesWorld(ONE)
    await world.names.resolve('a.example')
    world.now += 60_000 + 3_600_000
    world.resolver.zone = { 'a.example A': ['10.0.0.2'] }
    const resolution = await world.names.resolve('a.example')
    expect(resolution.ok && shown(resolution.addresses)).toEqual(['10.0.0.2'])
  })

  it('asks at each request for a name with TTL 0, but not twice at once', async () => {
    const world = createNamesWorld({ 'a.example A': { ttl: 0, list: ['10.0.0.1'] } })
    await world.names.resolve('a.example')
    world.resolver.asked.length = 0
    await Promise.all([world.names.resolve('a.example'), world.names.resolve('a.example')])
    expect(world.resolver.asked).toEqual(['a.example A'])

    world.resolver.zone = { 'a.example A': { ttl: 0, list: ['10.0.0.2'] } }
    const resolution = await world.names.resolve('a.example')
    expect(resolution.ok && shown(resolution.addresses)).toEqual(['10.0.0.2'])
    expect(world.resolver.asked).toEqual(['a.example A', 'a.example A'])
  })

  it('makes nobody wait for a name with TTL 0 while the servers are away', async () => {
    const world = createNamesWorld({ 'a.example A': { ttl: 0, list: ['10.0.0.1'] } })
    await world.names.resolve('a.example')
    world.resolver.zone = { 'a.example A': 'timeout', 'a.example SRV': 'timeout' }
    await world.names.resolve('a.example')
    world.now += 1_000
    expect(world.names.freshen('a.example')).toBeUndefined()
    expect(shown(world.names.addressesOf('a.example'))).toEqual(['10.0.0.1'])
    await world.settle()

    world.resolver.zone = { 'a.example A': { ttl: 0, list: ['10.0.0.2'] } }
    world.now += 1_000
    expect(world.names.freshen('a.example')).toBeUndefined()
    await world.settle()
    expect(shown(world.names.addressesOf('a.example'))).toEqual(['10.0.0.2'])
  })

  it.each([
    { what: 'a name that does not exist', reason: 'nxdomain' as const, pause: 30_000 },
    { what: 'a server in trouble', reason: 'servfail' as const, pause: 1_000 },
  ])('remembers $what for $pause ms', async ({ reason, pause }) => {
    const world = createNamesWorld({
      'a.example A': reason,
      'a.example SRV': reason,
      'a.example CNAME': reason,
    })
    expect(await world.names.resolve('a.example')).toEqual({ ok: false, reason })
    world.resolver.asked.length = 0
    world.now += pause - 1
    expect(await world.names.resolve('a.example')).toEqual({ ok: false, reason })
    expect(world.names.failureOf('a.example')).toBe(reason)
    expect(world.resolver.asked).toEqual([])

    world.now += 1
    world.resolver.zone = ONE
    expect(await world.names.resolve('a.example')).toMatchObject({ ok: true })
  })

  it('asks in the same order always when LAST is not in dns_order', async () => {
    const world = createNamesWorld(ONE, { dns: { lastFirst: false } })
    await world.names.resolve('a.example')
    world.now += 3_700_000
    await world.names.resolve('a.example')
    expect(world.resolver.asked.slice(2)).toEqual(['a.example SRV', 'a.example A'])
  })

  it('does not fail with a resolver that does', async () => {
    const world = createNamesWorld({})
    world.resolver.query = () => Promise.reject(new Error('a bug'))
    expect(await world.names.resolve('a.example')).toEqual({ ok: false, reason: 'servfail' })
    expect(world.logged).toEqual(['error Looking up a name failed a.example'])
  })

  it('keeps no more names than it may, but all that are wanted or waited for', async () => {
    const zone = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`n${i} A`, ['10.0.0.1']] as const),
    )
    const world = createNamesWorld(zone, { most: 3, dns: { order: ['A'] } })
    world.names.want('n0', () => {})
    const all = Array.from({ length: 9 }, (_, i) => world.names.resolve(`n${i}`))
    expect((await Promise.all(all)).every(({ ok }) => ok)).toBe(true)
    expect(world.resolver.asked).toHaveLength(9)

    await world.names.resolve('n9')
    world.resolver.asked.length = 0
    for (const kept of ['n0', 'n7', 'n8', 'n9']) await world.names.resolve(kept)
    expect(world.resolver.asked).toEqual([])
    await world.names.resolve('n6')
    expect(world.resolver.asked).toEqual(['n6 A'])
  })
})

describe('a wanted name', () => {
  it('is looked up without being asked for, and tells when it changes', async () => {
    const world = createNamesWorld({ 'a.example A': { ttl: 10, list: ['10.0.0.1', '10.0.0.2'] } })
    let changes = 0
    world.names.want('a.example', () => changes++)
    await world.advance(9_000)
    expect(shown(world.names.addressesOf('a.example'))).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(changes).toBe(1)

    world.resolver.zone = { 'a.example A': { ttl: 10, list: ['10.0.0.2', '10.0.0.1'] } }
    await world.advance(10_000)
    expect(changes).toBe(1)

    world.resolver.zone = { 'a.example A': { ttl: 10, list: ['10.0.0.3'] } }
    await world.advance(10_000)
    expect(changes).toBe(2)
    expect(shown(world.names.addressesOf('a.example'))).toEqual(['10.0.0.3'])
  })

  it('is asked for no more than its TTL wants', async () => {
    const world = createNamesWorld({ 'a.example A': { ttl: 10, list: ['10.0.0.1'] } })
    world.names.want('a.example', () => {})
    await world.advance(60_000)
    expect(world.resolver.asked.length).toBeLessThanOrEqual(8)
    expect(world.resolver.asked.length).toBeGreaterThanOrEqual(6)
  })

  it('keeps its addresses through an outage, tells of it once, and comes back', async () => {
    const world = createNamesWorld({ 'a.example A': { ttl: 10, list: ['10.0.0.1'] } })
    let changes = 0
    world.names.want('a.example', () => changes++)
    await world.advance(5_000)
    world.resolver.zone = { 'a.example A': 'servfail' }
    await world.advance(600_000)
    expect(shown(world.names.addressesOf('a.example'))).toEqual(['10.0.0.1'])
    expect(world.names.failureOf('a.example')).toBe('servfail')
    expect(changes).toBe(1)

    world.resolver.zone = { 'a.example A': { ttl: 10, list: ['10.0.0.2'] } }
    await world.advance(40_000)
    expect(shown(world.names.addressesOf('a.example'))).toEqual(['10.0.0.2'])
    expect(world.logged).toEqual([
      'warn Cannot resolve a name, using the addresses it had a.example servfail',
      'notice A name resolves again a.example',
    ])
  })

  it('says nothing of addresses where it never had any', async () => {
    const world = createNamesWorld({ 'a.example A': 'servfail' })
    world.names.want('a.example', () => {})
    await world.advance(5_000)
    expect(world.logged).toEqual(['warn Cannot resolve a name a.example servfail'])
  })

  it('tells when it begins and ceases to be one that is not to be kept', async () => {
    const world = createNamesWorld({ 'a.example A': { ttl: 10, list: ['10.0.0.1'] } })
    const told: boolean[] = []
    world.names.want('a.example', () => told.push(world.names.isSteady('a.example')))
    expect(world.names.isSteady('a.example')).toBe(false)
    await world.advance(5_000)
    world.resolver.zone = { 'a.example A': { ttl: 0, list: ['10.0.0.1'] } }
    await world.advance(10_000)
    world.resolver.zone = { 'a.example A': { ttl: 10, list: ['10.0.0.1'] } }
    await world.advance(60_000)
    expect(told).toEqual([true, false, true])
    expect(world.names.isSteady('10.0.0.1')).toBe(true)
  })

  it('is found when it comes to exist', async () => {
    const world = createNamesWorld({})
    let changes = 0
    world.names.want('a.example', () => changes++)
    await world.advance(10_000)
    expect(changes).toBe(0)
    world.resolver.zone = ONE
    await world.advance(31_000)
    expect(changes).toBe(1)
  })

  it('tells all that want it, until they do not', async () => {
    const world = createNamesWorld({ 'a.example A': { ttl: 1, list: ['10.0.0.1'] } })
    const told: string[] = []
    const first = world.names.want('a.example', () => told.push('first'))
    const second = world.names.want('a.example', () => told.push('second'))
    await world.advance(500)
    first()
    first()
    world.resolver.zone = { 'a.example A': { ttl: 1, list: ['10.0.0.2'] } }
    await world.advance(2_000)
    expect(told).toEqual(['first', 'second', 'second'])

    second()
    const asked = world.resolver.asked.length
    await world.advance(60_000)
    expect(world.resolver.asked.length).toBe(asked)
  })

  it('is not lost by a listener that fails', async () => {
    const world = createNamesWorld(ONE)
    world.names.want('a.example', () => {
      throw new Error('a bug')
    })
    let told = 0
    world.names.want('a.example', () => told++)
    expect(await world.names.resolve('a.example')).toMatchObject({ ok: true })
    expect(told).toBe(1)
  })

  it('is one of many that are not all asked for at once', async () => {
    const world = createNamesWorld({})
    let release = () => {}
    world.resolver.held = new Promise<void>((resolve) => {
      release = resolve
    })
    for (let i = 0; i < 500; i++) world.names.want(`n${i}.example`, () => {})
    await world.settle()
    expect(world.resolver.asked).toHaveLength(64)
    expect(world.names.tick(world.now)).toBe(10)

    world.resolver.held = undefined
    release()
    await world.advance(5_000)
    const names = new Set(world.resolver.asked.map((one) => one.split(' ')[0]))
    expect(names.size).toBe(500)
  })

  it('tells when it is needed again', async () => {
    const world = createNamesWorld({ 'a.example A': { ttl: 20, list: ['10.0.0.1'] } })
    world.names.want('a.example', () => {})
    await world.settle()
    expect(world.names.tick(world.now)).toBe(20_000)
    world.now += 15_000
    expect(world.names.tick(world.now)).toBe(5_000)
  })
})

function createRuntime() {
  return {
    name: 'node',
    now: () => 0,
    random: () => 0,
    uuid: () => '',
    log: () => {},
    background: () => {},
  }
}
