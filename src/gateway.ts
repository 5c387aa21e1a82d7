import { createAdminDoor } from './admin/door.ts'
import type { ManagerPage } from './admin/manager-page.ts'
import { type Balancers, createBalancers } from './balancer/balancers.ts'
import { applyDocument } from './declarative/apply.ts'
import type { RowChange } from './declarative/changes.ts'
import { parseDocument } from './declarative/parse.ts'
import { namedOutlets } from './dns/named-outlets.ts'
import { createNames, type Names } from './dns/names.ts'
import { type ClientFacts, fromWebRequest, toWebResponse } from './http/web-message.ts'
import { md5Hex } from './lib/md5.ts'
import { createKits, type KitPorts, type Kits } from './pdk/kits.ts'
import { withLogLines } from './pdk/log-lines.ts'
import type { LuaEngine } from './pdk/lua-engine.ts'
import type { Plugin } from './pdk/plugin.ts'
import { createRedisPool, poolOf } from './pdk/redis/pool.ts'
import type { RedisClient } from './pdk/redis/redis-client.ts'
import { createSecrets, type Secrets } from './pdk/secrets.ts'
import { trustingOutlets } from './pdk/trusting-outlets.ts'
import { entitiesOf, loadedPlugins, type PluginsHere } from './plugins/entities.ts'
import type { CountConnections } from './ports/connections.ts'
import type { Draining } from './ports/draining.ts'
import type { Files } from './ports/files.ts'
import type { KV } from './ports/kv.ts'
import type { Outlets } from './ports/outlets.ts'
import type { Resolver } from './ports/resolver.ts'
import type { Runtime } from './ports/runtime.ts'
import type { Answer, CertificateSource, ClientRequest, ServerCertificate } from './ports/server.ts'
import type { Sockets } from './ports/sockets.ts'
import type { Store } from './ports/store.ts'
import type { PlanStream } from './ports/stream.ts'
import type { Syslog } from './ports/syslog.ts'
import type { ClientCertificate, Transport } from './ports/transport.ts'
import { createCertificateSource } from './proxy/certificate-source.ts'
import { createProxy } from './proxy/handler.ts'
import { admitHandshake } from './proxy/handshake.ts'
import { tellMissing } from './proxy/missing-certificate.ts'
import { createStreams } from './proxy/stream.ts'
import { createTrafficCounts } from './proxy/traffic-counts.ts'
import { contextOf } from './schema/context.ts'
import { isObject } from './schema/field.ts'
import type { Settings } from './settings/settings.ts'
import { type Credentials, createCredentials } from './snapshot/credentials.ts'
import type { PluginsOptions } from './snapshot/plugins.ts'
import { createSnapshots, type Snapshots } from './snapshot/snapshot.ts'
import { createEntityStore, type EntityStore } from './store/entity-store.ts'
import { createConfigText } from './sync/config-text.ts'

/** What a gateway is made of; it closes the ports it was given. */
export interface GatewayOptions {
  readonly store: Store
  readonly kv: KV
  readonly transport: Transport
  readonly runtime: Runtime
  readonly settings: Settings
  /** Without one names are left to the transport. */
  readonly resolver?: Resolver
  /** Ways out for plugins; one that needs what is absent is refused when configured. */
  readonly sockets?: Sockets
  readonly files?: Files
  readonly syslog?: Syslog
  /** Runs functions in Lua; without one they are refused when configured. */
  readonly lua?: LuaEngine
  /** Serves every plugin in place of connections of our own. */
  readonly redis?: RedisClient
  /** Plugins beside the bundled ones. */
  readonly plugins?: readonly Plugin[]
  /** Whether this process asks the targets how they are; of all that share the KV one does, unless said. */
  readonly probing?: boolean
  /** What upstreams see that ask who we are, where neither service nor upstream has its own. */
  readonly clientCertificate?: ClientCertificate
  /** Authorities that plugins trust where they verify a server, PEM texts; the runtime's own unless said. */
  readonly trusted?: readonly string[]
  /** What `GET /` calls this node; the setting, or a name of its own, unless said. */
  readonly nodeId?: string
  /** Tells how clients' connections stand; absent where a platform listens. */
  readonly connections?: CountConnections
  /** Of a node of several processes; of this one alone when absent. */
  readonly draining?: Draining
  /** The Manager, under `/manager` of the Admin API; absent where it is not served. */
  readonly manager?: ManagerPage
}

