import { createMemoryKV } from '../../adapters/memory/kv.ts'
import type { Peer } from '../../src/balancer/algorithm.ts'
import { type Balancers, createBalancers } from '../../src/balancer/balancers.ts'
import type { Balancer } from '../../src/balancer/picking.ts'
import { type Target, target } from '../../src/entities/target.ts'
import { type Upstream, upstream } from '../../src/entities/upstream.ts'
import type { KV } from '../../src/ports/kv.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { Failure, Incoming, Outgoing, Transport } from '../../src/ports/transport.ts'
import { type Row, rowOf } from '../../src/schema/entity.ts'
import { rowForInsert } from '../../src/schema/validate.ts'
import { ALL_CAPS } from '../caps.ts'

/** What a target does with whatever reaches it. */
export type Behaviour = 'refuse' | 'lack' | 'reset' | 'hang' | 'garbage' | number

/** A KV whose keys several worlds may share. */
export interface SharedKV extends KV {
  /** As late as the latest of its worlds. */
  now: number
  broken: boolean
}

/** A machine with a clock, targets and one set of balancers; nothing happens but by `advance`. */
export interface World {
  readonly balancers: Balancers
  readonly kv: SharedKV
  readonly logged: string[]
  /** Every request and probe that went to an address. */
  readonly sent: { readonly address: string; readonly at: number; readonly outgoing?: Outgoing }[]
  readonly targets: Map<string, Behaviour>
  now(): number
  /** Lets time pass, ticking as an adapter would. */
  advance(milliseconds: number): Promise<void>
  /** Lets time pass without a tick. */
  wait(milliseconds: number): void
  /** Makes these the whole configuration: upstreams with their targets' weights by address. */
  configure(upstreams: readonly UpstreamInput[]): void
}

/** An upstream's members, and its targets' weights by address. */
export interface UpstreamInput {
  readonly name: string
  readonly targets: Readonly<Record<string, number>>
  readonly healthchecks?: unknown
  readonly host_header?: string
  readonly client_certificate?: { readonly id: string }
  readonly algorithm?: string
  readonly hash_on?: string
  readonly slots?: number
}

/** What a world is made with. */
export interface WorldOptions {
  readonly kv?: SharedKV
  readonly shared?: boolean
  readonly connectBackoff?: number
  readonly slowStart?: number
  readonly probing?: boolean
  readonly tickEvery?: number
}

let nodes = 0

/** Makes a world at time 0. */
export function createWorld(options: WorldOptions = {}): World {
  let now = 1_000_000
  const timers: { at: number; run: () => void }[] = []
  const targets: World['targets'] = new Map()
  const sent: World['sent'] = []
  const logged: string[] = []
  const kv = options.kv ?? createKV(options.shared ?? false)
  const runtime: Runtime = {
    name: 'node',
    now: () => now,
    random: () => 0,
    uuid: () => `node ${++nodes}`,
    log: (_level, message) => logged.push(message),
    background: (work) => void work.catch((error) => logged.push(String(error))),
  }

  const reach = <T>(address: string, timeout: number, answer: (status: number) => T) => {
    const does = targets.get(address) ?? 200
    if (typeof does === 'number') return Promise.resolve(answer(does))
    if (does === 'refuse') return Promise.resolve(failure('connect', 'ECONNREFUSED'))
    // It is we who have no more files.
    if (does === 'lack') return Promise.resolve(failure('connect', 'EMFILE'))
    if (does === 'reset') return Promise.resolve(failure('head', 'ECONNRESET'))
    if (does === 'garbage') return Promise.resolve(failure('head', 'BAD_STATUS_LINE'))
    return new Promise<Failure>((resolve) => {
      timers.push({ at: now + timeout, run: () => resolve(failure('head', 'ETIMEDOUT', true)) })
    })
  }
  const transport: Transport = {
    caps: ALL_CAPS,
    send(outgoing) {
      const address = `${outgoing.host}:${outgoing.port}`
      sent.push({ address, at: now, outgoing })
      return reach(address, outgoing.readTimeout, incoming)
    },
    probe(host, port, timeout) {
      sent.push({ address: `${host}:${port}`, at: now })
      return reach(`${host}:${port}`, timeout, () => undefined)
    },
    close: async () => {},
  }
  const balancers = createBalancers({
    runtime,
    kv,
    transport,
    // Every certificate exists.
    certificateOf: (id) => ({ id, cert: 'cert', key: 'key' }),
    connectBackoff: options.connectBackoff ?? 200,
    slowStart: options.slowStart ?? 0,
    ...(options.probing === undefined ? {} : { probing: options.probing }),
  })

  return {
    balancers,
    kv,
    logged,
    sent,
    targets,
    now: () => now,
    async advance(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        kv.now = Math.max(kv.now, now)
        await balancers.tick(now)
        await settle()
        for (const timer of timers.splice(0)) {
          if (timer.at <= now) timer.run()
          else timers.push(timer)
        }
        await settle()
        if (now >= end) return
        now = Math.min(end, now + (options.tickEvery ?? 50))
      }
    },
    wait(milliseconds) {
      now += milliseconds
    },
    configure(upstreams) {
      const rows = upstreams.map((input, i) => upstreamRow(input, i))
      balancers.sync(
        rows,
        upstreams.flatMap((input, i) => targetRows(input, i)),
      )
    },
  }
}

