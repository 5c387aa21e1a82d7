import type { Caller } from './admin/access.ts'
import { type AdminOptions, createAdmin } from './admin/admin.ts'
import { createBalancers } from './balancer/balancers.ts'
import { applyDocument } from './declarative/apply.ts'
import type { RowChange } from './declarative/changes.ts'
import { parseDocument } from './declarative/parse.ts'
import { createNames } from './dns/names.ts'
import { withinCaps } from './entities/within-caps.ts'
import { md5Hex } from './lib/md5.ts'
import type { Plugin } from './pdk/plugin.ts'
import { allPlugins } from './plugins/all.ts'
import { entitiesFor } from './plugins/entities.ts'
import type { KV } from './ports/kv.ts'
import type { Resolver } from './ports/resolver.ts'
import type { Runtime } from './ports/runtime.ts'
import type { Answer, CertificateSource, ClientRequest, ServerCertificate } from './ports/server.ts'
import type { Store } from './ports/store.ts'
import type { PlanStream } from './ports/stream.ts'
import type { Transport, TransportCaps } from './ports/transport.ts'
import { createCertificateSource } from './proxy/certificate-source.ts'
import { errorAnswer } from './proxy/error-body.ts'
import { createProxy } from './proxy/handler.ts'
import { requestIds } from './proxy/request-id.ts'
import { createStreams } from './proxy/stream.ts'
import { createTrafficCounts } from './proxy/traffic-counts.ts'
import {
  type ClientFacts,
  fromWebRequest,
  fromWebResponse,
  toWebRequest,
  toWebResponse,
} from './proxy/web-message.ts'
import { contextOf } from './schema/context.ts'
import type { Entity } from './schema/entity.ts'
import type { Settings } from './settings/settings.ts'
import { createCredentials } from './snapshot/credentials.ts'
import { createSnapshots } from './snapshot/snapshot.ts'
import { createEntityStore, type EntityStore } from './store/entity-store.ts'

/** What a gateway is made of; it closes the ports it was given. */
export interface GatewayOptions {
  readonly store: Store
  readonly kv: KV
  readonly transport: Transport
  readonly runtime: Runtime
  readonly settings: Settings
  /** Without one names are left to the transport. */
  readonly resolver?: Resolver
  /** Whether this process asks the targets how they are; of all that share the KV one does, unless said. */
  readonly probing?: boolean
  /** What `GET /` calls this node; one of its own unless said. */
  readonly nodeId?: string
}

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
  /** What is different now. */
  readonly changes: readonly RowChange[]
}

/** Joins the rooms. Resolves once the stored configuration is served. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { kv, transport, runtime, settings, probing } = options
  const entities = entitiesOf(settings, transport.caps)
  const history = settings.revisionHistory
  const store = createEntityStore({ entities, store: options.store, runtime, history })
  await store.load()
  const { connectBackoff, slowStart } = settings
  const watch = { connectBackoff, slowStart, ...(probing === undefined ? {} : { probing }) }
  const names = createNames({
    runtime,
    resolver: options.resolver,
    dns: settings.dns,
    byName: !transport.caps.hostHeader,
  })
  const credentials = createCredentials(store)
  const certificateOf = credentials.certificate
  const balancers = createBalancers({ runtime, kv, transport, names, certificateOf, ...watch })
  const flavor = settings.routerFlavor
  const snapshots = createSnapshots(store, balancers, { flavor, credentials })
  const snapshot = snapshots.current
  const counts = createTrafficCounts()
  const handle = createProxy({
    snapshot,
    balancers,
    transport,
    runtime,
    settings,
    counts,
  })
  const nodeId = options.nodeId ?? runtime.uuid()
  const plugins = loadedPlugins(settings)
  const node = { settings, runtime, nodeId, transport, plugins }
  const admin = createAdminDoor({ store, snapshot, balancers, counts, ...node })

  return {
    handle,
    proxy: async (request, client) => toWebResponse(await handle(fromWebRequest(request, client))),
    admin: (request, client) => admin.answer(request, { address: client?.ip ?? '' }),
    handleAdmin: admin.handle,
    handleStatus: admin.handleStatus,
    stream: createStreams({ snapshot, balancers, runtime, settings, caps: transport.caps }),
    certificates: (fallback) => createCertificateSource(store, fallback),
    async tick(now) {
      await refresh(store, runtime)
      return balancers.tick(now)
    },
    async applyConfig(config) {
      const document = typeof config === 'string' ? parseDocument(config) : config
      const { shown, changes } = await applyDocument(document, {
        store,
        context: contextOf(runtime),
      })
      if (typeof config === 'string') admin.loaded(md5Hex(config))
      const counts = Object.entries(shown).map(([name, { length }]) => [name, length])
      return { counts: Object.fromEntries(counts), changes }
    },
    async close() {
      // A KV that is away learns by silence.
      await balancers.close().catch(() => {})
      const ports = [transport, kv, options.store]
      await Promise.all(ports.map((port) => port.close()))
    },
  }
}

/** The tables there are with these settings, for a transport that can do so much. */
export function entitiesOf(settings: TableSettings, caps: TransportCaps): readonly Entity[] {
  const { unimplementedPlugins: unimplemented, routerFlavor } = settings
  const plugins = loadedPlugins(settings)
  return withinCaps(entitiesFor({ plugins, unimplemented, routerFlavor }), caps)
}

