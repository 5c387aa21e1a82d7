import { LuaFault, type LuaModule } from '../../pdk/lua-engine.ts'
import { escapePath } from '../../router/path.ts'
import { headerName, headerValues, isTable, stringIn } from './arguments.ts'
import { requestBody, setRequestBody } from './bodies.ts'
import { queryPairs } from './kong-request.ts'
import { headerMap, multiMap } from './plain.ts'
import { decodeArgs, encodeArgs, safeQuery } from './query.ts'
import type { LuaScope } from './scope.ts'

/** `ngx.req`. */
export function ngxReq(scope: LuaScope): LuaModule {
  const request = () => scope.run().exchange.request
  const upstream = () => scope.run('rewrite', 'access').exchange.upstream
  return {
    members: {
      get_method: () => request().method,
      get_headers: () => headerMap(request().headers.list),
      get_uri_args: () => multiMap(queryPairs(scope.run())),
      get_body_data: () => {
        const body = requestBody(scope.run())
        return body === '' ? undefined : body
      },
      get_post_args: () => {
        const body = requestBody(scope.run())
        return typeof body === 'string' ? multiMap(decodeArgs(body)) : body
      },
      http_version: () => Number(request().httpVersion),
      start_time: () => scope.run().exchange.startedAt / 1000,
      // It was read before, where it is to be looked at.
      read_body: () => undefined,
      set_body_data: (body) => {
        setRequestBody(scope.run('rewrite', 'access'), stringIn(body, 'body'))
        return undefined
      },
      set_header: (name, value) => {
        const header = headerName(name)
        if (value === undefined) upstream().headers.delete(header)
        else upstream().headers.set(header, headerValues(header, value))
        return undefined
      },
      clear_header: (name) => {
        upstream().headers.delete(headerName(name))
        return undefined
      },
      set_method: () => {
        throw new LuaFault('use kong.service.request.set_method')
      },
      set_uri: (path) => {
        upstream().path = escapePath(stringIn(path, 'uri'))
        return undefined
      },
      set_uri_args: (args) => {
        upstream().rawQuery = isTable(args) ? encodeArgs(args) : safeQuery(stringIn(args, 'args'))
        return undefined
      },
    },
  }
}
