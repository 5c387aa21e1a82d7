import { route as routeEntity } from '../entities/route.ts'
import { fromByteString } from '../lib/byte-string.ts'
import type { Plugin } from '../pdk/plugin.ts'
import type { ClientRequest } from '../ports/server.ts'
import type { Match, RouterRequest } from '../router/router.ts'
import { rowOf } from '../schema/entity.ts'
import type { Settings } from '../settings/settings.ts'
import { type CompiledRoute, type CompiledService, compileRoute } from '../snapshot/compiled.ts'
import { isEnabled } from '../snapshot/routing.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { type ExplainedPlugin, explainPlugins } from './explain-plugins.ts'
import { advantageOf } from './explain-rank.ts'
import { explainRoutes } from './explain-route.ts'
import { type ExplainedTarget, explainTarget, type Lookout } from './explain-target.ts'
import { lostText, missedText } from './explain-words.ts'
import { createTrust, type Origin, originOf } from './forwarded.ts'
import { askedOf, upstreamTarget } from './plan.ts'
import { refuseProtocol } from './protocol.ts'
import { type RequestParts, readRequest } from './read-request.ts'

/** What explaining looks at. */
export interface ExplainSources {
  readonly store: EntityStore
  readonly snapshot: () => Snapshot
  readonly balancers: Lookout
  readonly settings: Settings
  /** The plugins that are loaded. */
  readonly plugins: readonly Plugin[]
}

/** A route or a service, by what people know it by. */
export interface Named {
  readonly id: string
  readonly name: string | null
}

/** A route, and what became of it. */
export interface ExplainedRoute {
  readonly route: Named
  readonly result: 'won' | 'lost' | 'no match'
  /** What of the request it did not take; absent for one that matches. */
  readonly failed?: string
  readonly reason: string
}

/** What would become of a request, with names as on the wire. */
export interface Explanation {
  readonly request: {
    readonly method: string
    readonly scheme: string
    readonly host: string
    readonly port: number
    readonly path: string
    readonly query: string
    readonly sni: string | null
    readonly ip: string
  }
  readonly router_flavor: string
  readonly route: (Named & { readonly matched_path: string | null }) | null
  readonly service: Named | null
  readonly candidates: readonly ExplainedRoute[]
  /** How many more there are, farther from a match. */
  readonly candidates_left_out: number
  /** What we answer ourselves; null when it goes on to an upstream. */
  readonly refused: { readonly status: number; readonly message: string | null } | null
  readonly upstream_request: {
    readonly scheme: string
    readonly method: string
    readonly path: string
    /** Null when there is nobody to send it to. */
    readonly host: string | null
  } | null
  readonly plugins: readonly ExplainedPlugin[]
  readonly target: ExplainedTarget | null
}

type Refused = NonNullable<Explanation['refused']>

const MOST_CANDIDATES = 50
const BAD_REQUEST = { status: 400, message: 'Bad request' }
const NOT_ALLOWED = { status: 405, message: 'Method not allowed' }
const NO_ROUTE = { status: 404, message: 'no Route matched with those values' }
const NO_SERVICE = { status: 503, message: 'no Service found with those values' }
const NO_PEER = { status: 503, message: 'failure to get a peer from the ring-balancer' }

/** Says what would become of a request. None is sent, nobody's turn is taken. */
export function explain(sources: ExplainSources, request: ClientRequest): Explanation {
  const { snapshot, settings } = sources
  const shown = bare(request, settings)
  if (request.method === 'TRACE' || request.method === 'CONNECT') return refused(shown, NOT_ALLOWED)
  const read = readRequest(request)
  if (read === undefined) return refused(shown, BAD_REQUEST)

  const now = snapshot()
  const origin = originSeen(request, read, settings)
  const asked = askedOf(request, { read, origin }, settings)
  const candidates = candidatesOf(sources, now, asked)
  const routed = {
    ...shown,
    request: { ...shown.request, ...partsOf(read) },
    candidates: candidates.shown.slice(0, MOST_CANDIDATES),
    candidates_left_out: Math.max(0, candidates.shown.length - MOST_CANDIDATES),
  }
  const { match } = candidates
  if (match === undefined) return refused(routed, NO_ROUTE)
  return explainMatch(sources, routed, {
    request,
    read,
    origin,
    match,
    service: now.serviceOf(match.route),
  })
}