/** A KV in memory. */
export function createKV(shared: boolean): SharedKV {
  const kv = createMemoryKV({ now: () => made.now })
  const unlessBroken = async () => {
    if (made.broken) throw new Error('KV is away')
  }
  const made: SharedKV = {
    now: 0,
    broken: false,
    traits: { atomic: true, shared },
    get: (key) => unlessBroken().then(() => kv.get(key)),
    set: (key, value, options) => unlessBroken().then(() => kv.set(key, value, options)),
    delete: (key) => unlessBroken().then(() => kv.delete(key)),
    list: (prefix) => unlessBroken().then(() => kv.list(prefix)),
    increment: (key, by, options) => unlessBroken().then(() => kv.increment(key, by, options)),
    close: async () => {},
  }
  return made
}

/** Sends one request as the proxy does, retries included; the status its client gets. */
export async function request(
  world: World,
  balancer: Balancer | undefined,
  retries = 5,
  key?: string,
): Promise<{ status: number; tried: string[] }> {
  const tried = new Set<Peer>()
  let status = 503
  for (let attempt = 0; attempt <= retries; attempt++) {
    const peer = balancer?.pick(tried, { key })
    if (balancer === undefined || peer === undefined) break
    tried.add(peer)
    balancer.started(peer)
    const does = world.targets.get(peer.id) ?? 200
    balancer.ended(peer)
    if (typeof does === 'number') {
      balancer.connected(peer)
      balancer.observe(peer, { kind: 'status', status: does })
      status = does
      break
    }
    status = does === 'hang' ? 504 : 502
    if (does === 'refuse') balancer.connectFailed(peer)
    balancer.observe(peer, { kind: does === 'hang' ? 'timeout' : 'tcp' })
  }
  return { status, tried: [...tried].map(({ id }) => id) }
}

/** Sends many requests, one at a time and some milliseconds apart; which target answered each. */
export async function traffic(
  world: World,
  name: string,
  { count, every = 5 }: { count: number; every?: number },
): Promise<{ failed: number; share(address: string): number; order: string[] }> {
  const order: string[] = []
  let failed = 0
  for (let i = 0; i < count; i++) {
    const { status, tried } = await request(world, world.balancers.find(name))
    if (status >= 500) failed++
    else order.push(tried.at(-1) ?? '')
    await world.advance(every)
  }
  const share = (address: string) => order.filter((one) => one === address).length / order.length
  return { failed, share, order }
}

/** The word `/health` has for each target of an upstream, by address. */
export function healthOf(world: World, name: string): Record<string, string> {
  const id = world.balancers.find(name)?.upstream?.id ?? ''
  return Object.fromEntries(
    world.balancers.health(id).map(({ health, data }) => [`${data.host}:${data.port}`, health]),
  )
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve()
}

function upstreamRow({ targets: _, ...input }: UpstreamInput, index: number): Upstream {
  return rowOf(upstream, { ...rowForInsert(upstream, input, context), id: idOf(index) })
}

function targetRows({ targets }: UpstreamInput, index: number): Target[] {
  return Object.entries(targets).map(([address, weight]) => {
    const input = { target: address, weight, upstream: { id: idOf(index) } }
    const row: Row = rowForInsert(target, input, context)
    return rowOf(target, { ...row, id: `target of ${index}: ${address}` })
  })
}

/** The id of the upstream at a place in `configure`'s list. */
export function idOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
}

const context = { now: 1_000_000, newId: () => idOf(999), secret: () => '' }

function incoming(status: number): Incoming {
  return { ok: true, status, reason: '', httpVersion: '1.1', headers: [], body: undefined }
}

function failure(phase: Failure['phase'], code: string, timeout = false): Failure {
  return { ok: false, phase, code, timeout, reused: false, byClient: false }
}
