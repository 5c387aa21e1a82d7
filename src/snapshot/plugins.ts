import { perObject } from '../lib/per-object.ts'
import type { Closing, Hooks } from '../pdk/hooks.ts'
import type { Configured, Kit } from '../pdk/kit.ts'
import type { Plugin } from '../pdk/plugin.ts'
import { NO_SECRETS, type Secrets } from '../pdk/secrets.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Row } from '../schema/entity.ts'
import { getOwn, isObject } from '../schema/field.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { type Chain, chainFor } from './chain.ts'
import { createPluginIndex, type PluginIndex, type Scoped } from './plugin-index.ts'
import { refuseAll } from './refuse-all.ts'

/** The plugins that are configured, opened. */
export interface ConfiguredPlugins {
  /** The chains as they are now; another object once any is different. */
  readonly chains: Chains
  /** Opens and closes what changed. */
  follow(ids: ReadonlySet<string>): void
  /** Lets all of them finish. */
  close(): Promise<void>
}

/** What runs for which route. */
export interface Chains {
  /** Undefined for a route without plugins. */
  of(route: Routed): Chain | undefined
  /** What runs for requests that no route wants; undefined for nothing. */
  readonly global: Chain | undefined
  /** What runs for TLS handshakes with stream listeners; undefined for nothing. */
  readonly globalStream: Chain | undefined
  /** What runs for sessions of a stream route; undefined for nothing. */
  streamOf(route: Routed): readonly Hooks[] | undefined
}

interface Routed {
  readonly id: string
  readonly serviceId: string | undefined
}

/** What opening them takes. */
export interface PluginsOptions {
  readonly plugins: readonly Plugin[]
  readonly kitFor: (configured: Configured) => Kit
  readonly runtime: Pick<Runtime, 'log'>
  /** Where references to vaults are looked up; they stay as they are without. */
  readonly secrets?: Secrets
  /** Why a configuration cannot run here, so that it is left out; undefined when it can. */
  readonly impossible?: (plugin: Plugin, config: unknown) => string | undefined
}

interface Opened extends Scoped {
  readonly name: string
  readonly hooks: Hooks
  readonly serves: Served
}

/** What a configuration is for, by its protocols. */
interface Served {
  readonly http: boolean
  readonly stream: boolean
}

/** The configurations of one plugin. */
interface Indexed {
  readonly http: PluginIndex
  readonly stream: PluginIndex
}

/** No plugin is loaded. */
export const NO_PLUGINS: PluginsOptions = {
  plugins: [],
  kitFor: () => {
    throw new Error('no plugin is loaded')
  },
  runtime: { log() {} },
}

/** No plugin at all. */
export const NO_CHAINS: Chains = {
  of: () => undefined,
  global: undefined,
  globalStream: undefined,
  streamOf: () => undefined,
}

/** Opens all that is stored. */
export function createConfiguredPlugins(
  store: EntityStore,
  options: PluginsOptions,
): ConfiguredPlugins {
  const running = [...options.plugins].filter(({ open }) => open !== undefined).sort(byPriority)
  const indexes = new Map(running.map(({ name }) => [name, newIndexed()]))
  const known = new Map(running.map((plugin) => [plugin.name, plugin]))
  const opened = new Map<string, Opened>()
  const leaving = new Set<Opened>()

  const close = (one: Opened, why: Closing) => closeHooks(one, why, options.runtime)
  const leave = (id: string): void => {
    const before = opened.get(id)
    if (before === undefined) return
    opened.delete(id)
    for (const index of indexesOf(indexes, before)) index.delete(before)
    leaving.add(before)
    void close(before, 'replaced').then(() => leaving.delete(before))
  }
  const enter = (row: Row): void => {
    const plugin = known.get(String(row.name))
    if (plugin === undefined || !isWanted(row) || !isPossible(row, plugin, options)) return
    const one = openRow(row, plugin, options)
    opened.set(row.id, one)
    for (const index of indexesOf(indexes, one)) index.set(one, one.hooks)
  }
  for (const row of store.all('plugins')) enter(row)
  let chains = chainsOf(indexes.values())

  return {
    get chains() {
      return chains
    },
    follow(ids) {
      if (ids.size === 0) return
      for (const id of ids) leave(id)
      for (const id of ids) {
        const row = store.get('plugins', id)
        if (row !== undefined) enter(row)
      }
      chains = chainsOf(indexes.values())
    },
    async close() {
      const all = [...opened.values(), ...leaving]
      await Promise.all(all.map((one) => close(one, 'over')))
      opened.clear()
    },
  }
}

