import { cookieOf } from '../../lib/cookies.ts'
import type { Exchange, UpstreamSide } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'
import { type LuaData, LuaFault, type LuaModule, type LuaValue } from '../../pdk/lua-engine.ts'
import { escapePath } from '../../router/path.ts'
import { textIn } from './arguments.ts'
import { requestBody } from './bodies.ts'
import { headerFolded } from './header-reading.ts'
import { queryPairs } from './kong-request.ts'
import { answerVariable } from './ngx-var-answer.ts'
import { safeQuery } from './query.ts'
import type { LuaRun, LuaScope } from './scope.ts'
import { sessionVariable } from './session-variables.ts'

type Read = (run: LuaRun, now: () => number) => LuaData

const VARIABLES: Readonly<Record<string, Read>> = {
  args: queryOf,
  query_string: queryOf,
  is_args: ({ exchange: { request } }) => (request.rawQuery === '' ? '' : '?'),
  content_length: ({ exchange: { request } }) => request.headers.get('content-length'),
  content_type: ({ exchange: { request } }) => request.headers.get('content-type'),
  host: ({ exchange: { request } }) => request.host,
  https: ({ exchange: { request } }) => (request.scheme === 'https' ? 'on' : ''),
  kong_proxy_mode: () => 'http',
  kong_request_id: ({ exchange }) => exchange.id,
  request_id: ({ exchange }) => exchange.id,
  remote_addr: ({ exchange: { client } }) => client.ip,
  remote_port: ({ exchange: { client } }) => portOf(client.forwardedPort),
  realip_remote_addr: ({ exchange: { client } }) => client.peerIp,
  realip_remote_port: ({ exchange: { client } }) => portOf(client.port),
  request: ({ exchange: { request } }) =>
    `${request.method} ${request.rawTarget} ${protocolOf(request.httpVersion)}`,
  request_body: (run) => {
    const body = requestBody(run)
    return typeof body === 'string' && body !== '' ? body : undefined
  },
  request_method: ({ exchange: { upstream } }) => upstream.method,
  request_uri: ({ exchange: { request } }) => request.rawTarget,
  scheme: ({ exchange: { request } }) => request.scheme,
  server_name: () => 'kong',
  server_port: ({ exchange: { request } }) => String(request.port),
  server_protocol: ({ exchange: { request } }) => protocolOf(request.httpVersion),
  // Kong: the query is put behind it once the plugins have run.
  upstream_uri: ({ phase, exchange }) =>
    phase === 'access' || phase === 'rewrite' ? exchange.upstream.path : sentTarget(exchange),
  upstream_x_forwarded_for: ({ exchange: { request, client } }) => {
    const before = request.headers.all('x-forwarded-for')
    return [...before, client.peerIp].join(', ')
  },
  upstream_x_forwarded_host: ({ exchange: { request } }) => request.forwardedHost,
  upstream_x_forwarded_path: ({ exchange: { request } }) => request.forwardedPath,
  upstream_x_forwarded_port: ({ exchange: { request } }) => String(request.forwardedPort),
  upstream_x_forwarded_prefix: ({ exchange: { request } }) => request.forwardedPrefix,
  upstream_x_forwarded_proto: ({ exchange: { request } }) => request.forwardedScheme,
  uri: ({ exchange: { request } }) => request.path,
  msec: (_, now) => (now() / 1000).toFixed(3),
  request_time: ({ exchange }, now) => ((now() - exchange.startedAt) / 1000).toFixed(3),
  time_iso8601: (_, now) => `${new Date(now()).toISOString().slice(0, 19)}+00:00`,
}

const FAMILIES: readonly (readonly [
  prefix: string,
  read: (run: LuaRun, name: string) => LuaData,
])[] = [
  ['http_', ({ exchange: { request } }, name) => headerFolded(request.headers, name)],
  ['arg_', (run, name) => argument(run, name)],
  ['cookie_', ({ exchange: { request } }, name) => cookieOf(request.headers.all('cookie'), name)],
]

/** `ngx.var`; of all variables few say where the request goes, and may be set. */
export function ngxVar(scope: LuaScope, { now }: Pick<Kit['runtime'], 'now'>): LuaModule {
  return {
    read: (key) => {
      const run = scope.run()
      const name = String(key)
      if (run.session !== undefined) return sessionVariable(run.session, name)
      if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name]?.(run, now)
      const family = FAMILIES.find(([prefix]) => name.startsWith(prefix))
      return family === undefined
        ? answerVariable(run, name)
        : family[1](run, name.slice(family[0].length))
    },
    write: (key, value) => setVariable(scope.nginx('rewrite', 'access'), String(key), value),
  }
}

function setVariable({ phase, exchange }: LuaRun, name: string, value: LuaValue): void {
  const { upstream } = exchange
  // nginx: without a value the query goes.
  if (name === 'args') {
    upstream.rawQuery = isNothing(value) ? '' : safeQuery(textIn(value, name))
  } else if (!Object.hasOwn(PLACES, name)) {
    throw new LuaFault(`variable "${name}" not changeable`)
  } else if (phase !== 'rewrite') {
    // Kong: what is said before there is a route, the route says anew.
    PLACES[name]?.(upstream, textIn(value, name))
  }
}

type SetPlace = (upstream: UpstreamSide, text: string) => void

/** The variables that say where the request goes. */
const PLACES: Readonly<Record<string, SetPlace>> = {
  upstream_host: (upstream, host) => upstream.setHost(host),
  upstream_scheme: (upstream, scheme) => {
    if (scheme === 'http' || scheme === 'https') upstream.setConnection({ scheme })
  },
  upstream_uri: (upstream, uri) => {
    const [path = '', ...query] = uri.split('?')
    upstream.path = escapePath(path)
    if (query.length > 0) upstream.rawQuery = safeQuery(query.join('?'))
  },
}

function isNothing(value: LuaValue): value is undefined | null {
  return value === undefined || value === null
}

function queryOf({ exchange: { request } }: LuaRun): string | undefined {
  return request.rawQuery === '' ? undefined : request.rawQuery
}

/** nginx: one that nobody told is empty. */
function portOf(port: number | undefined): string {
  return port === undefined ? '' : String(port)
}

/** Path and query as they are sent: a bare `?` of the client's, too. */
function sentTarget({ upstream: { path, rawQuery }, request }: Exchange): string {
  const none = rawQuery === '' && request.rawTarget !== `${request.rawPath}?`
  return none ? path : `${path}?${rawQuery}`
}

function protocolOf(version: string): string {
  return version === '2' ? 'HTTP/2.0' : `HTTP/${version}`
}

function argument(run: LuaRun, name: string): string | undefined {
  const lower = name.toLowerCase()
  const pairs = queryPairs(run.exchange.request)
  const found = pairs.find(([known]) => known.toLowerCase() === lower)
  return found === undefined || found[1] === true ? found && '' : found[1]
}
