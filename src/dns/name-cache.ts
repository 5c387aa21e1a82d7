import type { LookupFailure, Resolver } from '../ports/resolver.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { DnsSettings } from '../settings/dns.ts'
import { type Known, learn, UNKNOWN } from './known.ts'
import { type Lookup, lookUp } from './lookup.ts'
import type { ResolvedAddress } from './services.ts'

/** What the cache works with. */
export interface NameCacheOptions {
  readonly runtime: Runtime
  readonly resolver: Resolver
  readonly dns: DnsSettings
  readonly byName: boolean
  /** How many names nobody wants are kept. */
  readonly most: number
  /** How long a tick may be put off, in ms, when nothing is due. */
  readonly idle: number
}

interface Entry {
  readonly host: string
  known: Known
  /** The lookup on its way: there is never more than one of a name. */
  running: Promise<void> | undefined
  readonly listeners: Set<() => void>
}

/** Lookups that `tick` starts do not take more than this of the name servers at once. */
const MOST_RUNNING = 64
const SOON = 10

/** The only holder of what is known of names. */
export class NameCache {
  readonly #options: NameCacheOptions
  readonly #entries = new Map<string, Entry>()
  readonly #wanted = new Set<Entry>()
  /** Those nobody wants; the one that was looked up longest ago is first. */
  readonly #loose = new Set<Entry>()
  #running = 0
  #nextAt = Number.POSITIVE_INFINITY

  constructor(options: NameCacheOptions) {
    this.#options = options
  }

  addresses(host: string): readonly ResolvedAddress[] | undefined {
    const entry = this.#entryOf(host)
    const { addresses, usableUntil } = entry.known
    // What is not to be used unasked is `freshen`'s, or each request would ask twice; what is wanted
    // is `tick`'s, which does not ask for thousands at once.
    const own = addresses === undefined || this.#options.runtime.now() < usableUntil
    if (own && entry.listeners.size === 0) this.#refresh(entry)
    return addresses
  }

  failure(host: string): LookupFailure | undefined {
    return this.#entries.get(host)?.known.failure
  }

  freshen(host: string): Promise<void> | undefined {
    const entry = this.#entryOf(host)
    this.#refresh(entry)
    const { addresses, failure, usableUntil } = entry.known
    if (addresses !== undefined) {
      if (this.#options.runtime.now() < usableUntil) return undefined
      // While the name servers are away nobody is made to wait for them.
      if (failure !== undefined) return undefined
    }
    return entry.running
  }

  isSteady(host: string): boolean {
    return isSteady(this.#entries.get(host)?.known ?? UNKNOWN)
  }

  want(host: string, onChange: () => void): () => void {
    const entry = this.#entryOf(host)
    // Two may want a name by one function.
    const listener = () => onChange()
    entry.listeners.add(listener)
    this.#wanted.add(entry)
    this.#loose.delete(entry)
    this.#plan(entry)
    if (this.#running < MOST_RUNNING) this.#refresh(entry)
    return () => {
      entry.listeners.delete(listener)
      if (entry.listeners.size > 0 || !this.#wanted.delete(entry)) return
      this.#loose.add(entry)
    }
  }

  tick(now: number): number {
    if (now >= this.#nextAt) {
      this.#nextAt = Number.POSITIVE_INFINITY
      for (const entry of this.#wanted) {
        if (entry.running !== undefined) continue
        if (entry.known.dueAt <= now && this.#running < MOST_RUNNING) this.#start(entry)
        else this.#plan(entry)
      }
    }
    const pause = Math.min(this.#options.idle, this.#nextAt - now)
    return Math.max(SOON, pause)
  }

  #entryOf(host: string): Entry {
    const found = this.#entries.get(host)
    if (found !== undefined) return found
    const made: Entry = { host, known: UNKNOWN, running: undefined, listeners: new Set() }
    this.#evict()
    this.#entries.set(host, made)
    this.#loose.add(made)
    return made
  }

  /** Makes room for one more. */
  #evict(): void {
    for (const entry of this.#loose) {
      if (this.#loose.size < this.#options.most) return
      // Somebody waits for it.
      if (entry.running !== undefined) continue
      this.#loose.delete(entry)
      this.#entries.delete(entry.host)
    }
  }

  /** Looks a name up anew when its time is over and the last failure is long enough ago. */
  #refresh(entry: Entry): void {
    const { freshUntil, failedUntil } = entry.known
    const now = this.#options.runtime.now()
    if (entry.running === undefined && now >= freshUntil && now >= failedUntil) this.#start(entry)
  }

  #start(entry: Entry): void {
    const { runtime } = this.#options
    this.#running++
    const work = this.#lookUp(entry).then((result) => {
      this.#running--
      entry.running = undefined
      this.#learn(entry, result)
    })
    entry.running = work
    runtime.background(work)
  }

  async #lookUp({ host, known }: Entry): Promise<Lookup> {
    const { runtime, resolver, byName, dns } = this.#options
    const last = dns.lastFirst ? known.last : undefined
    try {
      return await lookUp(host, { resolver, byName, order: dns.order, last })
    } catch (error) {
      runtime.log('error', 'Looking up a name failed', { name: host, error: String(error) })
      return { ok: false, reason: 'servfail' }
    }
  }

  #learn(entry: Entry, result: Lookup): void {
    const { runtime, dns } = this.#options
    const before = entry.known
    const moment = { now: runtime.now(), random: runtime.random(), times: dns }
    entry.known = learn(before, result, moment)
    if (this.#loose.delete(entry)) this.#loose.add(entry)
    if (this.#wanted.has(entry)) {
      this.#plan(entry)
      this.#report(entry, before)
    }
    const asSteady = isSteady(before) === isSteady(entry.known)
    if (entry.known.addresses === before.addresses && asSteady) return
    for (const listener of [...entry.listeners]) this.#tell(listener)
  }

  /** A listener's mistake must not become the failure of a request that waits. */
  #tell(listener: () => void): void {
    try {
      listener()
    } catch (error) {
      this.#options.runtime.log('error', 'Taking new addresses in failed', { error: String(error) })
    }
  }

  #plan({ known }: Entry): void {
    this.#nextAt = Math.min(this.#nextAt, known.dueAt)
  }

  /** Tells of what begins and ends, once. */
  #report({ host, known }: Entry, before: Known): void {
    const { runtime } = this.#options
    if (known.failure !== undefined && before.failure === undefined) {
      const kept = known.addresses?.length ?? 0
      const goesOn = kept === 0 ? '' : ', using the addresses it had'
      const fields = { name: host, reason: known.failure, addresses: kept }
      runtime.log('warn', `Cannot resolve a name${goesOn}`, fields)
    }
    if (known.failure === undefined && before.failure !== undefined) {
      runtime.log('notice', 'A name resolves again', { name: host })
    }
  }
}

/** Whether its addresses may be used for a while as they are. */
function isSteady({ addresses, freshUntil, usableUntil }: Known): boolean {
  return addresses !== undefined && usableUntil > freshUntil
}