function newIndexed(): Indexed {
  return { http: createPluginIndex(), stream: createPluginIndex() }
}

/** Where a configuration is looked for. */
function indexesOf(
  indexes: ReadonlyMap<string, Indexed>,
  { name, serves }: Opened,
): readonly PluginIndex[] {
  const found = indexes.get(name)
  if (found === undefined) return []
  return [...(serves.http ? [found.http] : []), ...(serves.stream ? [found.stream] : [])]
}

function isWanted(row: Row): boolean {
  return row.enabled !== false && (servesHttp(row) || servesStream(row))
}

function isPossible(row: Row, plugin: Plugin, { impossible, runtime }: PluginsOptions): boolean {
  const reason = impossible?.(plugin, row.config)
  if (reason === undefined) return true
  const of = { plugin: plugin.name, id: row.id, reason }
  runtime.log('warn', 'A plugin cannot run here and is ignored', of)
  return false
}

/** Kong: higher ones first, equal ones by name, descending. */
function byPriority(a: Plugin, b: Plugin): number {
  return b.priority - a.priority || (a.name < b.name ? 1 : -1)
}

function chainsOf(indexes: Iterable<Indexed>): Chains {
  const all = Array.from(indexes)
  const http = all.map((indexed) => indexed.http).filter(({ size }) => size > 0)
  const stream = all.map((indexed) => indexed.stream).filter(({ size }) => size > 0)
  if (http.length + stream.length === 0) return NO_CHAINS
  return {
    global: chainFor(http, NOWHERE),
    globalStream: chainFor(stream, NOWHERE),
    of: perObject((route) => chainFor(http, { routeId: route.id, serviceId: route.serviceId })),
    streamOf: perObject((route) => sessionHooks(stream, route)),
  }
}

const NOWHERE = { routeId: undefined, serviceId: undefined }

/** What of a route's plugins looks at sessions; consumers have none. */
function sessionHooks(
  configured: readonly PluginIndex[],
  { id: routeId, serviceId }: Routed,
): readonly Hooks[] | undefined {
  const hooks = chainFor(configured, { routeId, serviceId })?.hooks.filter(
    ({ preread, logSession }) => (preread ?? logSession) !== undefined,
  )
  return hooks === undefined || hooks.length === 0 ? undefined : hooks
}

/** A plugin that cannot be opened refuses what it was to guard, and no other route. */
function openRow(
  row: Row,
  plugin: Plugin,
  { kitFor, runtime, secrets = NO_SECRETS }: PluginsOptions,
): Opened {
  const scope = {
    routeId: idOf(row.route),
    serviceId: idOf(row.service),
    consumerId: idOf(row.consumer),
  }
  const configured = { id: row.id, name: plugin.name, ...scope }
  const serves = { http: servesHttp(row), stream: servesStream(row) }
  try {
    // The row was held to the plugin's own fields, whose type `definePlugin` gave its `open`.
    const config = secrets.resolve(plugin.config, row.config) as never
    const hooks = plugin.open?.(config, kitFor(configured)) ?? {}
    return { ...configured, serves, hooks }
  } catch (error) {
    runtime.log('error', 'Cannot open a plugin', { plugin: plugin.name, id: row.id, error })
    return { ...configured, serves, hooks: refuseAll }
  }
}

/** Kong: which of them does not matter, a plugin for http runs for https too. */
export function servesHttp({ protocols }: Row): boolean {
  return !Array.isArray(protocols) || protocols.some((protocol) => HTTP.has(protocol))
}

/** Kong: likewise, of streams. */
function servesStream({ protocols }: Row): boolean {
  return Array.isArray(protocols) && protocols.some((protocol) => STREAM.has(protocol))
}

const HTTP = new Set<unknown>(['http', 'https', 'grpc', 'grpcs'])
const STREAM = new Set<unknown>(['tcp', 'tls', 'tls_passthrough', 'udp'])

async function closeHooks(
  { name, hooks }: Opened,
  why: Closing,
  { log }: Pick<Runtime, 'log'>,
): Promise<void> {
  try {
    await hooks.close?.(why)
  } catch (error) {
    log('error', 'Cannot close a plugin', { plugin: name, error })
  }
}

function idOf(reference: unknown): string | undefined {
  const id = isObject(reference) ? getOwn(reference, 'id') : undefined
  return typeof id === 'string' ? id : undefined
}
