import type { RouterFlavor } from '../lib/router-flavor.ts'
import type { Match, RouteRule, Router, RouterRequest } from '../router/router.ts'
import { CHECKS, type Check, firstFailed, subjectOf } from './explain-checks.ts'

/** Why a route is no match: by its kind it may serve no HTTP requests, or ask for nothing at all. */
export type Failed = Check | 'expression' | 'kind' | 'nothing'

/** A route the request did not match. */
export interface Missed<R> {
  readonly route: R
  readonly failed: Failed
}

/** All routes, seen by one request. */
export interface RouteExplanation<R> {
  /** Those that match, the winner first, each before all it would beat. */
  readonly matches: readonly Match<R>[]
  /** The others, those that came near first. */
  readonly missed: readonly Missed<R>[]
}

/** What routes are explained by. */
export interface RouteQuestion<R> {
  readonly flavor: RouterFlavor
  /** The router that serves. */
  readonly router: Router<R>
  /** All routes, those the router leaves out too. */
  readonly routes: readonly R[]
  readonly request: RouterRequest
}

/** More than so many matches are not told in order. */
const MOST_MATCHES = 100
const SERVED = new Set(['http', 'https', 'grpc', 'grpcs'])

/**
 * Asks the router that serves, then again without the winner, and so on: that is the order of those
 * that match. Of each that does not, its fields are gone through until the first that is not met.
 */
export function explainRoutes<R extends RouteRule>(
  question: RouteQuestion<R>,
): RouteExplanation<R> {
  const { flavor, routes, request } = question
  const matches = matchesOf(question)
  const subject = subjectOf(flavor, request)
  const matched = new Set(matches.map(({ route }) => route.id))
  const missed = routes.flatMap((route): Missed<R>[] => {
    if (matched.has(route.id)) return []
    if (!route.protocols.some((name) => SERVED.has(name))) return [{ route, failed: 'kind' }]
    if (typeof route.expression === 'string' && flavor === 'expressions') {
      return [{ route, failed: 'expression' }]
    }
    const failed = firstFailed(route, subject)
    if (failed !== undefined) return [{ route, failed }]
    // Else it matches, in a place too far down to be told.
    return asksNothing(route) ? [{ route, failed: 'nothing' }] : []
  })
  return { matches, missed: missed.sort((a, b) => nearness(b) - nearness(a)) }
}

function matchesOf<R extends RouteRule>({ router, request }: RouteQuestion<R>): Match<R>[] {
  const matches: Match<R>[] = []
  let left = router
  for (;;) {
    const match = left.match(request)
    if (match === undefined) return matches
    matches.push(match)
    if (matches.length === MOST_MATCHES) return matches
    left = left.with({ removed: [match.route], added: [] })
  }
}

function asksNothing({ methods, hosts, paths, headers, snis }: RouteRule): boolean {
  const lists = [methods, hosts, paths, Object.keys(headers ?? {}), snis]
  return lists.every((list) => list === null || list.length === 0)
}

/** How far it came. */
function nearness({ failed }: Missed<unknown>): number {
  if (failed === 'expression') return CHECKS.length
  return failed === 'kind' || failed === 'nothing' ? -1 : CHECKS.indexOf(failed)
}
