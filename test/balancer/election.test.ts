import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createKV,
  createWorld,
  healthOf,
  idOf,
  request,
  type SharedKV,
  settle,
  type World,
} from './world.ts'

const A = 'localhost:9001'
const B = 'localhost:9002'
const PROBED = {
  active: {
    healthy: { interval: 0.5, successes: 1 },
    unhealthy: { interval: 0.5, http_failures: 1, tcp_failures: 1, timeouts: 1 },
  },
  passive: { unhealthy: { http_failures: 1 } },
}

/** Worlds over one KV, an upstream or more in each. */
function gateways(count: number, upstreams: readonly string[] = ['u']): World[] {
  const kv = createKV(true)
  return Array.from({ length: count }, () => addGateway(kv, upstreams))
}

function addGateway(kv: SharedKV, upstreams: readonly string[] = ['u']): World {
  const world = createWorld({ kv, tickEvery: 100 })
  world.wait(Math.max(0, kv.now - world.now()))
  configure(world, upstreams)
  return world
}

function configure(world: World, upstreams: readonly string[] = ['u']): void {
  const targets = { [A]: 10, [B]: 10 }
  world.configure(upstreams.map((name) => ({ name, targets, healthchecks: PROBED })))
}

/** Lets the same time pass in all worlds, side by side. */
async function pass(worlds: readonly World[], milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 100) {
    for (const world of worlds) {
      world.wait(100)
      await world.advance(0)
    }
  }
}

/** The worlds that probed within the time, by their place. */
async function probersIn(worlds: readonly World[], milliseconds: number): Promise<number[]> {
  const before = worlds.map(({ sent }) => sent.length)
  await pass(worlds, milliseconds)
  return worlds.flatMap(({ sent }, i) => (sent.length > (before[i] ?? 0) ? [i] : []))
}

describe('gateways that share a KV', () => {
  it('have one of them ask the targets, the others its word', async () => {
    const worlds = gateways(3)
    await pass(worlds, 3_000)
    expect(await probersIn(worlds, 20_000)).toHaveLength(1)

    for (const world of worlds) world.targets.set(B, 500)
    await pass(worlds, 2_000)
    expect(worlds.map((world) => healthOf(world, 'u')[B])).toEqual(Array(3).fill('UNHEALTHY'))
    for (const world of worlds) world.targets.set(B, 200)
    await pass(worlds, 2_000)
    expect(worlds.map((world) => healthOf(world, 'u')[B])).toEqual(Array(3).fill('HEALTHY'))
  })

  it('bring back what any of them ejected by its traffic', async () => {
    const worlds = gateways(2)
    await pass(worlds, 3_000)
    const [prober = 0] = await probersIn(worlds, 2_000)
    const other = worlds[1 - prober]
    if (other === undefined) throw new Error('There are two')
    for (const world of worlds) world.targets.set(B, 500)
    for (let i = 0; i < 4; i++) await request(other, other.balancers.find('u'))
    expect(healthOf(other, 'u')[B]).toBe('UNHEALTHY')
    for (const world of worlds) world.targets.set(B, 200)
    await pass(worlds, 5_000)
    expect(worlds.map((world) => healthOf(world, 'u')[B])).toEqual(['HEALTHY', 'HEALTHY'])
  })

  it('have another ask at once when the one that did resigns, and soon when it dies', async () => {
    const worlds = gateways(3)
    await pass(worlds, 3_000)
    const [first = 0] = await probersIn(worlds, 2_000)
    await worlds[first]?.balancers.close()
    const rest = worlds.filter((_, i) => i !== first)
    expect(await probersIn(rest, 2_500)).toHaveLength(1)

    const [second = 0] = await probersIn(rest, 2_000)
    const last = rest.filter((_, i) => i !== second)
    expect(await probersIn(last, 10_000)).toEqual([0])
    // One that comes back finds somebody at work.
    const again = addGateway(worlds[0]?.kv ?? createKV(true))
    await pass([...last, again], 1_000)
    expect(await probersIn([...last, again], 10_000)).toEqual([0])
  })

  it('all ask while the KV is away, and one again when it is back', async () => {
    const worlds = gateways(3)
    await pass(worlds, 5_000)
    const kv = worlds[0]?.kv
    if (kv === undefined) throw new Error('There are three')
    kv.broken = true
    await pass(worlds, 6_000)
    expect(await probersIn(worlds, 2_000)).toEqual([0, 1, 2])
    kv.broken = false
    await pass(worlds, 3_000)
    expect(await probersIn(worlds, 20_000)).toHaveLength(1)
  })

  it('tell later what the KV did not take', async () => {
    const worlds = gateways(2)
    await pass(worlds, 3_000)
    const [one, two] = worlds
    if (one === undefined || two === undefined) throw new Error('There are two')
    one.kv.broken = true
    one.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, false)
    await settle()
    one.kv.broken = false
    one.targets.set(B, 500)
    two.targets.set(B, 500)
    await pass(worlds, 2_500)
    expect(worlds.map((world) => healthOf(world, 'u')[B])).toEqual(['UNHEALTHY', 'UNHEALTHY'])
  })

  it('agree again when the word of a clock that is behind overwrote a newer one', async () => {
    const worlds = gateways(2)
    await pass(worlds, 3_000)
    const [one, two] = worlds
    if (one === undefined || two === undefined) throw new Error('There are two')
    one.wait(500)
    const mark = (world: World, healthy: boolean) =>
      world.balancers.mark(idOf(0), `target of 0: ${B}`, undefined, healthy)
    mark(one, false)
    mark(one, true)
    await settle()
    mark(two, false)
    await pass(worlds, 4_000)
    expect(healthOf(one, 'u')).toEqual(healthOf(two, 'u'))
  })

  it('have one for each upstream whatever happens, once it is quiet', async () => {
    await fc.assert(fc.asyncProperty(fc.array(trouble, { maxLength: 8 }), staysElected), {
      numRuns: 15,
    })
  })
})

const trouble = fc.record({
  what: fc.constantFrom('break', 'mend', 'sleep', 'configure', 'unconfigure'),
  who: fc.nat({ max: 2 }),
  after: fc.integer({ min: 1, max: 60 }).map((tenths) => tenths * 100),
})

interface Trouble {
  readonly what: string
  readonly who: number
  readonly after: number
}

async function staysElected(troubles: readonly Trouble[]): Promise<void> {
  const worlds = gateways(3, ['u', 'v'])
  const kv = worlds[0]?.kv
  if (kv === undefined) throw new Error('There are three')
  for (const { what, who, after } of troubles) {
    const world = worlds[who]
    if (what === 'break') kv.broken = true
    else if (what === 'mend') kv.broken = false
    else if (what === 'configure' && world !== undefined) configure(world, ['u', 'v'])
    else if (what === 'unconfigure' && world !== undefined) configure(world, ['u'])
    await pass(what === 'sleep' ? worlds.filter((_, i) => i !== who) : worlds, after)
  }
  kv.broken = false
  const latest = Math.max(...worlds.map((world) => world.now()))
  for (const world of worlds) {
    world.wait(latest - world.now())
    configure(world, ['u', 'v'])
  }
  await pass(worlds, 12_000)
  const before = worlds.map(({ sent }) => sent.length)
  await pass(worlds, 5_000)
  // Each probe goes to one of two targets of one of two upstreams, twice a second.
  const probes = worlds.map(({ sent }, i) => sent.length - (before[i] ?? 0))
  expect(probes.reduce((sum, count) => sum + count)).toBe(2 * 2 * 10)
}
