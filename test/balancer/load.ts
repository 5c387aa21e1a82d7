import type { Peer } from '../../src/balancer/algorithm.ts'
import type { World } from './world.ts'

/** How much is asked, and how long each target takes to answer. */
export interface Load {
  /** Clients that send their next request as soon as they have an answer. */
  readonly clients: number
  /** Milliseconds. */
  readonly duration: number
  readonly latencyOf: (address: string, at: number) => number
  readonly statusOf?: (address: string, at: number) => number
  /** What a request is hashed by, counted from 0. */
  readonly keyOf?: (request: number) => string
}

/** What came of a load. */
export interface Loaded {
  readonly answered: number
  /** Requests by address. */
  readonly sent: ReadonlyMap<string, number>
  share(address: string): number
  /** The latency that share of the answers stayed within. */
  within(share: number): number
}

interface Call {
  readonly client: number
  readonly peer: Peer
  readonly at: number
  readonly endsAt: number
}

/** Plays a load on simulated time, a millisecond at a time. */
export function play(world: World, name: string, load: Load): Loaded {
  const balancer = world.balancers.find(name)
  if (balancer === undefined) throw new Error(`no upstream ${name}`)
  const start = world.now()
  const sent = new Map<string, number>()
  const latencies: number[] = []
  const calls = new Set<Call>()
  let requests = 0

  const begin = (client: number) => {
    const now = world.now()
    const peer = balancer.pick(new Set(), { key: load.keyOf?.(requests++) })
    if (peer === undefined) throw new Error('no peer')
    sent.set(peer.id, (sent.get(peer.id) ?? 0) + 1)
    balancer.started(peer)
    calls.add({ client, peer, at: now, endsAt: now + load.latencyOf(peer.id, now - start) })
  }
  const end = (call: Call) => {
    const { peer, at, client } = call
    calls.delete(call)
    const took = world.now() - at
    latencies.push(took)
    const status = load.statusOf?.(peer.id, world.now() - start) ?? 200
    balancer.observe(peer, { kind: 'status', status, took })
    balancer.ended(peer)
    begin(client)
  }

  for (let client = 0; client < load.clients; client++) begin(client)
  while (world.now() - start < load.duration) {
    world.wait(1)
    for (const call of [...calls]) if (call.endsAt <= world.now()) end(call)
  }
  for (const { peer } of calls) {
    balancer.observe(peer, { kind: 'left' })
    balancer.ended(peer)
  }
  latencies.sort((a, b) => a - b)
  const total = [...sent.values()].reduce((sum, count) => sum + count, 0)
  return {
    answered: latencies.length,
    sent,
    share: (address) => (sent.get(address) ?? 0) / total,
    within: (share) => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN,
  }
}
