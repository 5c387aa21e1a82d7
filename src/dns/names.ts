import type { LookupFailure, Resolver } from '../ports/resolver.ts'
import type { Runtime } from '../ports/runtime.ts'
import { DEFAULT_DNS, type DnsSettings } from '../settings/dns.ts'
import { canonicalHost, isLiteral } from './candidates.ts'
import { NameCache } from './name-cache.ts'
import type { ResolvedAddress } from './services.ts'

/** What a name came to. */
export type Resolution =
  | { readonly ok: true; readonly addresses: readonly ResolvedAddress[] }
  | { readonly ok: false; readonly reason: LookupFailure }

/** The addresses of names, kept and kept fresh. */
export interface Names {
  /**
   * What is known now: the same array until it changes. Undefined while a name is unknown, or when it
   * has none; what is out of date is asked for behind the caller's back.
   */
  addressesOf(host: string): readonly ResolvedAddress[] | undefined
  /** Whether a host is nothing to look up: an address, or this machine itself. */
  isLiteral(host: string): boolean
  /** Why the latest lookup of a name brought nothing. */
  failureOf(host: string): LookupFailure | undefined
  /**
   * Undefined when `addressesOf` may be relied on as it is, which is nearly always; else it settles
   * when it may: the name is new, or not to be kept (TTL 0), or unused for hours. Never rejects.
   */
  freshen(host: string): Promise<void> | undefined
  /**
   * Whether `freshen` need not be called at each request: true for nearly all that is known. Who wants
   * a name is told when this changes, too.
   */
  isSteady(host: string): boolean
  /** Waits only for what is unknown. Never rejects. */
  resolve(host: string): Promise<Resolution>
  /** Keeps a name fresh until the returned function is called; tells when its addresses change. */
  want(host: string, onChange: () => void): () => void
  /** Starts what is due, waiting for none of it; gives the milliseconds until something is next. */
  tick(now: number): number
}

/** What names are made from. */
export interface NamesOptions {
  readonly runtime: Runtime
  readonly dns?: DnsSettings
  /** Without one every name stands for itself, and the transport finds out where it is. */
  readonly resolver?: Resolver | undefined
  /** The transport takes no addresses: a name stands for itself, or for the names in its SRV records. */
  readonly byName?: boolean
  /** How many names are kept beside the wanted ones. */
  readonly most?: number
}

const MOST = 10_000
const IDLE = 60_000

/** Makes the one place names are found in. */
export function createNames(options: NamesOptions): Names {
  const { runtime, resolver, dns = DEFAULT_DNS, byName = false, most = MOST } = options
  if (resolver === undefined) return PLAIN
  const cache = new NameCache({ runtime, resolver, dns, byName, most, idle: IDLE })

  const names: Names = {
    addressesOf: (host) => (isLiteral(host) ? itself(host) : cache.addresses(canonicalHost(host))),
    isLiteral,
    failureOf: (host) => (isLiteral(host) ? undefined : cache.failure(canonicalHost(host))),
    freshen: (host) => (isLiteral(host) ? undefined : cache.freshen(canonicalHost(host))),
    isSteady: (host) => isLiteral(host) || cache.isSteady(canonicalHost(host)),
    async resolve(host) {
      await names.freshen(host)
      const addresses = names.addressesOf(host)
      if (addresses !== undefined) return { ok: true, addresses }
      return { ok: false, reason: names.failureOf(host) ?? 'servfail' }
    },
    want: (host, onChange) =>
      isLiteral(host) ? nothing : cache.want(canonicalHost(host), onChange),
    tick: (now) => cache.tick(now),
  }
  return names
}

/** Every name stands for itself. */
const PLAIN: Names = {
  addressesOf: itself,
  isLiteral: () => true,
  failureOf: () => undefined,
  freshen: () => undefined,
  isSteady: () => true,
  resolve: async (host) => ({ ok: true, addresses: itself(host) }),
  want: () => nothing,
  tick: () => IDLE,
}

function itself(host: string): readonly ResolvedAddress[] {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  // RFC 6761: all of these are this machine; the transport tries both its addresses.
  return [{ ip: bare.endsWith('.localhost') ? 'localhost' : bare }]
}

function nothing(): void {}
