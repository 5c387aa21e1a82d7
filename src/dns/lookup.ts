import { expandIpv6, isIpv4 } from '../lib/ip.ts'
import type {
  LookupFailure,
  MachineNames,
  NameRecord,
  RecordType,
  Resolver,
} from '../ports/resolver.ts'
import { candidates, isLocalhost, type Step, stepsOf } from './candidates.ts'
import { endOfChain } from './chain.ts'
import { type Found, isAddress, type LookupResult, servicesOf } from './services.ts'

/** How names are looked up. */
export interface LookupOptions {
  readonly resolver: Resolver
  /** The types to ask for, the first that has records counts. */
  readonly order: readonly RecordType[]
  /**
   * The transport connects to names and cannot be given addresses: only SRV records are looked for,
   * and a name without them stands for itself.
   */
  readonly byName: boolean
  /** What was found last time, asked first if it is given. */
  readonly last?: Step | undefined
}

/** What a lookup comes to, and by which query; `ownTtl`: no record says the TTL, it is ours. */
export type Lookup = LookupResult & { readonly last?: Step; readonly ownTtl?: true }

/** How long what a hosts file says holds, in ms; the file is free to change. */
const HOSTS_TTL = 5_000
/** A name without SRV records that stands for itself is asked for them again after this, in ms. */
const ITSELF_TTL = 30_000
const DEEPEST = 8
const MOST_QUERIES = 1_000
/** So many servers' silences in a lookup, and nobody is there. */
const PATIENCE = 2

/** Finds the addresses of a host: the hosts file first, then each name and type in order. */
export async function lookUp(host: string, options: LookupOptions): Promise<Lookup> {
  const { resolver, order, byName, last } = options
  const machine = await resolver.machine?.()
  const listed = byName ? undefined : fromHosts(machine, host, order)
  if (listed !== undefined) return { ...listed, ownTtl: true }

  const types = byName ? order.filter((type) => type === 'SRV') : order
  const journey: Journey = { resolver, byName, machine, left: { queries: MOST_QUERIES } }
  const steps = stepsOf(candidates(host, machine), types, last)
  let reached: Step | undefined
  let untold: { readonly incomplete: LookupFailure; readonly last: Step } | undefined
  const found = await firstFound(steps, async (step) => {
    reached = step
    const result = await take(step, { ...journey, order: types, depth: 0 })
    if (step === last && !result.ok && !isGone(result.reason)) {
      untold = { incomplete: result.reason, last }
    }
    return result
  })
  // Kong: what was there before is not given up for records of another type by a server's silence.
  if (found.ok && untold !== undefined) return { ...found, ...untold }
  if (found.ok) return reached === undefined ? found : { ...found, last: reached }
  return byName ? itself(host, found.reason) : found
}

/** What all queries of one lookup share. */
interface Journey {
  readonly resolver: Resolver
  readonly byName: boolean
  readonly machine: MachineNames | undefined
  readonly left: { queries: number }
}

interface Leg extends Journey {
  readonly order: readonly RecordType[]
  readonly depth: number
}

/** Tries one after the other; a server's silence, unlike its word, is borne only so often. */
async function firstFound(
  steps: readonly Step[],
  attempt: (step: Step) => Promise<LookupResult>,
): Promise<LookupResult> {
  let worst: LookupFailure = 'nxdomain'
  let silences = 0
  for (const step of steps) {
    const found = await attempt(step)
    if (found.ok) return found
    if (SEVERITY.indexOf(found.reason) > SEVERITY.indexOf(worst)) worst = found.reason
    if (found.reason === 'timeout' && ++silences === PATIENCE) break
  }
  return { ok: false, reason: worst }
}

const SEVERITY: readonly LookupFailure[] = ['nxdomain', 'empty', 'refused', 'servfail', 'timeout']

