import { Hono } from 'hono'
import { SERVER_TOKEN } from '../lib/version.ts'
import type { AdminKit } from '../pdk/admin-route.ts'
import type { Plugin } from '../pdk/plugin.ts'
import type { Draining } from '../ports/draining.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import type { TrafficCounts } from '../proxy/traffic-counts.ts'
import { EntityError } from '../schema/entity-error.ts'
import type { Settings } from '../settings/settings.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { PreconditionFailed } from '../store/precondition-failed.ts'
import { StoreUnavailable } from '../store/store-unavailable.ts'
import { type Access, type Caller, createAccess } from './access.ts'
import { type Payload, readPayload } from './body.ts'
import { type BrowserRules, corsHeaders } from './browser.ts'
import type { ConfigText } from './config-text.ts'
import { managerReply } from './manager-desk.ts'
import type { ManagerPage } from './manager-page.ts'
import { parseQuery } from './query.ts'
import { message, NOT_FOUND, Refusal, type Reply, toResponse } from './reply.ts'
import {
  allowOf,
  type Call,
  createRoutes,
  type Found,
  type Resource,
  type Verb,
} from './resource.ts'
import { allResources } from './resources.ts'
import type { SendSources } from './send.ts'
import type { HealthView } from './upstream-health.ts'

/** What the Admin API works on. */
export interface AdminOptions {
  readonly store: EntityStore
  readonly balancers: HealthView
  /** What is served now. */
  readonly snapshot: () => Snapshot
  readonly settings: Settings
  readonly runtime: Runtime
  readonly nodeId: string
  /** What can be reached from here, shown by `GET /`. */
  readonly transport: Pick<Transport, 'caps'>
  /** The plugins that are loaded. */
  readonly plugins: readonly Plugin[]
  /** What plugins answer with. */
  readonly kit: AdminKit
  /** What passed through the proxy; absent where nobody counts. */
  readonly counts?: TrafficCounts
  /** The proxy; absent where nothing can be sent through it. */
  readonly send?: SendSources['send']
  /** Absent where the configuration cannot be read and written as one text. */
  readonly configText?: ConfigText
  /** Of a node of several processes; of this one alone when absent. */
  readonly draining?: Draining
  /** The Manager; absent where it is not served. */
  readonly manager?: ManagerPage
}

/** The Admin API as a Hono app: `app.fetch(request)`; of all its resources those that are chosen. */
export function createAdmin(
  options: AdminOptions,
  choose: (all: readonly Resource[]) => readonly Resource[] = (all) => all,
): Hono {
  const access = createAccess(options)
  const routes = createRoutes(choose(allResources(options, () => routes.patterns)))
  const app = new Hono()
  app.all('/robots.txt', (c) =>
    c.body(ROBOTS, 200, { 'Content-Type': 'text/plain; charset=UTF-8' }),
  )
  app.all('*', async (c) => {
    const started = options.runtime.now()
    const request = c.req.raw
    // What the adapter knows of the caller comes as Hono's `env`; in tests there is none.
    const caller: Caller = c.env ?? {}
    const door = { access, caller }
    const own = await managerReply(request, options.manager, door)
    if (own instanceof Response) return own
    const reply =
      own ??
      (await replyTo(request, routes, door).catch((thrown: unknown) =>
        replyForThrown(thrown, options.runtime),
      ))
    return toResponse(reply, commonHeaders(request, { options, rules: access.rules, started }))
  })
  return app
}

/** nginx' own answer in Kong, to anybody and any verb. */
const ROBOTS = 'User-agent: *\nDisallow: /'

type Routes = ReturnType<typeof createRoutes>

const BODY_VERBS: readonly string[] = ['POST', 'PUT', 'PATCH']
const NO_PAYLOAD: Payload = { kind: 'json', value: {} }

interface Door {
  readonly access: Access
  readonly caller: Caller
}

async function replyTo(request: Request, routes: Routes, door: Door): Promise<Reply> {
  const refused = await door.access.refuse(request, door.caller)
  if (refused !== undefined) return refused

  const url = new URL(request.url)
  const found = routes.find(url.pathname)
  if (found === undefined) return NOT_FOUND
  const { resource } = found
  if (request.method === 'OPTIONS') return optionsReply(allowOf(resource))
  const handler = resource.handlers[verbOf(request.method)]
  if (handler === undefined) return message(405, 'Method not allowed')

  const query = parseQuery(url.search)
  const payload = BODY_VERBS.includes(request.method)
    ? await readPayload(request, resource.takesDocument === true)
    : NO_PAYLOAD
  return handler(callOf(found, { request, query, payload }))
}

/** HEAD is answered as GET; an unknown verb finds no handler. */
function verbOf(method: string): Verb {
  return (method === 'HEAD' ? 'GET' : method) as Verb // an index only: others are absent
}

function optionsReply(allow: string): Reply {
  return { status: 204, headers: { Allow: allow, 'Access-Control-Allow-Methods': allow } }
}

function callOf(
  found: Found,
  { request, query, payload }: { readonly request: Request } & Pick<Call, 'query' | 'payload'>,
): Call {
  return {
    query,
    payload,
    by: authorOf(request, found),
    header: (name) => request.headers.get(name) ?? undefined,
    segments: found.segments,
    find: (name) => found.params.get(name),
    param(name) {
      const value = found.params.get(name)
      if (value === undefined) throw new Error(`No parameter ${name} in ${found.resource.pattern}`)
      return value
    },
  }
}

const MAX_AGENT = 80

/** The pattern, not the path: that may hold a credential. The program by its first word. */
function authorOf({ method, headers }: Request, { resource }: Found): string {
  const [agent = ''] = (headers.get('user-agent') ?? '').split(' ')
  const asked = `${method} ${resource.pattern}`
  return agent === '' ? asked : `${asked} by ${agent.slice(0, MAX_AGENT)}`
}

function replyForThrown(thrown: unknown, runtime: Runtime): Reply {
  if (thrown instanceof Refusal) return thrown.reply
  if (thrown instanceof EntityError) return { status: thrown.status, body: thrown.toBody() }
  if (thrown instanceof PreconditionFailed) return message(412, thrown.message)
  const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  const cause =
    thrown instanceof Error && thrown.cause !== undefined ? String(thrown.cause) : undefined
  runtime.log('error', 'Admin API failed', cause === undefined ? { error } : { error, cause })
  return thrown instanceof StoreUnavailable
    ? message(503, 'The store does not answer, nothing was changed')
    : message(500, 'An unexpected error occurred')
}

interface Moment {
  readonly options: AdminOptions
  readonly rules: BrowserRules
  readonly started: number
}

function commonHeaders(request: Request, { options, rules, started }: Moment): Headers {
  const { settings, runtime, store } = options
  const headers = new Headers(corsHeaders(request, rules))
  if (settings.headers.has('server_tokens') || settings.headers.has('server')) {
    headers.set('Server', SERVER_TOKEN)
  }
  if (settings.headers.has('latency_tokens') || settings.headers.has('x-kong-admin-latency')) {
    headers.set('X-Kong-Admin-Latency', String(Math.max(0, Math.round(runtime.now() - started))))
  }
  headers.set('X-Config-Revision', String(store.revision))
  return headers
}
