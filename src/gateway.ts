import { type AdminOptions, createAdmin } from './admin/admin.ts'
import { createBalancers } from './balancer/balancers.ts'
import { parseDocument } from './declarative/parse.ts'
import { readDeclarative } from './declarative/read.ts'
import { allEntities } from './entities/all.ts'
import { withinCaps } from './entities/within-caps.ts'
import { md5Hex } from './lib/md5.ts'
import type { KV } from './ports/kv.ts'
import type { Runtime } from './ports/runtime.ts'
import type { Answer, ClientRequest } from './ports/server.ts'
import type { Store } from './ports/store.ts'
import type { Transport } from './ports/transport.ts'
import { errorAnswer } from './proxy/error-body.ts'
import { createProxy } from './proxy/handler.ts'
import { requestIds } from './proxy/request-id.ts'
import {
  type ClientFacts,
  fromWebRequest,
  fromWebResponse,
  toWebRequest,
  toWebResponse,
} from './proxy/web-message.ts'
import { contextOf } from './schema/context.ts'
import type { Settings } from './settings/settings.ts'
import { createSnapshots } from './snapshot/snapshot.ts'
import { createEntityStore, type EntityStore } from './store/entity-store.ts'

/** What a gateway is made of; it closes the ports it was given. */
export interface GatewayOptions {
  readonly store: Store
  readonly kv: KV
  readonly transport: Transport
  readonly runtime: Runtime
  readonly settings: Settings
  /** False where another process probes for this one. */
  readonly probing?: boolean
}

/** A running gateway: functions, no listener and no timer of its own. */
export interface Gateway {
  /** Serves a client's request as a server adapter received it; never rejects. */
  handle(request: ClientRequest): Promise<Answer>
  /** The same for a web Request; `client` tells what that cannot. */
  proxy(request: Request, client?: ClientFacts): Promise<Response>
  /** Answers an Admin API request; never rejects. */
  admin(request: Request): Promise<Response>
  /** The same as a server adapter received it. */
  handleAdmin(request: ClientRequest): Promise<Answer>
  /** Answers `/status` and `/status/ready` alone. */
  handleStatus(request: ClientRequest): Promise<Answer>
  /** Does what is due, and gives the milliseconds until something is next. */
  tick(now: number): Promise<number>
  /** Makes a kong.yaml, as text or parsed, all there is; rejects with every error in it at once. */
  applyConfig(config: unknown): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}

/** Joins the rooms. Resolves once the stored configuration is served. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { kv, transport, runtime, settings, probing = true } = options
  const entities = withinCaps(allEntities, transport.caps)
  const store = createEntityStore({ entities, store: options.store, runtime })
  await store.load()
  const { connectBackoff } = settings
  const balancers = createBalancers({ runtime, kv, transport, connectBackoff, probing })
  const snapshots = createSnapshots(store, balancers)
  const handle = createProxy({
    snapshot: snapshots.current,
    balancers,
    transport,
    runtime,
    settings,
  })
  const nodeId = runtime.uuid()
  const admin = createAdminDoor({ store, balancers, settings, runtime, nodeId, transport })

  return {
    handle,
    proxy: async (request, client) => toWebResponse(await handle(fromWebRequest(request, client))),
    admin: admin.answer,
    handleAdmin: admin.handle,
    handleStatus: admin.handleStatus,
    async tick(now) {
      await refresh(store, runtime)
      return balancers.tick(now)
    },
    async applyConfig(config) {
      const rows = rowsOf(config, store, runtime)
      await store.replace(rows)
      if (typeof config === 'string') admin.loaded(md5Hex(config))
      return Object.fromEntries(Object.entries(rows).map(([name, all]) => [name, all.length]))
    },
    async close() {
      const ports = [transport, kv, options.store]
      await Promise.all(ports.map((port) => port.close()))
    },
  }
}

/** A store that is away changes nothing: what is known goes on being served. */
async function refresh(store: EntityStore, runtime: Runtime): Promise<void> {
  try {
    await store.refresh()
  } catch (error) {
    runtime.log('warn', 'Cannot reach the store, serving what is known', { error })
  }
}

function rowsOf(
  config: unknown,
  store: EntityStore,
  runtime: Runtime,
): ReturnType<typeof readDeclarative> {
  const document = typeof config === 'string' ? parseDocument(config) : config
  return readDeclarative(document, { entities: store.entities, context: contextOf(runtime) })
}

/** The Admin API behind a door that lets no failure through. */
interface AdminDoor {
  answer(request: Request): Promise<Response>
  handle(request: ClientRequest): Promise<Answer>
  handleStatus(request: ClientRequest): Promise<Answer>
  /** Tells the MD5 of the configuration that was just loaded. */
  loaded(configurationHash: string): void
}

function createAdminDoor(options: AdminOptions): AdminDoor {
  const { runtime, settings } = options
  let app = createAdmin(options)
  const newId = requestIds(runtime)

  const answer = async (request: Request): Promise<Response> => {
    try {
      return await app.fetch(request)
    } catch (error) {
      runtime.log('error', 'Cannot answer an Admin API request', { error })
      return Response.json({ message: 'An unexpected error occurred' }, { status: 500 })
    }
  }
  const refuse = (request: ClientRequest, status: number): Answer =>
    errorAnswer({ status, request, requestId: newId(), settings })
  const handle = async (request: ClientRequest): Promise<Answer> => {
    const web = webRequestOf(request)
    if (web === undefined) return refuse(request, UNSPEAKABLE.has(request.method) ? 405 : 400)
    const result = await fromWebResponse(await answer(web))
    return request.method === 'HEAD' ? { ...result, body: undefined } : result
  }

  return {
    answer,
    handle,
    async handleStatus(request) {
      const path = request.target.split('?', 1)[0]
      if (path === '/status') return handle(request)
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