/** A text the operator hands over himself may be larger than one that is sent. */
const OPERATORS_OWN = { size: 64 * 2 ** 20 }

/** A running gateway: functions, no listener and no timer of its own. */
export interface Gateway {
  /** Serves a client's request as a server adapter received it; never rejects. */
  handle(request: ClientRequest): Promise<Answer>
  /** The same for a web Request; `client` tells what that cannot. */
  proxy(request: Request, client?: ClientFacts): Promise<Response>
  /** Answers an Admin API request; never rejects. */
  admin(request: Request, client?: ClientFacts): Promise<Response>
  /** The same as a server adapter received it. */
  handleAdmin(request: ClientRequest): Promise<Answer>
  /** Answers `/status`, `/status/ready` and `/metrics` alone. */
  handleStatus(request: ClientRequest): Promise<Answer>
  /** Finds what is to become of a connection that is no HTTP. */
  readonly stream: PlanStream
  /** What the proxy's TLS listeners show, as stored at each handshake; `fallback` for other names. */
  certificates(fallback: ServerCertificate): CertificateSource
  /** Does what is due, and gives the milliseconds until something is next. */
  tick(now: number): Promise<number>
  /** Makes a kong.yaml, as text or parsed, all there is; rejects with every error in it at once. */
  applyConfig(config: unknown): Promise<AppliedConfig>
  close(): Promise<void>
}

/** What came of a configuration. */
export interface AppliedConfig {
  /** Rows by table. */
  readonly counts: Readonly<Record<string, number>>
  /** What is different now; found out when asked for. */
  readonly changes: readonly RowChange[]
}

/** Joins the rooms. Resolves once the stored configuration is served. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { transport, settings } = options
  const rooms = await openRooms(options)
  const { store, balancers, snapshots, runtime, kits, plugins, nodeId, secrets } = rooms
  const snapshot = snapshots.current
  const counts = createTrafficCounts(options.connections)
  const common = { snapshot, balancers, transport, runtime, settings, counts }
  const handle = createProxy({ ...common, rows: store })
  const configText = createConfigText({
    newId: () => runtime.uuid(),
    // Whoever may ask for the text may ask for all that is in it.
    fetch: (url, init) => admin.answer(new Request(url, init), { trusted: true }),
  })
  const page = options.manager === undefined ? {} : { manager: options.manager }
  const { draining } = options
  const drain = draining === undefined ? {} : { draining }
  const own = { send: handle, configText, kit: kits.shared, ...page, ...drain }
  const admin = createAdminDoor({ ...common, store, nodeId, plugins, ...own })
  const missing = tellMissing({ snapshot, runtime })
  const admit = admitHandshake({ snapshot, runtime })
  return {
    handle,
    proxy: async (request, client) => toWebResponse(await handle(fromWebRequest(request, client))),
    admin: (request, client) => admin.answer(request, { address: client?.ip ?? '' }),
    handleAdmin: admin.handle,
    handleStatus: admin.handleStatus,
    stream: createStreams({ ...common, caps: transport.caps, rows: store }),
    certificates: (fallback) =>
      createCertificateSource(store, fallback, { secrets, missing, admit }),
    async tick(now) {
      await refresh(store, runtime)
      return balancers.tick(now)
    },
    applyConfig: (config) => applyConfig(rooms, config),
    close: () => closeAll(rooms, options),
  }
}

async function applyConfig(rooms: Rooms, config: unknown): Promise<AppliedConfig> {
  const { store, runtime, snapshots } = rooms
  const document = typeof config === 'string' ? parseDocument(config, OPERATORS_OWN) : config
  const { shown, changes } = await applyDocument(document, {
    store,
    context: contextOf(runtime),
    loaded: typeof config === 'string' ? { hash: md5Hex(config), posted: false } : undefined,
  })
  // Compiled now, so that no request waits for it.
  snapshots.current()
  const counts = Object.entries(shown).map(([name, { length }]) => [name, length])
  return {
    counts: Object.fromEntries(counts),
    get changes() {
      return changes()
    },
  }
}

async function closeAll(rooms: Rooms, options: GatewayOptions): Promise<void> {
  await rooms.snapshots.close()
  rooms.kits.shared.redis.close()
  // A KV that is away learns by silence.
  await rooms.balancers.close().catch(() => {})
  const { transport, kv, store, sockets, files, syslog } = options
  const outlets = [sockets, files, syslog].flatMap((port) => port ?? [])
  await Promise.all([transport, kv, store, ...outlets].map((port) => port.close()))
}

/** The rooms of one gateway, opened. */
interface Rooms {
  /** The options' own, its log listened to. */
  readonly runtime: Runtime
  readonly nodeId: string
  readonly store: EntityStore
  readonly secrets: Secrets
  readonly balancers: Balancers
  readonly plugins: readonly Plugin[]
  readonly kits: Kits
  readonly snapshots: Snapshots
}

