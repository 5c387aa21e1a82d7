import type { Balancers } from '../balancer/balancers.ts'
import { service } from '../entities/service.ts'
import { target } from '../entities/target.ts'
import { upstream } from '../entities/upstream.ts'
import type { MatchCalculation } from '../lib/match-calculation.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import type { Router } from '../router/router.ts'
import type { StreamRouter } from '../router/stream.ts'
import { type Row, rowOf } from '../schema/entity.ts'
import { holdsReference } from '../schema/reference.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Change } from '../store/tables.ts'
import { type CompiledRoute, type CompiledService, compileService } from './compiled.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { type Chains, createConfiguredPlugins, NO_PLUGINS, type PluginsOptions } from './plugins.ts'
import { createRouting, isEnabled, type Routing } from './routing.ts'
import { updateBalancers } from './update-balancers.ts'

/** Configuration compiled for serving; replaced whole, so a request keeps the one it began with. */
export interface Snapshot {
  readonly revision: number
  readonly router: Router<CompiledRoute>
  readonly streams: StreamRouter<CompiledRoute>
  serviceOf(route: CompiledRoute): CompiledService | undefined
  /** The plugins of routes. */
  readonly chains: Chains
}

/** Gives the snapshot of what is stored now. */
export interface Snapshots {
  current(): Snapshot
  /** Lets plugins finish what they have begun. */
  close(): Promise<void>
}

/** What snapshots are made with. */
export interface SnapshotOptions {
  /** The router's flavour; `traditional_compatible` unless said otherwise. */
  readonly flavor?: RouterFlavor
  /** How fields of routes are weighed; `strict` unless said otherwise. */
  readonly calculation?: MatchCalculation | undefined
  /** What services show and trust; what is stored, unless said otherwise. */
  readonly credentials?: Credentials
  /** The plugins that are loaded, and what they are given; none unless said. */
  readonly plugins?: PluginsOptions
}

type Services = ReadonlyMap<string, CompiledService>

/**
 * Follows the store. A change only marks what is out of date, and the next request compiles it:
 * a thousand writes in a row cost one compilation, yet the first request after one sees it.
 */
export function createSnapshots(
  store: EntityStore,
  balancers: Balancers,
  {
    flavor = 'traditional_compatible',
    calculation = 'strict',
    credentials = createCredentials(store),
    plugins = NO_PLUGINS,
  }: SnapshotOptions = {},
): Snapshots {
  const routing = createRouting(store, { flavor, calculation })
  let compileServices = createServiceCompiler(store, credentials)
  let services = compileServices()
  const configured = createConfiguredPlugins(store, plugins)
  let snapshot = snapshotOf(store.revision, { routing, services, chains: configured.chains })
  const stale = nothingStale()
  syncBalancers(store, balancers)
  store.subscribe((changes) => {
    for (const change of changes) mark(stale, change, { store, routing })
    updateBalancers(store, balancers, changes)
  })
  return {
    current() {
      if (stale.routes.size + stale.plugins.size === 0 && !stale.services) return snapshot
      if (stale.credentials) compileServices = createServiceCompiler(store, credentials)
      if (stale.services) services = compileServices()
      routing.follow(stale.routes)
      stale.routes.clear()
      configured.follow(stale.plugins)
      stale.plugins.clear()
      stale.services = false
      stale.credentials = false
      snapshot = snapshotOf(store.revision, { routing, services, chains: configured.chains })
      return snapshot
    },
    close: configured.close,
  }
}

function syncBalancers(store: EntityStore, balancers: Balancers): void {
  balancers.sync(
    store.all('upstreams').map((row) => rowOf(upstream, row)),
    store.all('targets').map((row) => rowOf(target, row)),
  )
}

/** What is to be compiled again. */
interface Stale {
  /** By id. */
  readonly routes: Set<string>
  readonly plugins: Set<string>
  services: boolean
  /** Services too that did not change themselves. */
  credentials: boolean
}

function nothingStale(): Stale {
  return { routes: new Set(), plugins: new Set(), services: false, credentials: false }
}

interface Compiled {
  readonly routing: Routing
  readonly services: Services
  readonly chains: Chains
}

function snapshotOf(revision: number, { routing, services, chains }: Compiled): Snapshot {
  return {
    revision,
    chains,
    router: routing.router,
    streams: routing.streams,
    serviceOf: ({ serviceId }) => (serviceId === undefined ? undefined : services.get(serviceId)),
  }
}

function mark(
  stale: Stale,
  { entity, id, before, after }: Change,
  { store, routing }: { readonly store: EntityStore; readonly routing: Routing },
): void {
  if (entity === 'routes') stale.routes.add(id)
  if (entity === 'plugins') stale.plugins.add(id)
  if (entity === 'vaults') {
    for (const row of store.all('plugins')) {
      if (holdsReference(row.config)) stale.plugins.add(row.id)
    }
  }
  if (entity === 'certificates' || entity === 'ca_certificates' || entity === 'vaults') {
    stale.services = true
    stale.credentials = true
  }
  if (entity !== 'services') return
  stale.services = true
  // Routes of a disabled service are not served; all else of a service leaves the router alone.
  if (isEnabled(before) === isEnabled(after)) return
  // What comes with a new service is told of by itself; of what was there, only this can be its own.
  const routes = before === undefined ? routing.waiting : store.childIds('routes', 'service', id)
  for (const route of routes) stale.routes.add(route)
}

/** Compiles services, each only once: a row that is the same object comes out as the same object. */
function createServiceCompiler(store: EntityStore, credentials: Credentials): () => Services {
  const known = new WeakMap<Row, CompiledService>()
  const compiled = (row: Row): CompiledService => {
    const found = known.get(row)
    if (found !== undefined) return found
    const made = compileService(rowOf(service, row), credentials)
    known.set(row, made)
    return made
  }
  return () => new Map(store.all('services').map((row) => [row.id, compiled(row)]))
}
