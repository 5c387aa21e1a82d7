import { createMemoryKV } from '../adapters/memory/kv.ts'
import { createMemoryStore } from '../adapters/memory/store.ts'
import { type AdminOptions, createAdmin } from '../src/admin/admin.ts'
import type { Balancers } from '../src/balancer/balancers.ts'
import type { AdminKit } from '../src/pdk/admin-route.ts'
import { createKits } from '../src/pdk/kits.ts'
import type { Plugin } from '../src/pdk/plugin.ts'
import { createRedisPool } from '../src/pdk/redis/pool.ts'
import { allPlugins } from '../src/plugins/all.ts'
import { entitiesFor } from '../src/plugins/entities.ts'
import type { LogLevelSwitch, Runtime } from '../src/ports/runtime.ts'
import type { Store } from '../src/ports/store.ts'
import { DEFAULT_DNS } from '../src/settings/dns.ts'
import type { Settings } from '../src/settings/settings.ts'
import { createSnapshots } from '../src/snapshot/snapshot.ts'
import { createEntityStore, type EntityStore } from '../src/store/entity-store.ts'
import { ALL_CAPS } from './caps.ts'
import { allEntities } from './entities.ts'
import { failure, fakeTransport } from './proxy/fakes.ts'

/** An answer of the Admin API, read. */
export interface Read {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
  /** The ids of a list's rows. */
  readonly ids: readonly unknown[]
}

/** An Admin API over an empty store, and short ways to ask it. */
export interface Gate {
  readonly logged: readonly string[]
  get(path: string): Promise<Read>
  /** `POST /services` with a JSON body. */
  json(call: string, input: unknown): Promise<Read>
  /** `POST /services` with an urlencoded body, as curl's `-d` sends it. */
  form(call: string, text: string): Promise<Read>
  sendForm(path: string, data: FormData): Promise<Read>
  send(
    method: string,
    path: string,
    body?: string,
    contentType?: string,
    headers?: Record<string, string>,
  ): Promise<Read>
}

/** What a test may replace. */
export interface GateParts extends Partial<Settings> {
  readonly store?: Store
  readonly balancers?: Partial<AdminOptions['balancers']>
  readonly counts?: AdminOptions['counts']
  readonly logControl?: LogLevelSwitch
  readonly processes?: Runtime['processes']
  /** Plugins beside the bundled ones. */
  readonly own?: readonly Plugin[]
  readonly manager?: AdminOptions['manager']
}

/** Opens an Admin API in this process: no port, no disk. */
export async function openAdmin(parts: GateParts = {}): Promise<Gate> {
  const { store: port = createMemoryStore(), balancers, counts, own = [], ...others } = parts
  const { logControl, processes, manager, ...settings } = others
  const logged: string[] = []
  const runtime = {
    ...testRuntime(logged),
    ...(logControl === undefined ? {} : { logLevel: logControl }),
    ...(processes === undefined ? {} : { processes }),
  }
  const all = { ...SETTINGS, ...settings }
  const history = all.revisionHistory
  const bundled = allPlugins.filter(({ name }) => all.plugins?.includes(name) ?? true)
  const plugins = [...bundled, ...own]
  const unimplemented = all.unimplementedPlugins
  const isWhole = own.length === 0 && all.plugins === undefined && unimplemented === 'ignore'
  const entities = isWhole ? allEntities : entitiesFor({ plugins, unimplemented })
  const store = createEntityStore({ entities, store: port, runtime, history })
  await store.load()
  // Of the balancers it only tells them what there is.
  const told = { sync() {}, update() {} } as unknown as Balancers
  const app = createAdmin({
    store,
    snapshot: createSnapshots(store, told).current,
    balancers: { ...NO_BALANCERS, ...balancers },
    ...(counts === undefined ? {} : { counts }),
    ...(manager === undefined ? {} : { manager }),
    settings: all,
    runtime,
    nodeId: '00000000-0000-4000-8000-000000000000',
    transport: { caps: ALL_CAPS },
    plugins,
    kit: kitOver(store, runtime),
  })
  const ask = async (path: string, init: RequestInit) =>
    readAnswer(await app.fetch(new Request(`http://admin${path}`, init)))
  const send: Gate['send'] = (method, path, body, contentType, headers = {}) =>
    ask(path, {
      method,
      // Bytes bring no Content-Type of their own. A GET may have none at all.
      ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
      headers: contentType === undefined ? headers : { ...headers, 'content-type': contentType },
    })
  const typed = (call: string, body: string, contentType: string) => {
    const [method = '', path = ''] = call.split(' ')
    return method === 'GET' ? send(method, path) : send(method, path, body, contentType)
  }
  return {
    logged,
    send,
    get: (path) => send('GET', path),
    json: (call, input) => typed(call, JSON.stringify(input), 'application/json'),
    form: (call, text) => typed(call, text, 'application/x-www-form-urlencoded'),
    sendForm: (path, data) => ask(path, { method: 'POST', body: data }),
  }
}

/** What plugins work with; nobody outside answers them. */
function kitOver(entities: EntityStore, runtime: Runtime): AdminKit {
  return createKits({
    entities,
    runtime,
    kv: createMemoryKV(runtime),
    transport: fakeTransport(() => failure()),
    redis: createRedisPool(undefined),
    sockets: undefined,
    files: undefined,
    syslog: undefined,
  }).shared
}

async function readAnswer(response: Response): Promise<Read> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  const body = isJson && text !== '' ? JSON.parse(text) : {}
  const rows: readonly { readonly id?: unknown }[] = Array.isArray(body.data) ? body.data : []
  return {
    status: response.status,
    headers: response.headers,
    text,
    body,
    ids: rows.map(({ id }) => id),
  }
}

const NO_BALANCERS: AdminOptions['balancers'] = {
  health: () => [],
  summary: () => undefined,
  mark: () => undefined,
  lookedUp: () => undefined,
  events: () => [],
  stats: () => [],
  look: () => undefined,
  find: () => undefined,
}

const SETTINGS: Settings = {
  trustedIps: [],
  realIpHeader: 'x-real-ip',
  realIpRecursive: false,
  headers: new Set(['server_tokens', 'latency_tokens']),
  headersUpstream: new Set(),
  errorDefaultType: 'text/plain',
  allowDebugHeader: false,
  maxQueryArgs: 100,
  database: 'memory',
  routerFlavor: 'traditional_compatible',
  connectBackoff: 0,
  slowStart: 0,
  upstreamMaxInFlight: 0,
  upstreamMaxWaiting: 100,
  upstreamMaxWait: 1000,
  dns: DEFAULT_DNS,
  dohUrl: undefined,
  adminGuiUrls: [],
  logLevel: 'notice',
  plugins: undefined,
  unimplementedPlugins: 'ignore',
  adminToken: undefined,
  revisionHistory: 100,
  shown: {},
}

function testRuntime(logged: string[]): Runtime {
  let ids = 0
  return {
    name: 'test',
    now: () => 1_700_000_000_000,
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    log: (_level, message) => logged.push(message),
    background: () => undefined,
  }
}
