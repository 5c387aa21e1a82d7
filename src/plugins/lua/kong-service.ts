import { toByteString } from '../../lib/byte-string.ts'
import type { Kit } from '../../pdk/kit.ts'
import { LuaFault, type LuaModule } from '../../pdk/lua-engine.ts'
import { escapePath } from '../../router/path.ts'
import { headerName, headersIn, headerValues, numberIn, stringIn, tableIn } from './arguments.ts'
import { parsedBody, responseBody, setRequestBody } from './bodies.ts'
import { kongConnection } from './kong-connection.ts'
import { headerMap, plainOf } from './plain.ts'
import { encodeArgs, safeQuery, withoutArg } from './query.ts'
import type { LuaScope } from './scope.ts'

/** Those that Kong's function takes, in upper case alone. */
const METHODS = new Set([
  ...['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'],
  ...['MKCOL', 'COPY', 'MOVE', 'PROPFIND', 'PROPPATCH', 'LOCK', 'UNLOCK'],
])

/** Names of hosts and of upstreams, and addresses. */
const HOST = /^[\w.:~[\]-]+$/

/** `kong.service`. */
export function kongService(scope: LuaScope, kit: Pick<Kit, 'entities'>): LuaModule {
  return {
    members: {
      ...kongConnection(scope, kit),
      set_target: (host, port) => {
        const { exchange } = scope.run('access')
        const number = numberIn(port, 'port')
        if (!Number.isInteger(number) || number < 0 || number > 65535) {
          throw new LuaFault(`port must be an integer between 0 and 65535: given ${number}`)
        }
        const name = stringIn(host, 'host')
        if (!HOST.test(name)) throw new LuaFault(`invalid host: ${name}`)
        exchange.upstream.setTarget({ host: name, port: number })
        return undefined
      },
      request: serviceRequest(scope),
      response: serviceResponse(scope),
    },
  }
}

function serviceRequest(scope: LuaScope): LuaModule {
  const upstream = () => scope.run('rewrite', 'access').exchange.upstream
  return {
    members: {
      enable_buffering: () => undefined,
      set_scheme: (value) => {
        const side = scope.run('access').exchange.upstream
        const scheme = stringIn(value, 'scheme')
        if (scheme !== 'http' && scheme !== 'https') throw new LuaFault(`invalid scheme: ${scheme}`)
        side.setConnection({ scheme })
        return undefined
      },
      set_path: (path) => {
        const text = stringIn(path, 'path')
        if (!text.startsWith('/')) throw new LuaFault('path must start with /')
        upstream().path = escapePath(text)
        return undefined
      },
      set_raw_query: (query) => {
        upstream().rawQuery = safeQuery(stringIn(query, 'query'))
        return undefined
      },
      set_query: (args) => {
        upstream().rawQuery = encodeArgs(tableIn(args, 'args'))
        return undefined
      },
      clear_query_arg: (name) => {
        const named = stringIn(name, 'query argument name')
        const side = upstream()
        side.rawQuery = withoutArg(side.rawQuery, named)
        return undefined
      },
      set_method: (method) => {
        const name = stringIn(method, 'method')
        if (!METHODS.has(name)) throw new LuaFault(`invalid method: ${name}`)
        upstream().method = name
        return undefined
      },
      set_header: (name, value) => {
        const header = headerName(name)
        upstream().headers.set(header, headerValues(header, value))
        return undefined
      },
      add_header: (name, value) => {
        const header = headerName(name)
        for (const one of headerValues(header, value)) upstream().headers.add(header, one)
        return undefined
      },
      clear_header: (name) => {
        upstream().headers.delete(headerName(name))
        return undefined
      },
      set_headers: (headers) => {
        for (const [name, values] of headersIn(tableIn(headers, 'headers'))) {
          upstream().headers.set(name, values)
        }
        return undefined
      },
      set_raw_body: (body) => {
        setRequestBody(scope.run('rewrite', 'access'), stringIn(body, 'body'))
        return undefined
      },
      set_body: (args, mime) => setBody(scope, tableIn(args, 'args'), mime),
    },
  }
}

type SetBody = (scope: LuaScope, ...args: [ReturnType<typeof tableIn>, unknown]) => undefined

const setBody: SetBody = (scope, args, mime) => {
  const run = scope.run('rewrite', 'access')
  const { request, upstream } = run.exchange
  const given = typeof mime === 'string' ? mime : request.headers.get('content-type')
  const kind = given?.split(';', 1)[0]?.trim().toLowerCase()
  if (kind === 'application/x-www-form-urlencoded') setRequestBody(run, encodeArgs(args))
  else if (kind === 'application/json') {
    setRequestBody(run, toByteString(JSON.stringify(plainOf(args))))
  } else throw new LuaFault(`unsupported content type ${kind ?? 'nil'}`)
  upstream.headers.set('Content-Type', given ?? kind)
}

function serviceResponse(scope: LuaScope): LuaModule {
  const answer = () => scope.run('header_filter', 'body_filter', 'log').exchange.response
  /** Of an answer of the gateway's own there is nothing from a service. */
  const received = () => {
    const response = answer()
    return response.source === 'service' ? response : undefined
  }
  return {
    members: {
      get_status: () => answer().serviceStatus,
      get_header: (name) => received()?.headers.get(stringIn(name, 'name')),
      get_headers: () => headerMap(received()?.headers.list ?? []),
      get_raw_body: () => responseBody(scope.run('header_filter', 'body_filter', 'log')),
      get_body: () =>
        parsedBody(
          responseBody(scope.run('header_filter', 'body_filter', 'log')),
          answer().headers.get('content-type'),
        ),
    },
  }
}
