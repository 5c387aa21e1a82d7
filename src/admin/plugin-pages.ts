import type { Plugin } from '../pdk/plugin.ts'
import { type MetricsSources, metricsResource } from './metrics.ts'
import { NO_CONTENT, type Reply } from './reply.ts'
import type { Resource } from './resource.ts'

/** What the pages of plugins tell of. */
export interface PluginPageSources extends MetricsSources {
  readonly plugins: readonly Plugin[]
}

/** Kong's answer here has no body. */
const NOTHING: Reply = { status: 404 }

/** Pages that plugins bring beside their entities, as they are while nothing is cached or issued. */
export function pluginPages(sources: PluginPageSources): Resource[] {
  const loaded = new Set(sources.plugins.map(({ name }) => name))
  return [
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
