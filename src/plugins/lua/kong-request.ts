import { fromByteString, toByteString } from '../../lib/byte-string.ts'
import type { LuaData, LuaModule, LuaNative } from '../../pdk/lua-engine.ts'
import { stringIn } from './arguments.ts'
import { parsedBody, requestBody } from './bodies.ts'
import { headerMap, multiMap } from './plain.ts'
import type { LuaRun, LuaScope } from './scope.ts'

/** `kong.request`. */
export function kongRequest(scope: LuaScope): LuaModule {
  const of = (read: (run: LuaRun, ...args: Parameters<LuaNative>) => ReturnType<LuaNative>) => {
    const native: LuaNative = (...args) => read(scope.run(), ...args)
    return native
  }
  return {
    members: {
      get_scheme: of(({ exchange: { request } }) => request.scheme),
      get_host: of(({ exchange: { request } }) => request.host),
      get_port: of(({ exchange: { request } }) => request.port),
      get_forwarded_scheme: of(({ exchange: { request } }) => request.forwardedScheme),
      get_forwarded_host: of(({ exchange: { request } }) => request.forwardedHost),
      get_forwarded_port: of(({ exchange: { request } }) => request.forwardedPort),
      get_forwarded_path: of(({ exchange: { request } }) => request.forwardedPath),
      get_forwarded_prefix: of(({ exchange: { request } }) =>
        request.headers.get('x-forwarded-prefix'),
      ),
      get_http_version: of(({ exchange: { request } }) => Number(request.httpVersion)),
      get_method: of(({ exchange: { request } }) => request.method),
      get_path: of(({ exchange: { request } }) => request.path),
      get_raw_path: of(({ exchange: { request } }) => request.rawPath),
      get_path_with_query: of(({ exchange: { request } }) =>
        request.rawQuery === '' ? request.path : `${request.path}?${request.rawQuery}`,
      ),
      get_raw_query: of(({ exchange: { request } }) => request.rawQuery),
      get_query_arg: of(({ exchange: { request } }, name) => {
        const [value] = request.queryArg(fromByteString(stringIn(name, 'query argument name')))
        return typeof value === 'string' ? toByteString(value) : value
      }),
      get_query: of((run) => multiMap(queryPairs(run))),
      get_header: of(({ exchange: { request } }, name) =>
        request.headers.get(stringIn(name, 'header name')),
      ),
      get_headers: of(({ exchange: { request } }) => headerMap(request.headers.list)),
      get_uri_captures: of(({ exchange: { request } }) => {
        const { numbered, named } = request.captures
        const unnamed = numbered.slice(1).map((one) => one ?? false)
        const byName = Object.entries(named).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value] as const],
        )
        return new Map<string, LuaData>([
          ['unnamed', unnamed],
          ['named', new Map(byName)],
        ])
      }),
      get_raw_body: of((run) => requestBody(run)),
      get_body: of((run) =>
        parsedBody(requestBody(run), run.exchange.request.headers.get('content-type')),
      ),
      get_start_time: of(({ exchange }) => exchange.startedAt),
    },
  }
}

/** The request's arguments, as bytes. */
export function queryPairs({ exchange: { request } }: LuaRun): [string, string | true][] {
  return request
    .queryArgs()
    .map(([name, value]) => [toByteString(name), value === true ? true : toByteString(value)])
}
