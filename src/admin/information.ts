import { KONG_VERSION } from '../lib/version.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import type { Settings } from '../settings/settings.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { LoadedConfig } from './config.ts'
import { json, message } from './reply.ts'
import type { Resource } from './resource.ts'
import { SERVER_STATUS, unitRefusal } from './status.ts'

/** What the information pages tell of. */
export interface InformationSources {
  readonly settings: Settings
  readonly runtime: Runtime
  readonly store: EntityStore
  readonly nodeId: string
  readonly transport: Pick<Transport, 'caps'>
  readonly loaded: LoadedConfig
  /** Every pattern of this Admin API, in order. */
  patterns(): readonly string[]
}

/** `/`, `/endpoints`, `/status` and `/timers`. */
export function informationResources(sources: InformationSources): Resource[] {
  return [
    { pattern: '/', handlers: { GET: () => json(nodeOf(sources)) } },
    { pattern: '/endpoints', handlers: { GET: () => json({ data: sources.patterns() }) } },
    {
      pattern: '/status',
      handlers: {
        GET: async ({ query }) => unitRefusal(query) ?? json(await statusOf(sources)),
      },
    },
    {
      pattern: '/status/dns',
      handlers: {
        GET: () => message(501, 'not implemented with the legacy DNS client'),
      },
    },
    { pattern: '/timers', handlers: { GET: () => json(TIMERS) } },
  ]
}

function nodeOf({
  settings,
  runtime,
  nodeId,
  transport,
}: InformationSources): Record<string, unknown> {
  const { hostname } = settings.shown
  return {
    tagline: 'Welcome to kong',
    version: KONG_VERSION,
    edition: 'community',
    hostname: typeof hostname === 'string' ? hostname : 'localhost',
    node_id: nodeId,
    // Informational in Kong; clients want a string.
    lua_version: runtime.name,
    timers: { running: 0, pending: 0 },
    pids: { master: 0, workers: [] },
    plugins: { available_on_server: {}, enabled_in_cluster: [] },
    configuration: {
      role: 'traditional',
      router_flavor: settings.routerFlavor,
      ...settings.shown,
      database: settings.database,
      // Ours: what this runtime's transport can do.
      transport: transport.caps,
    },
  }
}

async function statusOf(sources: InformationSources): Promise<Record<string, unknown>> {
  const { settings, store, loaded } = sources
  if (settings.database === 'off') return { ...SERVER_STATUS, configuration_hash: loaded.hash }
  return { ...SERVER_STATUS, database: { reachable: await isReachable(store) } }
}

function isReachable(store: EntityStore): Promise<boolean> {
  return store.refresh().then(
    () => true,
    () => false,
  )
}

const TIMERS = {
  worker: { id: 0, count: 1 },
  stats: {
    flamegraph: { running: '', pending: '', elapsed_time: '' },
    sys: { total: 0, runs: 0, running: 0, pending: 0, waiting: 0 },
    timers: {},
  },
} as const
