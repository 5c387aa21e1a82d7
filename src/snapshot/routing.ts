import { route } from '../entities/route.ts'
import type { MatchCalculation } from '../lib/match-calculation.ts'
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
  /** The ids of routes whose service is not there, as may be in a store that others write to. */
  readonly waiting: ReadonlySet<string>
  /** Compiles these routes as they are stored now, and leaves all others alone. */
  follow(ids: ReadonlySet<string>): void
}

/** How routes are chosen. */
interface Choosing {
  readonly flavor: RouterFlavor
  readonly calculation: MatchCalculation
}

/** Compiles all that is stored. */
export function createRouting(store: EntityStore, { flavor, calculation }: Choosing): Routing {
  const served = new Map<string, CompiledRoute>()
  const waiting = new Set<string>()
  const compiled = (row: Row): CompiledRoute | undefined => {
    const known = rowOf(route, row)
    const service = known.service === null ? undefined : store.get('services', known.service.id)
    if (known.service !== null && service === undefined) waiting.add(row.id)
    if (known.service !== null && !isEnabled(service)) return undefined
    return compileRoute(known, flavor, service?.id)
  }
  for (const row of store.all('routes')) {
    const one = compiled(row)
    if (one !== undefined) served.set(row.id, one)
  }
  let router = createRouter(flavor)([...served.values()], calculation)
  const streamRoutes = new Map([...served].filter(([, one]) => isStream(one)))
  let streams = createStreamRouter([...streamRoutes.values()], flavor)

  return {
    get router() {
      return router
    },
    get streams() {
      return streams
    },
    waiting,
    follow(ids) {
      const removed: CompiledRoute[] = []
      const added: CompiledRoute[] = []
      for (const id of ids) {
        const before = served.get(id)
        if (before !== undefined) removed.push(before)
        served.delete(id)
        waiting.delete(id)
        const row = store.get('routes', id)
        const after = row && compiled(row)
        if (after === undefined) continue
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

/** Whether a service is there and on. */
export function isEnabled(service: Row | undefined): boolean {
  return service !== undefined && service.enabled !== false
}
