import { LuaFault, type LuaModule, type LuaNative } from '../../pdk/lua-engine.ts'
import { escapePath } from '../../router/path.ts'
import { isTable, numberIn, stringIn, textIn } from './arguments.ts'
import { requestBody, setRequestBody } from './bodies.ts'
import { argumentTable, ngxHeaders, ngxLimit } from './header-reading.ts'
import { headerName, ngxHeaderValues } from './header-writing.ts'
import { queryTable } from './kong-request.ts'
import { methodOf } from './ngx-constants.ts'
import { decodeArgs, encodeArgs, safeQuery } from './query.ts'
import type { LuaRun, LuaScope } from './scope.ts'

/** `ngx.req`. */
export function ngxReq(scope: LuaScope): LuaModule {
  const request = () => scope.run().exchange.request
  return {
    members: {
      ...ngxReqWrites(scope),
      get_method: () => scope.run().exchange.upstream.method,
      get_headers: ngxHeaders(() => request().headers.list),
      get_uri_args: (most) => queryTable(request(), most === 0 ? Infinity : ngxLimit(most)),
      get_body_data: () => {
        const body = requestBody(scope.run())
        return typeof body !== 'string' || body === '' ? undefined : body
      },
      // Bodies are in memory, or too long to be looked at.
      get_body_file: () => undefined,
      get_post_args: (most) => {
        const body = requestBody(scope.run())
        return typeof body === 'string' ? argumentTable(decodeArgs(body), ngxLimit(most)) : body
      },
      http_version: () => Number(request().httpVersion),
      start_time: () => scope.run().exchange.startedAt / 1000,
      is_internal: () => false,
      raw_header: (bare) => rawHeader(scope.run(), bare === true),
      // It was read before, where it is to be looked at.
      read_body: () => {
        scope.nginx('rewrite', 'access')
        return undefined
      },
      discard_body: () => undefined,
    },
  }
}

/** The head as it was sent, but for what plugins have made of its headers. */
function rawHeader({ exchange: { request } }: LuaRun, bare: boolean): string {
  if (request.httpVersion === '2') throw new LuaFault('http2 requests not supported yet')
  const { list } = request.headers
  const lines = Array.from(
    { length: list.length / 2 },
    (_, i) => `${list[2 * i]}: ${list[2 * i + 1]}\r\n`,
  )
  const first = `${request.method} ${request.rawTarget} HTTP/${request.httpVersion}\r\n`
  return `${bare ? '' : first}${lines.join('')}\r\n`
}

/** What changes the request that goes up. */
function ngxReqWrites(scope: LuaScope): Readonly<Record<string, LuaNative>> {
  const upstream = () => scope.nginx('rewrite', 'access').exchange.upstream
  return {
    set_body_data: (body) => {
      setRequestBody(scope.nginx('rewrite', 'access'), stringIn(body, 'body'))
      return undefined
    },
    set_header: (name, value) => {
      const header = headerName(name)
      const values = ngxHeaderValues(header, value)
      if (values === undefined) upstream().headers.delete(header)
      else upstream().headers.set(header, values)
      return undefined
    },
    clear_header: (name) => {
      upstream().headers.delete(headerName(name))
      return undefined
    },
    set_method: (number) => {
      const method = methodOf(numberIn(number, 'method'))
      if (method === undefined) throw new LuaFault(`unsupported HTTP method: ${String(number)}`)
      upstream().method = method
      return undefined
    },
    set_uri: (path) => {
      upstream().path = escapePath(stringIn(path, 'uri'))
      return undefined
    },
    set_uri_args: (args) => {
      upstream().rawQuery = isTable(args) ? encodeArgs(args) : safeQuery(textIn(args, 'args'))
      return undefined
    },
  }
}
