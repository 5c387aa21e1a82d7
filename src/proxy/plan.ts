import type { Body } from '../lib/bytes.ts'
import type { TargetOverride } from '../pdk/exchange.ts'
import type { ClientRequest } from '../ports/server.ts'
import { escapePath, upstreamPath } from '../router/path.ts'
import type { Match, RouterRequest } from '../router/router.ts'
import { seenPort } from '../settings/port-maps.ts'
import type { Settings } from '../settings/settings.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import { type Origin, strippedPrefix } from './forwarded.ts'
import type { LiveExchange } from './live-exchange.ts'
import type { Plan } from './outgoing.ts'
import type { Passing } from './passing.ts'
import type { Proxying } from './proxying.ts'
import type { RequestParts } from './read-request.ts'
import { upstreamHeaders } from './upstream-request.ts'
import type { LiveUpstreamSide } from './upstream-side.ts'

/** A request whose route is known. */
export interface Routed {
  readonly match: Match<CompiledRoute>
  /** Undefined where a plugin said where to go instead. */
  readonly service: CompiledService | undefined
  readonly origin: Origin
  readonly read: RequestParts
}

/** The settings routes are found by. */
type RouteSettings = Pick<Settings, 'maxQueryArgs' | 'portMaps'>

/** Written out: a spread here costs more than the match. */
export function askedOf(
  request: ClientRequest,
  { read: { host, target }, origin }: Pick<Routed, 'read' | 'origin'>,
  { portMaps, maxQueryArgs }: RouteSettings,
): RouterRequest {
  const { method, localPort, headers, scheme, sni } = request
  // Kong: the client's, where a trusted peer told it.
  const { ip: sourceIp, clientPort: sourcePort } = origin
  const port = seenPort(localPort, portMaps)
  const { path, query } = target
  const { localIp: destinationIp } = request
  return {
    method,
    host,
    port,
    path,
    query,
    maxQueryArgs,
    headers,
    scheme,
    sni,
    sourceIp,
    sourcePort,
    destinationIp,
  }
}

/** What goes up: as the route and service say, and the plugins after them. */
export function planOf(proxy: Proxying, { request, id, exchange }: Passing, routed: Routed): Plan {
  const { read, origin, match } = routed
  const { route } = match
  const service = serviceFor(routed.service, exchange?.upstream)
  const body = exchange === undefined ? undefined : bodyOf(exchange)
  const headers = upstreamHeaders({
    request,
    client: read.client,
    origin,
    body: body ?? request.body,
    strippedPrefix: strippedPrefix(match),
    requestId: proxy.own.upstreamRequestId ? id : undefined,
    grpc: service.grpc,
  })
  const preserved = route.preserveHost && read.host !== '' ? read.host : undefined
  return {
    request,
    method: exchange?.upstream.method ?? request.method,
    asked: { read, origin, match, identity: exchange?.identity },
    service,
    target: exchange === undefined ? upstreamTarget(match, service, read) : targetOf(exchange),
    headers,
    preservedHost: exchange?.upstream.host ?? preserved,
    buffering: route.requestBuffering,
    body,
    told: exchange,
  }
}

/** The body that plugins have read, set or bounded; undefined for the client's own. */
function bodyOf({ upstream, request }: LiveExchange): Body | undefined {
  return upstream.body ?? request.remaining()
}

/** What the upstream is asked for once plugins have seen the request: byte for byte, a bare `?` too. */
export function targetOf({ upstream, asked }: LiveExchange): string {
  const { query } = asked.read.target
  const { rawQuery, path } = upstream
  if (rawQuery === query.slice(1)) return path + query
  return rawQuery === '' ? path : `${path}?${rawQuery}`
}

/** The path and query that the upstream is asked for. */
export function upstreamTarget(
  match: Match<CompiledRoute>,
  service: CompiledService | undefined,
  read: RequestParts,
): string {
  return upstreamPathOf(match, service, read) + read.target.query
}

/** The path alone, percent-encoded. */
export function upstreamPathOf(
  { route, prefix }: Pick<Match<CompiledRoute>, 'route' | 'prefix'>,
  service: CompiledService | undefined,
  { target }: RequestParts,
): string {
  const path = upstreamPath({
    servicePath: service?.path ?? null,
    requestPath: target.path,
    matchedPrefix: prefix,
    stripPath: route.stripPath,
    pathHandling: route.pathHandling,
  })
  return escapePath(path)
}

/** Kong's defaults, for where a plugin sends a request whose route has no service. */
const NO_SERVICE: CompiledService = {
  id: '',
  name: null,
  scheme: 'http',
  grpc: false,
  host: '',
  port: 80,
  path: null,
  attempts: 6,
  connectTimeout: 60_000,
  writeTimeout: 60_000,
  readTimeout: 60_000,
  tlsVerify: false,
  tlsVerifyDepth: undefined,
  ca: undefined,
  clientCertificate: undefined,
}

function serviceFor(
  service: CompiledService = NO_SERVICE,
  upstream: Pick<LiveUpstreamSide, 'target' | 'connection'> | undefined,
): CompiledService {
  const there = upstream?.target === undefined ? service : serviceAt(service, upstream.target)
  return upstream?.connection === undefined ? there : { ...there, ...upstream.connection }
}

function serviceAt(service: CompiledService, target: TargetOverride): CompiledService {
  const { scheme = service.scheme, host, port, timeout, tlsVerify, grpc } = target
  return {
    ...service,
    scheme,
    host,
    port,
    grpc: grpc ?? service.grpc,
    tlsVerify: tlsVerify ?? service.tlsVerify,
    connectTimeout: timeout ?? service.connectTimeout,
    writeTimeout: timeout ?? service.writeTimeout,
    readTimeout: timeout ?? service.readTimeout,
  }
}
