import { KONG_VERSION } from '../lib/version.ts'
import type { Plugin } from '../pdk/plugin.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import type { Settings } from '../settings/settings.ts'
import type { EntityStore } from '../store/entity-store.ts'

/** What `GET /` tells of. */
export interface NodeSources {
  readonly settings: Settings
  readonly runtime: Runtime
  readonly store: EntityStore
  readonly nodeId: string
  readonly transport: Pick<Transport, 'caps'>
  /** The plugins that are loaded. */
  readonly plugins: readonly Plugin[]
}

/** `GET /`: what decK and Kong Manager read first (admin-api §8). */
export function nodeOf(sources: NodeSources): Record<string, unknown> {
  const { runtime, nodeId, plugins } = sources
  const used = usedPlugins(sources)
  const warnings = plugins
    .filter(({ name, open }) => open === undefined && used.enabled.has(name))
    .map(({ name }) => `Plugin "${name}" is enabled, but does nothing yet`)
  return {
    tagline: 'Welcome to kong',
    version: KONG_VERSION,
    edition: 'community',
    hostname: runtime.hostname ?? 'localhost',
    node_id: nodeId,
    // Informational in Kong; clients want a string.
    lua_version: runtime.name,
    timers: { running: 0, pending: 0 },
    pids: pidsOf(runtime),
    plugins: { available_on_server: availableOf(plugins), enabled_in_cluster: [...used.names] },
    configuration: configurationOf(sources),
    ...(warnings.length === 0 ? {} : { warnings }),
  }
}

/** Where a platform has the processes nobody knows them by a number. */
function pidsOf({ processes }: Runtime): Record<string, unknown> {
  const known = processes?.()
  return { master: known?.main ?? 0, workers: known?.serving.map(({ pid }) => pid) ?? [] }
}

/** Kong: a bundled plugin's version is that of the server. */
function availableOf(plugins: readonly Plugin[]): Record<string, unknown> {
  return Object.fromEntries(
    plugins.map(({ name, priority, open }) => [
      name,
      // Ours: only said of those that do nothing yet.
      { version: KONG_VERSION, priority, ...(open === undefined ? { enforced: false } : {}) },
    ]),
  )
}

function usedPlugins({ store }: NodeSources) {
  const names = new Set<string>()
  const enabled = new Set<string>()
  for (const row of store.all('plugins')) {
    names.add(String(row.name))
    if (row.enabled === true) enabled.add(String(row.name))
  }
  return { names, enabled }
}

/** Kong's names for the effective settings; those it has alone tell what holds here. */
function configurationOf(sources: NodeSources): Record<string, unknown> {
  const { settings, runtime, transport, plugins } = sources
  return {
    role: 'traditional',
    router_flavor: settings.routerFlavor,
    plugins: ['bundled'],
    vaults: ['bundled'],
    loaded_vaults: { env: true },
    admin_gui_listen: ['off'],
    admin_gui_listeners: [],
    status_listeners: [],
    stream_listen: ['off'],
    stream_listeners: [],
    anonymous_reports: false,
    wasm: false,
    untrusted_lua: 'off',
    worker_consistency: 'strict',
    db_update_frequency: 1,
    ...settings.shown,
    // The one that holds, which the log level's page may have changed.
    log_level: runtime.logLevel?.get() ?? settings.logLevel,
    database: settings.database,
    loaded_plugins: Object.fromEntries(plugins.map(({ name }) => [name, true])),
    enabled_headers: Object.fromEntries([...settings.headers].map((name) => [name, true])),
    // Ours: what this runtime's transport can do.
    transport: transport.caps,
  }
}