function originSeen(request: ClientRequest, read: RequestParts, settings: Settings): Origin {
  const trust = { trusts: createTrust(settings.trustedIps), settings }
  return originOf(request, read, trust)
}

interface Candidates {
  readonly match: Match<CompiledRoute> | undefined
  readonly shown: readonly ExplainedRoute[]
}

/** All routes, those the router leaves out too. */
function candidatesOf(
  { store, settings: { routerFlavor: flavor, matchCalculation: calculation } }: ExplainSources,
  { router }: Snapshot,
  asked: RouterRequest,
): Candidates {
  const all = store.all('routes').map((row) => compileRoute(rowOf(routeEntity, row), flavor))
  const isServed = ({ serviceId }: CompiledRoute) =>
    serviceId === undefined || isEnabled(store.get('services', serviceId))
  const routes = all.filter(isServed)
  const { matches, missed } = explainRoutes({ flavor, router, routes, request: asked })
  const [match] = matches
  const ranking = { flavor, calculation }
  const shown = [
    ...matches.map((one): ExplainedRoute => {
      const route = namedOf(one.route)
      if (one === match || match === undefined) {
        return { route, result: 'won', reason: wonText(matches.length) }
      }
      return { route, result: 'lost', reason: lostText(advantageOf(ranking, match, one)) }
    }),
    ...missed.map((one) => missedRoute(one.route, one.failed, missedText(one, asked))),
    ...all
      .filter((route) => !isServed(route))
      .map((route) => missedRoute(route, 'service', 'its service is disabled')),
  ]
  return { match, shown }
}

function wonText(count: number): string {
  return count === 1 ? 'the only one that matches' : `the first of ${count} that match`
}

function missedRoute(route: CompiledRoute, failed: string, reason: string): ExplainedRoute {
  return { route: namedOf(route), result: 'no match', failed, reason }
}

interface Routed {
  readonly request: ClientRequest
  readonly read: RequestParts
  readonly origin: Origin
  readonly match: Match<CompiledRoute>
  readonly service: CompiledService | undefined
}

function explainMatch(sources: ExplainSources, shown: Explanation, routed: Routed): Explanation {
  const { request, read, origin, match, service } = routed
  const { route, prefix } = match
  const matched: Explanation = {
    ...shown,
    route: {
      ...namedOf(route),
      matched_path: prefix === undefined ? null : fromByteString(prefix),
    },
    service: service === undefined ? null : namedOf(service),
  }
  const refusal = refuseProtocol(request, route, origin)
  if (refusal !== undefined) {
    return refused(matched, { status: refusal.status, message: refusal.message ?? null })
  }
  if (service === undefined) return refused(matched, NO_SERVICE)

  const asked = { read, origin, match }
  const found = explainTarget(sources.balancers, service, { request, asked })
  const sent: Explanation = {
    ...matched,
    plugins: explainPlugins(sources, {
      routeId: route.id,
      serviceId: service.id,
    }),
    upstream_request: {
      scheme: service.scheme,
      method: request.method,
      path: upstreamTarget(match, service, read),
      host: route.preserveHost && read.host !== '' ? read.host : found.host,
    },
    target: found.shown,
  }
  return found.nobody ? refused(sent, NO_PEER) : sent
}

function refused(shown: Explanation, refusal: Refused): Explanation {
  return { ...shown, refused: refusal }
}

function namedOf({ id, name }: Named): Named {
  return { id, name }
}

/** What is known before anything is read. */
function bare(request: ClientRequest, { routerFlavor }: Settings): Explanation {
  const { method, scheme, localPort: port, sni, ip, target: path } = request
  return {
    request: { method, scheme, host: '', port, path, query: '', sni: sni ?? null, ip },
    router_flavor: routerFlavor,
    route: null,
    service: null,
    candidates: [],
    candidates_left_out: 0,
    refused: null,
    upstream_request: null,
    plugins: [],
    target: null,
  }
}

function partsOf({ host, target }: RequestParts) {
  const { path, query } = target
  return { host, path: fromByteString(path), query: fromByteString(query) }
}
