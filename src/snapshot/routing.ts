import { route } from '../entities/route.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import { createRouter } from '../router/create-router.ts'
import type { Router } from '../router/router.ts'
import { isStream, type StreamRouter } from '../router/stream.ts'
import { createStreamRouter } from '../router/stream-by-protocol.ts'
import { type Row, rowOf } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { type CompiledRoute, compileRoute } from './compiled.ts'

/** The routes that are served, and their router. */
export interface Routing {
  readonly router: Router<CompiledRoute>
  /** Those of streams; the same as long as no stream route changes. */
  readonly streams: StreamRouter<CompiledRoute>
  /** Compiles these routes as they are stored now, and leaves all others alone. */
  follow(ids: ReadonlySet<string>): void
}

/** Compiles all that is stored. */
export function createRouting(store: EntityStore, flavor: RouterFlavor): Routing {
  const served = new Map<string, CompiledRoute>()
  for (const row of store.all('routes')) {
    if (isServed(row, store)) served.set(row.id, compileRoute(rowOf(route, row), flavor))
  }
  let router = createRouter(flavor)([...served.values()])
  const streamRoutes = new Map([...served].filter(([, one]) => isStream(one)))
  let streams = createStreamRouter([...streamRoutes.values()], flavor)

  return {
    get router() {
      return router
    },
    get streams() {
      return streams
    },
    follow(ids) {
      const removed: CompiledRoute[] = []
      const added: CompiledRoute[] = []
      for (const id of ids) {
        const before = served.get(id)
        if (before !== undefined) removed.push(before)
        served.delete(id)
        const row = store.get('routes', id)
        if (row === undefined || !isServed(row, store)) continue
        const after = compileRoute(rowOf(route, row), flavor)
        served.set(id, after)
        added.push(after)
      }
      if (removed.length + added.length > 0) router = router.with({ removed, added })
      if (!removed.some(isStream) && !added.some(isStream)) return
      for (const { id } of removed) streamRoutes.delete(id)
      for (const one of added) if (isStream(one)) streamRoutes.set(one.id, one)
      streams = createStreamRouter([...streamRoutes.values()], flavor)
    },
  }
}

function isServed(row: Row, store: EntityStore): boolean {
  const { service } = rowOf(route, row)
  return service === null || isEnabled(store.get('services', service.id))
}

/** Whether a service is there and on. */
export function isEnabled(service: Row | undefined): boolean {
  return service !== undefined && service.enabled !== false
}
