import type { Balancers } from '../balancer/balancers.ts'
import { type HeaderList, headerOf } from '../lib/header-list.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Answer, ClientRequest } from '../ports/server.ts'
import type { Transport } from '../ports/transport.ts'
import { escapePath, upstreamPath } from '../router/path.ts'
import type { Match, RouterRequest } from '../router/router.ts'
import type { Settings } from '../settings/settings.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { type AnswerParts, namesOfOurs, proxiedAnswer } from './answer.ts'
import { countProxied, countRefused } from './count-traffic.ts'
import { bareAnswer, errorAnswer, type Refusal } from './error-body.ts'
import { createForward, type Delivered, type Forward } from './forward.ts'
import { createTrust, type Origin, originOf } from './forwarded.ts'
import { asksTrailers } from './headers.ts'
import type { Plan } from './outgoing.ts'
import { type OwnHeaders, ownHeaders } from './own-headers.ts'
import { refuseProtocol } from './protocol.ts'
import { type RequestParts, readRequest } from './read-request.ts'
import { requestIds } from './request-id.ts'
import type { TrafficCounts } from './traffic-counts.ts'
import { upstreamHeaders } from './upstream-request.ts'

/** What proxying needs. */
export interface ProxyOptions {
  readonly snapshot: () => Snapshot
  readonly balancers: Balancers
  readonly transport: Transport
  readonly runtime: Runtime
  readonly settings: Settings
  /** Where what passes is counted; nowhere when absent. */
  readonly counts?: TrafficCounts
}

/** All that is the same for every request. */
interface Proxy {
  readonly options: ProxyOptions
  readonly own: OwnHeaders
  readonly ours: ReadonlySet<string>
  readonly trusts: (ip: string) => boolean
  readonly forward: Forward
}

/** One request on its way. */
interface Exchange {
  readonly request: ClientRequest
  readonly id: string
  readonly startedAt: number
  /** As soon as they are found. */
  route: CompiledRoute | undefined
  service: CompiledService | undefined
}

const BAD_REQUEST: Refusal = { status: 400, fromServer: true }
const NOT_ALLOWED: Refusal = { status: 405, fromServer: true }
const BROKEN: Refusal = { status: 500, fromServer: true }
const BAD_ANSWER: Refusal = { status: 502, fromServer: true }
const NO_ROUTE: Refusal = { status: 404, message: 'no Route matched with those values' }
const NO_SERVICE: Refusal = { status: 503, message: 'no Service found with those values' }

/** Makes the way of a request: read, route, check, forward, answer. Never rejects. */
export function createProxy(options: ProxyOptions): (request: ClientRequest) => Promise<Answer> {
  const { runtime, settings, counts } = options
  const own = ownHeaders(settings)
  const proxy: Proxy = {
    options,
    own,
    ours: namesOfOurs(own),
    trusts: createTrust(settings.trustedIps),
    forward: createForward(options),
  }
  const newId = requestIds(runtime)

  return async (request) => {
    const exchange: Exchange = {
      request,
      id: newId(),
      startedAt: runtime.now(),
      route: undefined,
      service: undefined,
    }
    counts?.arrived()
    try {
      return await serve(proxy, exchange)
    } catch (error) {
      runtime.log('error', 'Cannot serve a request', { error, requestId: exchange.id })
      return refuse(proxy, exchange, BROKEN)
    }
  }
}

async function serve(proxy: Proxy, exchange: Exchange): Promise<Answer> {
  const { request } = exchange
  if (request.method === 'TRACE' || request.method === 'CONNECT') {
    return refuse(proxy, exchange, NOT_ALLOWED)
  }
  const read = readRequest(request)
  if (read === undefined) return refuse(proxy, exchange, BAD_REQUEST)

  const snapshot = proxy.options.snapshot()
  const match = snapshot.router.match(askedOf(request, read))
  if (match === undefined) return refuse(proxy, exchange, NO_ROUTE)
  exchange.route = match.route
  const service = snapshot.serviceOf(match.route)
  exchange.service = service

  const { rawPath } = read.target
  const trust = { trusts: proxy.trusts, settings: proxy.options.settings }
  const origin = originOf(request, { client: read.client, host: read.host, rawPath }, trust)
  const refusal = refuseProtocol(request, match.route, origin)
  if (refusal !== undefined) return refuse(proxy, exchange, refusal)

  if (service === undefined) return refuse(proxy, exchange, NO_SERVICE)

  const routed = { match, service, origin, read }
  const result = await proxy.forward(planOf(proxy, exchange, routed))
  if (!result.ok) return refuse(proxy, exchange, result)
  return answer(proxy, exchange, { routed, delivered: result })
}

/** Written out: a spread here costs more than the match. */
export function askedOf(request: ClientRequest, { host, target }: RequestParts): RouterRequest {
  const { method, localPort: port, headers, scheme, sni, ip: sourceIp, port: sourcePort } = request
  const { path, query } = target
  return sni === undefined
    ? { method, host, port, path, query, headers, scheme, sourceIp, sourcePort }
    : { method, host, port, path, query, headers, scheme, sni, sourceIp, sourcePort }
}

