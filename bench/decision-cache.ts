// What Kong keeps in front of its router: the last decisions by all that was looked at. Measured here,
// and not in the gateway, for it does not pay (docs/routing.md has the figures).
import type { RouteRule, Router, RouterRequest } from '../src/router/router.ts'

const MOST = 5000

type Decision = ReturnType<Router<RouteRule>['match']>

/** A router that remembers what it found, and what it did not. */
export function remembering(
  router: Router<RouteRule>,
  headers: readonly string[] = [],
): Router<RouteRule> {
  const found = new Map<string, Decision>()
  const missed = new Map<string, Decision>()
  return {
    ...router,
    match(request) {
      const key = keyOf(request, headers)
      if (missed.has(key)) return undefined
      const known = found.get(key)
      if (known !== undefined) {
        // The order of a Map is that of its insertions, so this makes it the most recent.
        found.delete(key)
        found.set(key, known)
        return known
      }
      const decision = router.match(request)
      keep(decision === undefined ? missed : found, key, decision)
      return decision
    },
  }
}

function keep(cache: Map<string, Decision>, key: string, decision: Decision): void {
  cache.set(key, decision)
  if (cache.size <= MOST) return
  for (const oldest of cache.keys()) {
    cache.delete(oldest)
    break
  }
}

function keyOf(request: RouterRequest, headers: readonly string[]): string {
  const { method, host, path, scheme, sni = '' } = request
  let key = `${method}|${scheme}|${sni}|${host}|${path}`
  for (const name of headers) {
    for (let i = 0; i < request.headers.length; i += 2) {
      if (request.headers[i]?.toLowerCase() === name) key += `|${name}=${request.headers[i + 1]}`
    }
  }
  return key
}
