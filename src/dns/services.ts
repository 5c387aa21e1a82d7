import { isIpv4, isIpv6 } from '../lib/ip.ts'
import type { LookupFailure, ServiceRecord } from '../ports/resolver.ts'

/** Where a connection can be opened. */
export interface ResolvedAddress {
  /** An address without brackets; a name where the transport connects to names. */
  readonly ip: string
  /** An SRV record's; without one the target's or the service's own holds. */
  readonly port?: number
  /** An SRV record's, in place of the target's own. */
  readonly weight?: number
  /** The host an SRV record names; absent where it holds an address. */
  readonly name?: string
}

/** Addresses that were found. */
export interface Found {
  readonly ok: true
  readonly addresses: readonly ResolvedAddress[]
  /** Milliseconds. */
  readonly ttl: number
  /** A part could not be found out; what was known of it before is the better answer. */
  readonly incomplete?: LookupFailure
}

/** What looking something up comes to. */
export type LookupResult = Found | { readonly ok: false; readonly reason: LookupFailure }

/** How the targets of SRV records become addresses. */
export interface ServicesOptions {
  /** They are left as the names they are. */
  readonly byName: boolean
  addresses(target: string): Promise<LookupResult>
}

const AT_ONCE = 32

/** Turns SRV records into addresses. Kong: only those of the lowest priority, weight 0 counts as 1. */
export async function servicesOf(
  records: readonly ServiceRecord[],
  { byName, addresses }: ServicesOptions,
): Promise<LookupResult> {
  const offered = records.filter(({ target }) => target !== '')
  const lowest = Math.min(...offered.map(({ priority }) => priority))
  const used = offered.filter(({ priority }) => priority === lowest)
  if (used.length === 0) return { ok: false, reason: 'empty' }
  if (byName) {
    const named = used.map((record) => place(record.target, record))
    return { ok: true, addresses: named, ttl: Number.POSITIVE_INFINITY }
  }
  const targets = [...new Set(used.map(({ target }) => target))]
  return join(used, await eachOf(targets, addresses))
}

/** Asks for many, some at a time. */
async function eachOf(
  targets: readonly string[],
  ask: (target: string) => Promise<LookupResult>,
): Promise<Map<string, LookupResult>> {
  const results = new Map<string, LookupResult>()
  for (let i = 0; i < targets.length; i += AT_ONCE) {
    const some = targets.slice(i, i + AT_ONCE)
    const found = await Promise.all(some.map(ask))
    for (const [j, result] of found.entries()) results.set(some[j] ?? '', result)
  }
  return results
}

/** A target that does not exist is left out; one that could not be asked for makes it incomplete. */
function join(
  records: readonly ServiceRecord[],
  results: ReadonlyMap<string, LookupResult>,
): LookupResult {
  const addresses: ResolvedAddress[] = []
  let ttl = Number.POSITIVE_INFINITY
  let incomplete: LookupFailure | undefined
  for (const record of records) {
    const result = results.get(record.target)
    if (result?.ok === true) {
      addresses.push(...result.addresses.map(({ ip }) => named(place(ip, record), record.target)))
      ttl = Math.min(ttl, result.ttl)
      incomplete ??= result.incomplete
    } else if (result?.reason !== 'nxdomain' && result?.reason !== 'empty') {
      incomplete ??= result?.reason
    }
  }
  if (addresses.length === 0) return { ok: false, reason: incomplete ?? 'empty' }
  return incomplete === undefined
    ? { ok: true, addresses, ttl }
    : { ok: true, addresses, ttl, incomplete }
}

function named(address: ResolvedAddress, name: string): ResolvedAddress {
  return isAddress(name) ? address : { ...address, name }
}

/** Whether an SRV record's target is an address, as some servers have it, and no name to look up. */
export function isAddress(target: string): boolean {
  return isIpv4(target) || isIpv6(target)
}

/** Kong: port 0 leaves the port to the target. */
function place(ip: string, { port, weight }: ServiceRecord): ResolvedAddress {
  const counted = weight === 0 ? 1 : weight
  return port === 0 ? { ip, weight: counted } : { ip, port, weight: counted }
}
