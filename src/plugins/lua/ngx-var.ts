import { cookieOf } from '../../lib/cookies.ts'
import { type LuaData, LuaFault, type LuaModule, type LuaValue } from '../../pdk/lua-engine.ts'
import { escapePath } from '../../router/path.ts'
import { textIn } from './arguments.ts'
import { queryPairs } from './kong-request.ts'
import { safeQuery } from './query.ts'
import type { LuaRun, LuaScope } from './scope.ts'
import { sessionVariable } from './session-variables.ts'

type Read = (run: LuaRun) => LuaData

const VARIABLES: Readonly<Record<string, Read>> = {
  args: queryOf,
  query_string: queryOf,
  is_args: ({ exchange: { request } }) => (request.rawQuery === '' ? '' : '?'),
  content_length: ({ exchange: { request } }) => request.headers.get('content-length'),
  content_type: ({ exchange: { request } }) => request.headers.get('content-type'),
  host: ({ exchange: { request } }) => request.host,
  kong_request_id: ({ exchange }) => exchange.id,
  request_id: ({ exchange }) => exchange.id,
  remote_addr: ({ exchange: { client } }) => client.ip,
  realip_remote_addr: ({ exchange: { client } }) => client.peerIp,
  remote_port: ({ exchange: { client } }) => String(client.port),
  request: ({ exchange: { request } }) =>
    `${request.method} ${request.rawTarget} ${protocolOf(request.httpVersion)}`,
  request_method: ({ exchange: { request } }) => request.method,
  request_uri: ({ exchange: { request } }) => request.rawTarget,
  scheme: ({ exchange: { request } }) => request.scheme,
  server_port: ({ exchange: { request } }) => String(request.port),
  server_protocol: ({ exchange: { request } }) => protocolOf(request.httpVersion),
  status: (run) => (isAnswered(run) ? String(run.exchange.response.status) : '000'),
  upstream_status: (run) => {
    const status = isAnswered(run) ? run.exchange.response.serviceStatus : undefined
    return status === undefined ? undefined : String(status)
  },
  upstream_uri: ({ exchange: { upstream } }) =>
    upstream.rawQuery === '' ? upstream.path : `${upstream.path}?${upstream.rawQuery}`,
  uri: ({ exchange: { request } }) => request.path,
}

const FAMILIES: readonly (readonly [
  prefix: string,
  read: (run: LuaRun, name: string) => LuaData,
])[] = [
  ['http_', ({ exchange: { request } }, name) => headerNamed(request.headers, name)],
  ['arg_', (run, name) => argument(run, name)],
  ['cookie_', ({ exchange: { request } }, name) => cookieOf(request.headers.all('cookie'), name)],
  ['sent_http_', (run, name) => answerHeader(run, name)],
  ['upstream_http_', (run, name) => answerHeader(run, name)],
]

/** `ngx.var`; of all variables three say where the request goes, and may be set. */
export function ngxVar(scope: LuaScope): LuaModule {
  return {
    read: (key) => {
      const run = scope.run()
      const name = String(key)
      if (run.session !== undefined) return sessionVariable(run.session, name)
      if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name]?.(run)
      const family = FAMILIES.find(([prefix]) => name.startsWith(prefix))
      return family?.[1](run, name.slice(family[0].length))
    },
    write: (key, value) => {
      const { upstream } = scope.run('rewrite', 'access').exchange
      if (key === 'upstream_host') upstream.setHost(textIn(value, key))
      // nginx: without a value the query goes.
      else if (key === 'args')
        upstream.rawQuery = isNothing(value) ? '' : safeQuery(textIn(value, key))
      else if (key === 'upstream_uri') {
        const [path = '', ...query] = textIn(value, key).split('?')
        upstream.path = escapePath(path)
        if (query.length > 0) upstream.rawQuery = safeQuery(query.join('?'))
      } else throw new LuaFault(`variable "${key}" not changeable`)
    },
  }
}

function isNothing(value: LuaValue): value is undefined | null {
  return value === undefined || value === null
}

function queryOf({ exchange: { request } }: LuaRun): string | undefined {
  return request.rawQuery === '' ? undefined : request.rawQuery
}

function protocolOf(version: string): string {
  return version === '2' ? 'HTTP/2.0' : `HTTP/${version}`
}

function isAnswered({ phase }: LuaRun): boolean {
  return phase === 'header_filter' || phase === 'body_filter' || phase === 'log'
}

function headerNamed(headers: { get(name: string): string | undefined }, name: string) {
  return headers.get(name.replaceAll('_', '-'))
}

function answerHeader(run: LuaRun, name: string): string | undefined {
  return isAnswered(run) ? headerNamed(run.exchange.response.headers, name) : undefined
}

function argument(run: LuaRun, name: string): string | undefined {
  const found = queryPairs(run).find(([known]) => known.toLowerCase() === name.toLowerCase())
  return found === undefined || found[1] === true ? found && '' : found[1]
}