async function openRooms(options: GatewayOptions): Promise<Rooms> {
  const { settings, transport } = options
  const { runtime, logs } = withLogLines(options.runtime)
  const nodeId = options.nodeId ?? settings.nodeId ?? runtime.uuid()
  const here = pluginsHere(options)
  const entities = entitiesOf(settings, transport.caps, here)
  const history = settings.revisionHistory
  const store = createEntityStore({ entities, store: options.store, runtime, history })
  await store.load()
  const prefix = settings.shown.vault_env_prefix
  const secrets = createSecrets({ entities: store, prefix, runtime })
  const credentials = createCredentials(store, secrets)
  const byName = !transport.caps.hostHeader
  const names = createNames({ runtime, resolver: options.resolver, dns: settings.dns, byName })
  const balancers = openBalancers({ ...options, runtime }, { credentials, names })
  const plugins = loadedPlugins(settings, options.plugins)
  const node = { id: nodeId, hostname: runtime.hostname ?? 'localhost' }
  const outlets = outletsOf(options, byName ? undefined : names)
  const kits = kitsOf({ ...options, runtime }, { entities: store, logs, node, secrets, ...outlets })
  const ways = { flavor: settings.routerFlavor, calculation: settings.matchCalculation }
  const caps = here.runtime
  const impossible: PluginsOptions['impossible'] = ({ needs }, config) =>
    caps === undefined || !isObject(config) ? undefined : needs?.(caps, config)
  const running = { plugins, kitFor: kits.kitFor, runtime, impossible, secrets }
  const snapshots = createSnapshots(store, balancers, { ...ways, credentials, plugins: running })
  return { runtime, nodeId, store, secrets, balancers, plugins, kits, snapshots }
}

/** What plugins connect with: names are ours to find, and whom to trust ours to choose, as in Kong. */
function outletsOf(options: GatewayOptions, names: Names | undefined): Required<Outlets> {
  const outlets = trustingOutlets(options, options.trusted)
  return names === undefined ? outlets : namedOutlets(outlets, names)
}

function openBalancers(
  options: GatewayOptions,
  { credentials, names }: { readonly credentials: Credentials; readonly names: Names },
): Balancers {
  const { runtime, transport, kv, settings, probing, clientCertificate } = options
  const { connectBackoff, slowStart } = settings
  const { certificate } = credentials
  const watch = { connectBackoff, slowStart, ...(probing === undefined ? {} : { probing }) }
  const certificates = { certificateOf: certificate, clientCertificate }
  return createBalancers({ runtime, kv, transport, names, ...certificates, ...watch })
}

function pluginsHere(options: GatewayOptions): PluginsHere {
  const { plugins, sockets, files, syslog, lua, transport } = options
  const [hasFiles, hasSyslog] = [files !== undefined, syslog !== undefined]
  const outlets = { sockets: sockets?.caps, files: hasFiles, syslog: hasSyslog }
  return { plugins, runtime: { ...outlets, proxy: transport.caps.proxy, lua } }
}

function kitsOf(
  options: GatewayOptions,
  known: Pick<KitPorts, 'entities' | 'logs' | 'node' | 'secrets'> & Required<Outlets>,
): Kits {
  const { runtime, kv, files, syslog, lua } = options
  const { proxyCacheStorage: answerStorage, shown: configuration, tracing } = options.settings
  const redis =
    options.redis === undefined
      ? createRedisPool(known.sockets, { random: runtime.random })
      : poolOf(options.redis)
  const kept = { answerStorage, configuration, tracing }
  return createKits({ runtime, kv, files, syslog, redis, lua, ...kept, ...known })
}

/** A store that is away changes nothing: what is known goes on being served. */
async function refresh(store: EntityStore, runtime: Runtime): Promise<void> {
  try {
    await store.refresh()
  } catch (error) {
    runtime.log('warn', 'Cannot reach the store, serving what is known', { error })
  }
}