interface Routed {
  readonly match: Match<CompiledRoute>
  readonly service: CompiledService
  readonly origin: Origin
  readonly read: RequestParts
}

function planOf(proxy: Proxy, { request, id }: Exchange, routed: Routed): Plan {
  const { service, read, origin } = routed
  const { route, prefix } = routed.match
  const headers = upstreamHeaders({
    request,
    client: read.client,
    origin,
    strippedPrefix: route.stripPath ? prefix : undefined,
    requestId: proxy.own.upstreamRequestId ? id : undefined,
  })
  return {
    request,
    asked: routed,
    service,
    target: upstreamTarget(routed.match, service, read),
    headers,
    preservedHost: route.preserveHost && read.host !== '' ? read.host : undefined,
    buffering: route.requestBuffering,
  }
}

/** The path and query that the upstream is asked for. */
export function upstreamTarget(
  { route, prefix }: Match<CompiledRoute>,
  service: CompiledService,
  { target }: RequestParts,
): string {
  const path = upstreamPath({
    servicePath: service.path,
    requestPath: target.path,
    matchedPrefix: prefix,
    stripPath: route.stripPath,
    pathHandling: route.pathHandling,
  })
  return escapePath(path) + target.query
}

function answer(
  proxy: Proxy,
  exchange: Exchange,
  { routed, delivered }: { readonly routed: Routed; readonly delivered: Delivered },
): Answer {
  const { service, read } = routed
  const { request, id, startedAt } = exchange
  const { incoming, sentAt, cookie, release } = delivered
  if (!isSoundStatus(incoming.status, incoming.tunnel !== undefined && request.upgrade)) {
    release()
    discard(incoming.body)
    return refuse(proxy, exchange, BAD_ANSWER)
  }
  const parts: AnswerParts = {
    incoming,
    own: proxy.own,
    ours: proxy.ours,
    requestId: id,
    trailers: asksTrailers(read.client.te),
    head: request.method === 'HEAD',
    grpc: service.grpc,
    proxyLatency: elapsed(startedAt, sentAt),
    upstreamLatency: elapsed(sentAt, proxy.options.runtime.now()),
    debug: debugHeaders(proxy, exchange),
    cookie,
    finished: release,
  }
  try {
    return counted(proxy, exchange, parts)
  } catch (error) {
    release()
    discard(incoming.body)
    throw error
  }
}

/** A 101 that was not asked for, or any other interim status, is no answer. */
function isSoundStatus(status: number, tunnelled: boolean): boolean {
  return status >= 200 ? status <= 999 : status === 101 && tunnelled
}

function discard(body: Delivered['incoming']['body']): void {
  if (body === undefined || body instanceof Uint8Array) return
  // The answer is lost anyway; that it cannot even be dropped concerns nobody.
  void body[Symbol.asyncIterator]()
    .return?.()
    .catch(() => {})
}

function elapsed(from: number, to: number): number {
  return Math.max(0, Math.floor(to - from))
}

function counted({ options }: Proxy, exchange: Exchange, parts: AnswerParts): Answer {
  const { counts, runtime } = options
  const made = proxiedAnswer(parts)
  if (counts === undefined) return made
  const { proxyLatency: kong, upstreamLatency: upstream } = parts
  return countProxied(made, exchange, { counts, now: runtime.now, kong, upstream })
}

/** Kong: only with `allow_debug_header`, and only for a client that asks; refusals bear them too. */
function debugHeaders(
  { options }: Proxy,
  { request, route, service }: Exchange,
): HeaderList | undefined {
  if (!options.settings.allowDebugHeader || route === undefined) return undefined
  if (headerOf(request.headers, 'kong-debug') !== '1') return undefined
  const headers = ['Kong-Route-Id', route.id]
  if (route.name !== null) headers.push('Kong-Route-Name', route.name)
  if (service === undefined) return headers
  headers.push('Kong-Service-Id', service.id)
  if (service.name !== null) headers.push('Kong-Service-Name', service.name)
  return headers
}

function refuse(
  proxy: Proxy,
  exchange: Exchange,
  refusal: Refusal & { readonly bare?: true },
): Answer {
  const { request, id, startedAt } = exchange
  const { settings, runtime, counts } = proxy.options
  const latency = elapsed(startedAt, runtime.now())
  const debug = debugHeaders(proxy, exchange)
  const headers = debug === undefined ? {} : { headers: [...(refusal.headers ?? []), ...debug] }
  const error = { ...refusal, ...headers, request, requestId: id, settings, latency }
  const made = refusal.bare === true ? bareAnswer(error) : errorAnswer(error)
  if (counts !== undefined) countRefused(made, exchange, { counts, now: runtime.now })
  return made
}
