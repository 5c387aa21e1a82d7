import { withoutArg } from '../../lib/query-arg.ts'
import type { Kit } from '../../pdk/kit.ts'
import {
  LuaFault,
  type LuaModule,
  type LuaValue,
  luaHeaders,
  several,
} from '../../pdk/lua-engine.ts'
import { escapePath } from '../../router/path.ts'
import { limitIn, stringIn, tableIn } from './arguments.ts'
import { responseBody, setRequestBody } from './bodies.ts'
import { parsedBody } from './body-parsing.ts'
import { setBody } from './body-writing.ts'
import { headerFolded, headerTable } from './header-reading.ts'
import { headerName, headersIn, headerValues } from './header-writing.ts'
import { kongConnection } from './kong-connection.ts'
import { RECEIVED, REWRITING, SENDING } from './phases.ts'
import { orderedArgs, safeQuery } from './query.ts'
import type { LuaScope } from './scope.ts'

/** Those that Kong's function takes, in upper case alone. */
const METHODS = new Set([
  ...['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'],
  ...['MKCOL', 'COPY', 'MOVE', 'PROPFIND', 'PROPPATCH', 'LOCK', 'UNLOCK'],
])

/** `kong.service`. */
export function kongService(scope: LuaScope, kit: Pick<Kit, 'entities' | 'runtime'>): LuaModule {
  return {
    members: {
      ...kongConnection(scope, kit),
      request: serviceRequest(scope, kit.runtime),
      response: serviceResponse(scope),
    },
  }
}

function serviceRequest(scope: LuaScope, { random }: Kit['runtime']): LuaModule {
  return {
    members: {
      ...headerMembers(scope),
      enable_buffering: () => {
        scope.run(...SENDING)
        return undefined
      },
      set_scheme: (value) => {
        const { phase, exchange } = scope.run(...SENDING)
        const scheme = stringIn(value, 'scheme')
        if (scheme !== 'http' && scheme !== 'https') throw new LuaFault(`invalid scheme: ${scheme}`)
        // Kong: the route says it anew, as it says the path.
        if (phase !== 'rewrite') exchange.upstream.setConnection({ scheme })
        return undefined
      },
      set_path: (path) => {
        const { phase, exchange } = scope.run(...SENDING)
        const text = stringIn(path, 'path')
        if (!text.startsWith('/')) throw new LuaFault('path must start with /')
        if (phase !== 'rewrite') exchange.upstream.path = escapePath(text)
        return undefined
      },
      ...queryMembers(scope),
      set_method: (method) => {
        const side = scope.run(...REWRITING).exchange.upstream
        const name = stringIn(method, 'method')
        if (!METHODS.has(name)) throw new LuaFault(`invalid method: ${name}`)
        side.method = name
        return undefined
      },
      set_raw_body: (body) => {
        setRequestBody(scope.run(...SENDING), stringIn(body, 'body'))
        return undefined
      },
      set_body: setBody(scope, random),
    },
  }
}

/** What changes the query that goes to the service. */
function queryMembers(scope: LuaScope): LuaModule['members'] {
  const upstream = () => scope.run(...REWRITING).exchange.upstream
  return {
    set_raw_query: (query) => {
      upstream().rawQuery = safeQuery(stringIn(query, 'query'))
      return undefined
    },
    set_query: (args) => {
      upstream().rawQuery = orderedArgs(tableIn(args, 'args'))
      return undefined
    },
    clear_query_arg: (name) => {
      const side = upstream()
      side.rawQuery = withoutArg(side.rawQuery, stringIn(name, 'query argument name'))
      return undefined
    },
  }
}

/** What changes the headers that go to the service. */
function headerMembers(scope: LuaScope): LuaModule['members'] {
  return {
    set_header: (name, value) => {
      const side = scope.run(...SENDING).exchange.upstream
      if (isAuthority(name)) return several(undefined, NO_AUTHORITY)
      const header = headerName(name)
      side.headers.set(header, headerValues(header, value))
      return undefined
    },
    add_header: (name, value) => {
      const side = scope.run(...REWRITING).exchange.upstream
      const header = headerName(name)
      const values = headerValues(header, value)
      // Kong: of Host there is one, the last.
      if (header.toLowerCase() === 'host') side.headers.set(header, values.slice(-1))
      else for (const one of values) side.headers.add(header, one)
      return undefined
    },
    clear_header: (name) => {
      const side = scope.run(...REWRITING).exchange.upstream
      side.headers.delete(stringIn(name, 'header'))
      return undefined
    },
    set_headers: (headers) => {
      const side = scope.run(...REWRITING).exchange.upstream
      for (const [name, values] of headersIn(headers)) side.headers.set(name, values)
      return undefined
    },
  }
}

function isAuthority(name: LuaValue): boolean {
  return typeof name === 'string' && name.toLowerCase() === ':authority'
}

const NO_AUTHORITY = 'cannot set :authority pseudo-header on non-grpc requests'

function serviceResponse(scope: LuaScope): LuaModule {
  const answer = () => scope.run(...RECEIVED).exchange.response
  /** Of an answer of the gateway's own there is nothing from a service. */
  const received = () => {
    const response = answer()
    return response.source === 'service' ? response : undefined
  }
  return {
    members: {
      get_status: () => answer().serviceStatus,
      get_header: (name) => {
        const response = received()
        const text = stringIn(name, 'name')
        return response && headerFolded(response.headers, text)
      },
      get_headers: (most) => {
        const response = received()
        limitIn(most, 'max_headers')
        return response === undefined
          ? luaHeaders(new Map())
          : headerTable(response.headers.list, most)
      },
      get_raw_body: () => responseBody(scope.run(...RECEIVED)),
      get_body: (said, most) => {
        const run = scope.run(...RECEIVED)
        const header = run.exchange.response.headers.get('content-type')
        return parsedBody(() => responseBody(run), { said, header, most })
      },
    },
  }
}
