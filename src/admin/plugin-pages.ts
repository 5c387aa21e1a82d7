import { KONG_VERSION } from '../lib/version.ts'
import type { Plugin } from '../pdk/plugin.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { NO_CONTENT, type Reply } from './reply.ts'
import type { Resource } from './resource.ts'
import { isReachable } from './status.ts'

/** What the pages of plugins tell of. */
export interface PluginPageSources {
  readonly plugins: readonly Plugin[]
  readonly store: EntityStore
  readonly nodeId: string
}

/** Kong's answer here has no body. */
const NOTHING: Reply = { status: 404 }

/** Pages that plugins bring beside their entities, as they are while nothing is cached or issued. */
export function pluginPages(sources: PluginPageSources): Resource[] {
  const loaded = new Set(sources.plugins.map(({ name }) => name))
  return [
    ...(loaded.has('proxy-cache') ? proxyCachePages : []),
    ...(loaded.has('acme') ? acmePages : []),
    ...(loaded.has('prometheus') ? [metricsPage(sources)] : []),
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

function metricsPage({ store, nodeId }: PluginPageSources): Resource {
  const reading = async (): Promise<Reply> => {
    const reachable = (await isReachable(store)) ? 1 : 0
    const labels = `{node_id="${nodeId}",version="${KONG_VERSION}"}`
    return {
      status: 200,
      text: [
        ...gauge('kong_node_info', 'This node, by its labels', labels, 1),
        ...gauge('kong_datastore_reachable', 'Whether the store answers', '', reachable),
        ...gauge('gibbon_config_revision', 'Revision that is served', '', store.revision),
        '',
      ].join('\n'),
    }
  }
  return { pattern: '/metrics', handlers: { GET: reading } }
}

function gauge(name: string, help: string, labels: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name}${labels} ${value}`]
}