function loadedPlugins({ plugins }: TableSettings): readonly Plugin[] {
  return allPlugins.filter(({ name }) => plugins?.includes(name) ?? true)
}

type TableSettings = Pick<Settings, 'plugins' | 'unimplementedPlugins' | 'routerFlavor'>

/** A store that is away changes nothing: what is known goes on being served. */
async function refresh(store: EntityStore, runtime: Runtime): Promise<void> {
  try {
    await store.refresh()
  } catch (error) {
    runtime.log('warn', 'Cannot reach the store, serving what is known', { error })
  }
}

/** The Admin API behind a door that lets no failure through. */
interface AdminDoor {
  answer(request: Request, caller?: Caller): Promise<Response>
  handle(request: ClientRequest): Promise<Answer>
  handleStatus(request: ClientRequest): Promise<Answer>
  /** Tells the MD5 of the configuration that was just loaded. */
  loaded(configurationHash: string): void
}

function createAdminDoor(options: AdminOptions): AdminDoor {
  const { runtime, settings } = options
  let app = createAdmin(options)
  const newId = requestIds(runtime)

  const answer = async (request: Request, caller: Caller = {}): Promise<Response> => {
    try {
      return await app.fetch(request, caller)
    } catch (error) {
      runtime.log('error', 'Cannot answer an Admin API request', { error })
      return Response.json({ message: 'An unexpected error occurred' }, { status: 500 })
    }
  }
  const refuse = (request: ClientRequest, status: number): Answer =>
    errorAnswer({ status, request, requestId: newId(), settings })
  const handle = async (request: ClientRequest, trusted = false): Promise<Answer> => {
    const web = webRequestOf(request)
    if (web === undefined) return refuse(request, UNSPEAKABLE.has(request.method) ? 405 : 400)
    const result = await fromWebResponse(await answer(web, { address: request.ip, trusted }))
    return request.method === 'HEAD' ? { ...result, body: undefined } : result
  }

  return {
    answer,
    handle: (request) => handle(request),
    async handleStatus(request) {
      const path = request.target.split('?', 1)[0]
      // Whoever reaches this listener may know how we are: neither Host nor token is asked.
      if (path === '/status' || path === '/metrics') return handle(request, true)
      return path === '/status/ready' ? fromWebResponse(readiness(options)) : refuse(request, 404)
    },
    loaded(configurationHash) {
      app = createAdmin({ ...options, configurationHash })
    },
  }
}

/** Kong: without a database there is nothing to serve until a configuration is loaded. */
function readiness({ settings, store }: AdminOptions): Response {
  const ready = settings.database !== 'off' || store.revision > 0
  if (ready) return Response.json({ message: 'ready' })
  const message = 'no configuration available (empty configuration present)'
  return Response.json({ message }, { status: 503 })
}

/** Methods no web Request can have. */
const UNSPEAKABLE = new Set(['CONNECT', 'TRACE', 'TRACK'])

function webRequestOf(request: ClientRequest): Request | undefined {
  try {
    return toWebRequest(request)
  } catch {
    return undefined
  }
}