async function take(step: Step, leg: Leg): Promise<LookupResult> {
  if (leg.depth > DEEPEST || leg.left.queries-- <= 0) return { ok: false, reason: 'servfail' }
  const answer = await leg.resolver.query(step.name, step.type)
  if (!answer.ok) return answer

  const end = endOfChain(answer.records, step.name.toLowerCase(), step.type)
  if (end.ttl === undefined) return { ok: false, reason: 'empty' }
  const ttl = end.ttl * 1000
  const further: Leg = { ...leg, depth: leg.depth + 1 }
  if (step.type === 'CNAME') return within(ttl, await takeAll(end.name, further))
  // The server left the rest of the way to us.
  if (end.records.length === 0) {
    return within(ttl, await take({ name: end.name, type: step.type }, further))
  }
  if (step.type !== 'SRV') return { ok: true, ttl, addresses: addressesOf(end.records) }

  const addressOrder = leg.order.filter((type) => type !== 'SRV')
  const order: readonly RecordType[] = addressOrder.length > 0 ? addressOrder : ['A']
  const services = end.records.filter((record) => record.type === 'SRV')
  // Kong: that leads nowhere, and the name's addresses count as if it were not there.
  if (services.every(({ target }) => target === end.name)) return { ok: false, reason: 'empty' }
  const found = await servicesOf(services, {
    byName: leg.byName,
    async addresses(target) {
      const own = { ...further, order }
      return atHand(target, own) ?? beside(answer.extra, target, order) ?? takeAll(target, own)
    },
  })
  return within(ttl, found)
}

/** What no server is asked for. Kong: the hosts file comes first for names on the way, too. */
function atHand(name: string, { machine, order }: Leg): Found | undefined {
  if (isAddress(name)) return literally(expandIpv6(name))
  return isLocalhost(name) ? literally('localhost') : fromHosts(machine, name, order)
}

/** It holds as long as the record it stands in. */
function literally(ip: string): Found {
  return { ok: true, ttl: Number.POSITIVE_INFINITY, addresses: [{ ip }] }
}

/** All types of one whole name. */
async function takeAll(name: string, leg: Leg): Promise<LookupResult> {
  const steps = stepsOf([name], leg.order, undefined)
  return atHand(name, leg) ?? firstFound(steps, (step) => take(step, leg))
}

/** What leads to a result may not outlive its own end either. */
function within(ttl: number, result: LookupResult): LookupResult {
  return result.ok ? { ...result, ttl: Math.min(ttl, result.ttl) } : result
}

/** The addresses a server sent along, so that they need not be asked for. */
function beside(
  extra: readonly NameRecord[],
  target: string,
  order: readonly RecordType[],
): Found | undefined {
  for (const type of order) {
    const { records, ttl } = endOfChain(extra, target, type)
    if (type === 'CNAME' || ttl === undefined || records.length === 0) continue
    return { ok: true, ttl: ttl * 1000, addresses: addressesOf(records) }
  }
  return undefined
}

function addressesOf(records: readonly NameRecord[]): { ip: string }[] {
  return records.flatMap((record) => ('address' in record ? [{ ip: record.address }] : []))
}

function fromHosts(
  machine: MachineNames | undefined,
  host: string,
  order: readonly RecordType[],
): Found | undefined {
  const ips = machine?.hosts.get(host.replace(/\.$/, ''))
  if (ips === undefined || ips.length === 0) return undefined
  const families = order.filter((type) => type === 'A' || type === 'AAAA')
  const wanted = families
    .map((type) => ips.filter((ip) => isIpv4(ip) === (type === 'A')))
    .find((some) => some.length > 0)
  return { ok: true, ttl: HOSTS_TTL, addresses: (wanted ?? ips).map((ip) => ({ ip })) }
}

function itself(host: string, reason: LookupFailure): Lookup {
  const addresses = [{ ip: host.replace(/\.$/, '') }]
  const found = { ok: true, ttl: ITSELF_TTL, ownTtl: true, addresses } as const
  return isGone(reason) ? found : { ...found, incomplete: reason }
}

/** Whether a server said so, and not that it could not say. */
function isGone(reason: LookupFailure): boolean {
  return reason === 'nxdomain' || reason === 'empty'
}
