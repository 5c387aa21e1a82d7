import type { Balancers } from '../balancer/balancers.ts'
import { route } from '../entities/route.ts'
import { service } from '../entities/service.ts'
import { target } from '../entities/target.ts'
import { upstream } from '../entities/upstream.ts'
import { buildCompatibleRouter } from '../router/compatible.ts'
import type { Router } from '../router/router.ts'
import { type Row, rowOf } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Change } from '../store/tables.ts'
import {
  type CompiledRoute,
  type CompiledService,
  compileRoute,
  compileService,
} from './compiled.ts'

/** Configuration compiled for serving; replaced whole, so a request keeps the one it began with. */
export interface Snapshot {
  readonly revision: number
  readonly router: Router<CompiledRoute>
  serviceOf(route: CompiledRoute): CompiledService | undefined
}

/** Gives the snapshot of what is stored now. */
export interface Snapshots {
  current(): Snapshot
}

type Services = ReadonlyMap<string, CompiledService>

/**
 * Follows the store. A change only marks what is out of date, and the next request compiles it:
 * a thousand writes in a row cost one compilation, yet the first request after one sees it.
 */
export function createSnapshots(store: EntityStore, balancers: Balancers): Snapshots {
  const compiled = createCompiler(store)
  let router = compiled.router()
  let services = compiled.services()
  let snapshot = snapshotOf(store.revision, router, services)
  const stale = { routes: false, services: false, balancers: true }

  const syncBalancers = () => {
    stale.balancers = false
    balancers.sync(
      store.all('upstreams').map((row) => rowOf(upstream, row)),
      store.all('targets').map((row) => rowOf(target, row)),
    )
  }
  syncBalancers()
  store.subscribe((changes) => {
    for (const change of changes) mark(stale, change)
    if (stale.balancers) syncBalancers()
  })

  return {
    current() {
      if (!stale.routes && !stale.services) return snapshot
      if (stale.services) services = compiled.services()
      if (stale.routes) router = compiled.router()
      stale.routes = false
      stale.services = false
      snapshot = snapshotOf(store.revision, router, services)
      return snapshot
    },
  }
}

function snapshotOf(revision: number, router: Router<CompiledRoute>, services: Services): Snapshot {
  return {
    revision,
    router,
    serviceOf: ({ serviceId }) => (serviceId === undefined ? undefined : services.get(serviceId)),
  }
}

function mark(
  stale: { routes: boolean; services: boolean; balancers: boolean },
  change: Change,
): void {
  if (change.entity === 'upstreams' || change.entity === 'targets') stale.balancers = true
  if (change.entity === 'routes') stale.routes = true
  if (change.entity !== 'services') return
  stale.services = true
  // Routes of a disabled service are not served; all else of a service leaves the router alone.
  if (isEnabled(change.before) !== isEnabled(change.after)) stale.routes = true
}

function isEnabled(row: Row | undefined): boolean {
  return row !== undefined && row.enabled !== false
}

/** Compiles rows, each only once: a row that is the same object comes out as the same object. */
function createCompiler(store: EntityStore): {
  router(): Router<CompiledRoute>
  services(): Services
} {
  const routes = new WeakMap<Row, CompiledRoute>()
  const services = new WeakMap<Row, CompiledService>()
  const compiledRoute = remember(routes, (row) => compileRoute(rowOf(route, row)))
  const compiledService = remember(services, (row) => compileService(rowOf(service, row)))

  return {
    router() {
      const served = store
        .all('routes')
        .map(compiledRoute)
        .filter(({ serviceId }) => {
          return serviceId === undefined || isEnabled(store.get('services', serviceId))
        })
      return buildCompatibleRouter(served)
    },
    services: () => new Map(store.all('services').map((row) => [row.id, compiledService(row)])),
  }
}

function remember<V>(known: WeakMap<Row, V>, compile: (row: Row) => V): (row: Row) => V {
  return (row) => {
    const found = known.get(row)
    if (found !== undefined) return found
    const made = compile(row)
    known.set(row, made)
    return made
  }
}
