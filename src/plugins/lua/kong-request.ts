import { fromByteString, toByteString } from '../../lib/byte-string.ts'
import type { ClientSide } from '../../pdk/exchange.ts'
import {
  type LuaData,
  type LuaModule,
  type LuaNative,
  luaArray,
  type Several,
} from '../../pdk/lua-engine.ts'
import { limitIn, stringIn } from './arguments.ts'
import { requestBody } from './bodies.ts'
import { parsedBody } from './body-parsing.ts'
import { argumentTable, headerFolded, headerTable } from './header-reading.ts'
import { BEFORE_CONTENT, REQUEST } from './phases.ts'
import { decodeArgs } from './query.ts'
import type { LuaScope } from './scope.ts'

type Read = (request: ClientSide, ...args: Parameters<LuaNative>) => ReturnType<LuaNative>

/** What is read of a request alone. */
const READS: Readonly<Record<string, Read>> = {
  get_scheme: ({ scheme }) => scheme,
  get_host: ({ host }) => host,
  get_forwarded_scheme: ({ forwardedScheme }) => forwardedScheme,
  get_forwarded_host: ({ forwardedHost }) => forwardedHost,
  get_forwarded_port: ({ forwardedPort }) => forwardedPort,
  // Kong: of the request itself it is the path as it is routed by.
  get_forwarded_path: ({ forwardedPath, rawPath, path }) =>
    forwardedPath === rawPath ? path : forwardedPath,
  get_forwarded_prefix: ({ forwardedPrefix }) => forwardedPrefix,
  get_http_version: ({ httpVersion }) => Number(httpVersion),
  get_path: ({ path }) => path,
  get_raw_path: ({ rawPath }) => rawPath,
  get_path_with_query: ({ rawTarget }) => rawTarget,
  get_raw_query: ({ rawQuery }) => rawQuery,
  get_query_arg: (request, name) => {
    const [value] = request.queryArg(fromByteString(stringIn(name, 'query argument name')))
    return typeof value === 'string' ? toByteString(value) : value
  },
  get_query: (request, most) => queryTable(request, limitIn(most, 'max_args')),
  get_header: ({ headers }, name) => headerFolded(headers, stringIn(name, 'header name')),
  get_headers: ({ headers }, most) => headerTable(headers.list, most),
  get_uri_captures: capturesOf,
}

/** `kong.request`. */
export function kongRequest(scope: LuaScope): LuaModule {
  const reads = Object.entries(READS).map(([name, read]) => {
    const native: LuaNative = (...args) => read(scope.run(...REQUEST).exchange.request, ...args)
    return [name, native] as const
  })
  return {
    members: {
      ...Object.fromEntries(reads),
      get_port: () => scope.run().exchange.request.port,
      // Kong: what a plugin made of it.
      get_method: () => scope.run(...REQUEST).exchange.upstream.method,
      get_start_time: () => scope.run(...REQUEST).exchange.startedAt,
      get_raw_body: () => requestBody(scope.run(...BEFORE_CONTENT)),
      get_body: (said, most) => {
        const run = scope.run(...BEFORE_CONTENT)
        const header = run.exchange.request.headers.get('content-type')
        return parsedBody(() => requestBody(run), { said, header, most })
      },
    },
  }
}

/** What the route's path captured, the whole match under 0, which JSON does not tell. */
function capturesOf({ captures: { numbered, named } }: ClientSide): LuaData {
  const unnamed = new Map(numbered.map((one, i) => [i, one ?? false] as const))
  const byName = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return new Map<string, LuaData>([
    ['unnamed', unnamed.size === 0 ? unnamed : luaArray(unnamed)],
    ['named', new Map(byName)],
  ])
}

/** The request's arguments: as many as a caller asks for, else as many as plugins see. */
export function queryTable(request: ClientSide, most: number | undefined): LuaData | Several {
  return argumentTable(decodeArgs(request.rawQuery), most ?? request.queryArgs().length)
}

/** Those that plugins see, as bytes. */
export function queryPairs(request: ClientSide): [string, string | true][] {
  return request
    .queryArgs()
    .map(([name, value]) => [toByteString(name), value === true ? true : toByteString(value)])
}
