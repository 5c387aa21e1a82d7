import type { Names } from '../dns/names.ts'
import { placesOf } from '../dns/places.ts'
import type { LookupFailure } from '../ports/resolver.ts'
import { type PlacedSource, type Source, sourceAddress } from './source.ts'

/** What follows names for one balancer. */
export interface TargetNamesOptions {
  readonly names: Names
  /** Whether they are kept fresh between requests, too. */
  readonly keep: boolean
  /** Called when a name's addresses have changed. */
  readonly changed: () => void
}

/** Knows where the targets of one balancer are. */
export class TargetNames {
  readonly #options: TargetNamesOptions
  #hosts: readonly string[] = []
  /** Those a request may have to wait for. */
  #unsteady: readonly string[] = []
  /** What was last told of each, to notice what changed between two requests. */
  readonly #seen = new Map<string, unknown>()
  readonly #releases = new Map<string, () => void>()

  constructor(options: TargetNamesOptions) {
    this.#options = options
  }

  /** Gives the places of the targets as far as they are known, and follows their names from now on. */
  place(targets: readonly Source[]): PlacedSource[] {
    const { names } = this.#options
    const hosts = new Set<string>()
    for (const target of targets) hosts.add(sourceAddress(target).host)
    this.#follow(hosts)
    for (const host of hosts) this.#seen.set(host, names.addressesOf(host))
    return targets.flatMap((target) => {
      const { host, port } = sourceAddress(target)
      const known = names.addressesOf(host) ?? []
      return placesOf({ port, weight: target.weight ?? 100 }, known).map((place) => {
        return { target, host, place }
      })
    })
  }

  /**
   * What a request has to wait for before it picks: names that are not to be kept, and unknown ones
   * unless there are other peers. Undefined, nearly always, for nothing.
   */
  freshen(hasPeers: boolean): Promise<void> | undefined {
    if (this.#unsteady.length === 0) return undefined
    const { names } = this.#options
    const waits: Promise<void>[] = []
    for (const host of this.#unsteady) {
      const known = names.addressesOf(host)
      const wait = known === undefined && hasPeers ? undefined : names.freshen(host)
      if (wait !== undefined) waits.push(wait)
    }
    if (waits.length === 0) {
      this.#notice()
      return undefined
    }
    return Promise.all(waits).then(() => this.#notice())
  }

  /** Settles when every name was looked up once, whatever came of it; undefined when all were. */
  lookedUp(): Promise<void> | undefined {
    const { names } = this.#options
    const waits = this.#hosts
      .filter((host) => names.addressesOf(host) === undefined && !names.failureOf(host))
      .map((host) => names.freshen(host))
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => this.#notice())
  }

  /** Why no name has an address; undefined when one has, or there is none. */
  get failure(): LookupFailure | undefined {
    const [host] = this.#hosts
    return host === undefined ? undefined : this.failureOf(host)
  }

  /** Why a name has no address; undefined when it has. */
  failureOf(host: string): LookupFailure | undefined {
    const { names } = this.#options
    return names.addressesOf(host) === undefined ? (names.failureOf(host) ?? 'timeout') : undefined
  }

  /** Whether a name's addresses are those of SRV records, which alone say a weight. */
  hasRecords(host: string): boolean {
    const addresses = this.#options.names.addressesOf(host) ?? []
    return addresses.some(({ weight }) => weight !== undefined)
  }

  #follow(hosts: ReadonlySet<string>): void {
    const { names, keep } = this.#options
    this.#hosts = [...hosts]
    this.#unsteady = keep
      ? this.#hosts.filter((host) => !names.isSteady(host))
      : this.#hosts.filter((host) => !names.isLiteral(host))
    for (const [host, release] of this.#releases) {
      if (hosts.has(host)) continue
      release()
      this.#releases.delete(host)
    }
    for (const host of this.#seen.keys()) if (!hosts.has(host)) this.#seen.delete(host)
    if (!keep) return
    for (const host of hosts) {
      if (this.#releases.has(host) || names.isLiteral(host)) continue
      this.#releases.set(host, names.want(host, this.#options.changed))
    }
  }

  #notice(): void {
    const { names, changed } = this.#options
    for (const [host, seen] of this.#seen) {
      if (names.addressesOf(host) === seen) continue
      changed()
      return
    }
  }
}
