import type { AdminKit, AdminRoute } from '../pdk/admin-route.ts'
import type { Plugin } from '../pdk/plugin.ts'
import { isObject } from '../schema/field.ts'
import { type MetricsSources, metricsResource } from './metrics.ts'
import { NO_CONTENT, type Reply } from './reply.ts'
import type { Call, Handler, Resource, Verb } from './resource.ts'

/** What the pages of plugins tell of. */
export interface PluginPageSources extends MetricsSources {
  readonly plugins: readonly Plugin[]
  readonly kit?: AdminKit
}

/** Kong's answer here has no body. */
const NOTHING: Reply = { status: 404 }

/** Pages that plugins bring beside their entities, as they are while nothing is cached or issued. */
export function pluginPages(sources: PluginPageSources): Resource[] {
  const loaded = new Set(sources.plugins.map(({ name }) => name))
  return [
    // First: a pattern's first resource stands in for later ones.
    ...(sources.kit === undefined ? [] : answeredPages(sources.plugins, sources.kit)),
    ...(loaded.has('proxy-cache') ? proxyCachePages : []),
    ...(loaded.has('acme') ? acmePages : []),
    ...(loaded.has('prometheus') ? [metricsResource(sources)] : []),
  ]
}

const cached: Resource['handlers'] = { GET: () => NOTHING, DELETE: () => NOTHING }

const proxyCachePages: readonly Resource[] = [
  { pattern: '/proxy-cache', handlers: { DELETE: () => NO_CONTENT } },
  { pattern: '/proxy-cache/{cache_key}', handlers: cached },
  { pattern: '/proxy-cache/{plugin_id}/caches/{cache_key}', handlers: cached },
]

const acmePages: readonly Resource[] = [
  { pattern: '/acme', handlers: { POST: () => NOTHING, PATCH: () => NOTHING } },
  { pattern: '/acme/certificates', handlers: { GET: () => NOTHING } },
  { pattern: '/acme/certificates/{certificates}', handlers: { GET: () => NOTHING } },
]

/** Makes the resources of what plugins answer, one a pattern. */
function answeredPages(plugins: readonly Plugin[], kit: AdminKit): Resource[] {
  const handlers = new Map<string, Partial<Record<Verb, Handler>>>()
  for (const route of plugins.flatMap(({ admin }) => admin ?? [])) {
    const known = handlers.get(route.path) ?? {}
    known[route.method] = (call) => answerTo(route, call, kit)
    handlers.set(route.path, known)
  }
  return Array.from(handlers, ([pattern, verbs]) => ({ pattern, handlers: verbs }))
}

async function answerTo(route: AdminRoute, call: Call, kit: AdminKit): Promise<Reply> {
  const { payload, query } = call
  const names = Array.from(route.path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name)
  const params = Object.fromEntries(names.map((name) => [name, call.param(name)]))
  const body = payload.kind !== 'yaml' && isObject(payload.value) ? payload.value : {}
  const { status, body: answered } = await route.answer(
    { params, query: textsOf(query), body },
    kit,
  )
  return answered === undefined ? { status } : { status, body: answered }
}

/** An argument without `=` is an empty text. */
function textsOf({ all }: Call['query']): Readonly<Record<string, string>> {
  return Object.fromEntries(all.map(([name, value]) => [name, value === true ? '' : value]))
}
