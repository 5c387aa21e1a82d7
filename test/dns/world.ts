import { createNames, type Names, type NamesOptions } from '../../src/dns/names.ts'
import type {
  Answer,
  LookupFailure,
  MachineNames,
  NameRecord,
  RecordType,
  Resolver,
} from '../../src/ports/resolver.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import { DEFAULT_DNS, type DnsSettings } from '../../src/settings/dns.ts'

/** A zone as a test writes it: `{ 'a.example A': ['10.0.0.1'] }`, see `recordsOf`. */
export type Zone = Record<string, Served | LookupFailure>

/** Values, and how long they hold in seconds; 60 where nothing is said. */
export type Served =
  | readonly string[]
  | { readonly ttl?: number; readonly list: readonly string[]; readonly extra?: Zone }

/** A resolver that answers from a zone. */
export interface ZoneResolver extends Resolver {
  zone: Zone
  /** `name TYPE` of all that was asked. */
  readonly asked: string[]
  /** Holds all answers back while it is set. */
  held: Promise<unknown> | undefined
}

/** Makes a resolver; what is not in the zone does not exist. */
export function zoneResolver(zone: Zone, machine?: Partial<MachineNames>): ZoneResolver {
  const resolver: ZoneResolver = {
    zone,
    asked: [],
    held: undefined,
    async query(name, type) {
      resolver.asked.push(`${name} ${type}`)
      await resolver.held
      return answerOf(resolver.zone, name, type)
    },
  }
  if (machine === undefined) return resolver
  const names: MachineNames = { hosts: new Map(), search: [], ndots: 1, ...machine }
  return Object.assign(resolver, { machine: async () => names })
}

function answerOf(zone: Zone, name: string, type: RecordType): Answer {
  const served = zone[`${name} ${type}`]
  if (served === undefined) return { ok: false, reason: 'nxdomain' }
  if (typeof served === 'string') return { ok: false, reason: served }
  const extra = 'list' in served ? (served.extra ?? {}) : {}
  return {
    ok: true,
    records: recordsOf(`${name} ${type}`, served),
    extra: Object.entries(extra).flatMap(([key, one]) =>
      typeof one === 'string' ? [] : recordsOf(key, one),
    ),
  }
}

/**
 * A value is an address or, in an SRV record, `priority weight port target`. One that begins with
 * `name=` is the alias of that name, or a record of that name after the aliases.
 */
function recordsOf(key: string, served: Exclude<Served, string>): NameRecord[] {
  const { ttl = 60, list } = 'list' in served ? served : { list: served }
  const [asked = '', type] = key.split(' ')
  let name = asked
  return list.map((value): NameRecord => {
    if (value.startsWith('alias ')) {
      const target = value.slice('alias '.length)
      const record = { type: 'CNAME', name, ttl, target } as const
      name = target
      return record
    }
    if (type === 'CNAME') return { type, name, ttl, target: value }
    if (type === 'A' || type === 'AAAA') return { type, name, ttl, address: value }
    const [priority, weight, port, target = ''] = value.split(' ')
    return {
      type: 'SRV',
      name,
      ttl,
      priority: Number(priority),
      weight: Number(weight),
      port: Number(port),
      target,
    }
  })
}

/** Names over a zone, with a clock that a test moves. */
export interface NamesWorld {
  readonly names: Names
  readonly resolver: ZoneResolver
  readonly runtime: Runtime
  readonly logged: string[]
  now: number
  /** Lets every lookup end that can. */
  settle(): Promise<void>
  /** Lets time pass, ticking as an adapter would. */
  advance(milliseconds: number, every?: number): Promise<void>
}

/** Makes them; nothing happens but by a call. */
export function createNamesWorld(
  zone: Zone,
  options: Omit<NamesOptions, 'runtime' | 'dns'> & {
    readonly dns?: Partial<DnsSettings>
    readonly machine?: Partial<MachineNames>
    readonly random?: () => number
  } = {},
): NamesWorld {
  const logged: string[] = []
  const { machine, random = () => 0, dns, ...rest } = options
  const resolver = zoneResolver(zone, machine)
  const runtime: Runtime = {
    name: 'node',
    now: () => world.now,
    random,
    uuid: () => '',
    log: (level, message, fields) => {
      logged.push(`${level} ${message} ${fields?.name} ${fields?.reason ?? ''}`.trim())
    },
    background: (work) => void work.catch((error: unknown) => logged.push(`bug ${String(error)}`)),
  }
  const world: NamesWorld = {
    names: createNames({ runtime, resolver, dns: { ...DEFAULT_DNS, ...dns }, ...rest }),
    resolver,
    runtime,
    logged,
    now: 1_000_000,
    async settle() {
      for (let i = 0; i < 200; i++) await Promise.resolve()
    },
    async advance(milliseconds, every = 250) {
      const end = world.now + milliseconds
      for (;;) {
        world.names.tick(world.now)
        await world.settle()
        if (world.now >= end) return
        world.now = Math.min(end, world.now + every)
      }
    },
  }
  return world
}

/** Addresses in short: `ip`, `ip:port` or `ip:port*weight`. */
export function shown(addresses: ReturnType<Names['addressesOf']>): string[] | undefined {
  return addresses?.map(({ ip, port, weight }) => {
    return `${ip}${port === undefined ? '' : `:${port}`}${weight === undefined ? '' : `*${weight}`}`
  })
}
