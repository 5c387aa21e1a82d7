import { DurableObject } from 'cloudflare:workers'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import type { KV } from '../../src/ports/kv.ts'
import type { Batch, CommitResult, Store } from '../../src/ports/store.ts'
import type { DurableObjectContext } from './platform.ts'
import { readBindings, type WorkersSettings } from './settings.ts'
import { createSqlKV, type SqlKV } from './sql-kv.ts'
import { createSqlStore, type EntryPage, loadPages, type SqlStore } from './sql-store.ts'
import { surroundings } from './surroundings.ts'

/** The Durable Object as isolates call it. */
export interface StateRef {
  revision(): Promise<number>
  entries(after: string | undefined): Promise<EntryPage>
  commit(expectedRevision: number, batch: Batch): Promise<CommitResult>
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttl: number | undefined): Promise<void>
  delete(key: string): Promise<void>
  list(prefix: string): Promise<[key: string, value: string][]>
  increment(key: string, by: number, ttl: number | undefined): Promise<number>
}

/** One call to the Durable Object, which must be made while a request is being served. */
export type CallState = <T>(call: (state: StateRef) => Promise<T>) => Promise<T>

/** The shortest pause between two alarms, and the one after a tick that failed, in ms. */
const SHORTEST_PAUSE = 20
const PAUSE_AFTER_FAILURE = 1000

/** How long expired keys may lie about, in ms. */
const PURGE_EVERY = 3_600_000

/**
 * The one strong point of a deployment: keeps entities and counters for all isolates, and probes
 * upstreams by its alarm.
 */
export class GatewayState extends DurableObject {
  readonly #store: SqlStore
  readonly #kv: SqlKV
  readonly #bindings: WorkersSettings
  #gateway: Promise<Gateway> | undefined

  constructor(ctx: DurableObjectContext, bindings: Readonly<Record<string, unknown>>) {
    super(ctx, bindings)
    this.#bindings = readBindings(bindings)
    this.#store = createSqlStore(ctx.storage)
    this.#kv = createSqlKV(ctx.storage.sql, Date.now)
    void this.#wakeIn(0)
  }

  revision(): number {
    return this.#store.revision()
  }

  async entries(after: string | undefined): Promise<EntryPage> {
    // A kong.yaml is applied first, or the isolate would serve what was there before.
    if (this.#bindings.declarativeConfig !== undefined) await this.#open()
    return this.#store.page(after)
  }

  async commit(expectedRevision: number, batch: Batch): Promise<CommitResult> {
    const result = this.#store.commit(expectedRevision, batch)
    // Something new may have to be probed.
    if (result.ok) await this.#wakeIn(0)
    return result
  }

  get(key: string): string | undefined {
    return this.#kv.get(key)
  }

  async set(key: string, value: string, ttl: number | undefined): Promise<void> {
    this.#kv.set(key, value, ttl)
    if (ttl !== undefined) await this.#wakeIn(PURGE_EVERY)
  }

  delete(key: string): void {
    this.#kv.delete(key)
  }

  list(prefix: string): [key: string, value: string][] {
    return this.#kv.list(prefix)
  }

  async increment(key: string, by: number, ttl: number | undefined): Promise<number> {
    const sum = this.#kv.increment(key, by, ttl)
    if (ttl !== undefined) await this.#wakeIn(PURGE_EVERY)
    return sum
  }

  /** An object that has nothing to probe sleeps, and costs nothing. */
  async alarm(): Promise<void> {
    const purgeAgain = this.#kv.purge()
    if (this.#store.hasProbes()) {
      await this.#wakeIn(Math.max(await this.#tick(), SHORTEST_PAUSE))
    } else if (purgeAgain) {
      await this.#wakeIn(PURGE_EVERY)
    }
  }

  async #tick(): Promise<number> {
    try {
      const gateway = await this.#open()
      return await gateway.tick(Date.now())
    } catch (error) {
      console.error('tick failed', error)
      return PAUSE_AFTER_FAILURE
    }
  }

  /** Sees to it that the alarm rings within so many ms. */
  async #wakeIn(pause: number): Promise<void> {
    const time = Date.now() + pause
    const alarm = await this.ctx.storage.getAlarm()
    if (alarm === null || alarm > time) await this.ctx.storage.setAlarm(time)
  }

  #open(): Promise<Gateway> {
    this.#gateway ??= this.#create().catch((error) => {
      this.#gateway = undefined
      throw error
    })
    return this.#gateway
  }

  async #create(): Promise<Gateway> {
    const { declarativeConfig } = this.#bindings
    const gateway = await createGateway({
      ...surroundings(this.#bindings),
      store: storeOver(this.#store),
      kv: kvOver(this.#kv),
      probing: true,
    })
    if (declarativeConfig !== undefined) await gateway.applyConfig(declarativeConfig)
    return gateway
  }
}

function storeOver(store: SqlStore): Store {
  return {
    traits: { durable: true, shared: true },
    load: () => loadPages(async (after) => store.page(after)),
    commit: async (expectedRevision, batch) => store.commit(expectedRevision, batch),
    revision: async () => store.revision(),
    close: async () => {},
  }
}

function kvOver(kv: SqlKV): KV {
  return {
    traits: { atomic: true, shared: true },
    get: async (key) => kv.get(key),
    set: async (key, value, options) => kv.set(key, value, options?.ttl),
    delete: async (key) => kv.delete(key),
    list: async (prefix) => kv.list(prefix),
    increment: async (key, by = 1, options) => kv.increment(key, by, options?.ttl),
    close: async () => {},
  }
}
