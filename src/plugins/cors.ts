import { toByteString } from '../lib/byte-string.ts'
import type { HeaderList } from '../lib/header-list.ts'
import { checkRouteRegex } from '../lib/route-regex.ts'
import type { ClientSide, Exchange } from '../pdk/exchange.ts'
import { exitWith } from '../pdk/exit.ts'
import { type MutableHeaders, mutableHeaders } from '../pdk/headers.ts'
import { type ConfigOf, definePlugin } from '../pdk/plugin.ts'
import { type AllowedOrigins, allowedOrigins } from './cors/allowed-origins.ts'
import { strings } from './fields/plain.ts'

const METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'PATCH',
  'POST',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
] as const

/** Answers preflights and says which origins may read the answers. */
export const cors = definePlugin(
  {
    name: 'cors',
    priority: 2000,
    unscoped: ['consumer'],
    about: {
      summary:
        'Answers browsers that ask whether they may send a request, and tells them which origins may read an answer.',
      example: { origins: ['https://app.example.com'], credentials: true, max_age: 3600 },
      notes: [
        'An origin is a literal, a regex of the whole origin, or `*`. A regex without a colon is compared with the host alone.',
        'A preflight (`OPTIONS` with `Origin` and `Access-Control-Request-Method`) is answered here with 200, unless `preflight_continue` passes it on.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        origins: { type: 'array', elements: { type: 'string', check: checkOrigin } },
        headers: strings,
        exposed_headers: strings,
        methods: {
          type: 'array',
          default: METHODS,
          elements: { type: 'string', one_of: METHODS },
        },
        max_age: { type: 'number' },
        credentials: { type: 'boolean', required: true, default: false },
        private_network: { type: 'boolean', required: true, default: false },
        preflight_continue: { type: 'boolean', required: true, default: false },
      },
    },
  },
  (config) => {
    const origins = allowedOrigins(config.origins ?? [])
    const exposed = namesIn(config.exposed_headers)
    const preflightHeaders = preparePreflight(config)
    // What most configurations come to: the same for whoever asks.
    const { credentials } = config
    const anybody = origins.kind === 'all' && !origins.told && !credentials
    return {
      access(exchange) {
        const { request } = exchange
        const origin = preflightOrigin(request)
        if (origin === undefined) return undefined
        exchange.shared.set(config, true)
        if (config.preflight_continue) return undefined
        const list: HeaderList = []
        allow(mutableHeaders(list), { origin, origins, credentials })
        preflightHeaders(list, request)
        return exitWith(200, { headers: list })
      },
      response(exchange) {
        if (wasPreflight(exchange, config)) return undefined
        const { headers } = exchange.response
        if (anybody) headers.set('Access-Control-Allow-Origin', '*')
        else allow(headers, { origin: originOf(exchange), origins, credentials })
        if (exposed !== undefined) headers.set('Access-Control-Expose-Headers', exposed)
        return undefined
      },
    }
  },
)

type Config = ConfigOf<typeof cors>

/** The origin of a preflight; undefined for any other request. */
function preflightOrigin({ method, headers }: ClientSide): string | undefined {
  if (method !== 'OPTIONS' || !headers.has('access-control-request-method')) return undefined
  return headers.get('origin')
}

function originOf({ request }: Exchange): string | undefined {
  return request.headers.get('origin')
}

/** Kong: a preflight that goes on is the upstream's to answer, and gets no header here. */
function wasPreflight({ request, shared }: Exchange, config: Config): boolean {
  return request.method === 'OPTIONS' && shared.has(config)
}

interface Allowing {
  readonly origin: string | undefined
  readonly origins: AllowedOrigins
  readonly credentials: boolean
}

/** Says who may read the answer. */
function allow(headers: MutableHeaders, { origin, origins, credentials }: Allowing): void {
  if (origins.kind === 'all' && (origin !== undefined || !origins.told)) {
    allowAll(headers, { origin, told: origins.told, credentials })
    return
  }
  headers.add('vary', 'Origin')
  const told = toldTo(origin, origins)
  if (told === undefined) headers.delete('Access-Control-Allow-Origin')
  else headers.set('Access-Control-Allow-Origin', told)
  if (credentials) headers.set('Access-Control-Allow-Credentials', 'true')
}

function toldTo(origin: string | undefined, origins: AllowedOrigins): string | undefined {
  if (origins.kind === 'one') return origins.origin
  return origins.kind === 'all' || origin === undefined ? undefined : origins.find(origin)
}

/** No browser takes a star together with credentials, so each origin is told its own name. */
function allowAll(
  headers: MutableHeaders,
  {
    origin,
    told,
    credentials,
  }: Pick<Allowing, 'origin' | 'credentials'> & { readonly told: boolean },
): void {
  const byName = credentials && origin !== undefined
  if (told || byName) headers.add('vary', 'Origin')
  headers.set('Access-Control-Allow-Origin', byName ? origin : '*')
  if (byName) headers.set('Access-Control-Allow-Credentials', 'true')
}

/** What every preflight is told, prepared. */
function preparePreflight({
  headers,
  methods,
  max_age: maxAge,
  private_network: privateNetwork,
}: Config): (list: HeaderList, request: ClientSide) => void {
  const allowed = namesIn(headers)
  const rest = ['Access-Control-Allow-Methods', (methods ?? METHODS).join(',')]
  if (typeof maxAge === 'number') rest.push('Access-Control-Max-Age', `${maxAge}`)
  return (list, request) => {
    const asked = allowed ?? request.headers.get('access-control-request-headers')
    if (asked !== undefined) list.push('Access-Control-Allow-Headers', asked)
    list.push(...rest)
    if (privateNetwork && request.headers.get(ASKS_PRIVATE) === 'true') {
      list.push('Access-Control-Allow-Private-Network', 'true')
    }
  }
}

/** Names as a header lists them; undefined for none. */
function namesIn(names: readonly string[] | null): string | undefined {
  return names === null || names.length === 0 ? undefined : toByteString(names.join(','))
}

const ASKS_PRIVATE = 'access-control-request-private-network'

/** An origin is a regex, of which a plain text is one, or the star for all. */
function checkOrigin(origin: string): string | undefined {
  return origin === '*' || checkRouteRegex(origin) === undefined
    ? undefined
    : `'${origin}' is not a valid regex`
}
