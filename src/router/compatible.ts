import { lazyRouteRegex, type RouteRegex } from '../lib/regex.ts'
import { toByteString } from './byte-string.ts'
import { type Conditions, conditionsOf, given } from './conditions.ts'
import { type Entry, type Probe, textOf } from './entry.ts'
import {
  ANY_HOST,
  type HostIndexBuilder,
  hostIndexBuilder,
  readHost,
  splitPort,
} from './host-index.ts'
import { type Part, partsOf } from './priority.ts'
import type { BuildRouter, Match, RouteRule, RouterRequest } from './router.ts'

const SERVED = new Set(['http', 'https', 'grpc', 'grpcs'])

/** The rank of a route that asks for one thing. */
const LEAST_RANK = 1024

/**
 * Kong's `traditional_compatible` flavour: each part of a route has a number for its priority, and the
 * highest that fits wins. Entries are found by host first; each host that fits (the exact one,
 * wildcards, none) gives its best by rank and path, and the best of those wins.
 */
export const buildCompatibleRouter: BuildRouter = (routes) => {
  type R = (typeof routes)[number]
  const served = routes.filter((route) => route.protocols.some((name) => SERVED.has(name)))
  const builder = hostIndexBuilder<R>()
  for (const route of served) addRoute(builder, route)
  const index = builder.build()

  return {
    size: served.length,
    match(request) {
      const probe = probeOf(request)
      const entry = index.find(probe)
      return entry?.regexes === undefined ? entry : matchRegex(entry, entry.regexes, probe)
    },
  }
}

function addRoute<R extends RouteRule>(builder: HostIndexBuilder<R>, route: R): void {
  const conditions = conditionsOf(route)
  const hosts = given(route.hosts)?.map(readHost) ?? [ANY_HOST]
  for (const part of partsOf(route)) {
    // A route that asks for nothing, which validation refuses, must not catch everything.
    if (part.rank < LEAST_RANK) continue
    for (const host of hosts) {
      for (const entry of entriesOf(part, host.port, conditions)) builder.add(host, entry)
    }
  }
}

function entriesOf<R extends RouteRule>(
  part: Part<R>,
  port: number,
  conditions: Conditions | undefined,
): Entry<R>[] {
  const { route, rank, number, paths } = part
  const regexes = part.isRegex ? regexesOf(route, paths) : undefined
  const prefixes = part.isRegex || paths.length === 0 ? [undefined] : paths
  return prefixes.map((prefix) => {
    return {
      route,
      prefix,
      captures: undefined,
      rank,
      port,
      conditions,
      regexes,
      number,
      id: undefined,
    }
  })
}

// By the list the regexes came from, so that a new router finds those of unchanged routes compiled.
const compiled = new WeakMap<readonly string[], readonly RouteRegex[]>()

function regexesOf(route: RouteRule, sources: readonly string[]): readonly RouteRegex[] {
  const key = route.paths ?? sources
  const known = compiled.get(key)
  if (known !== undefined) return known
  const regexes = sources.map((source) => lazyRouteRegex(source))
  compiled.set(key, regexes)
  return regexes
}

function probeOf(request: RouterRequest): Probe {
  const { name, port } = splitPort(request.host, request.port)
  return { request, path: request.path, host: name, port, text: undefined }
}

/** The first of the part's regexes that matches tells prefix and captures. */
function matchRegex<R>(
  entry: Entry<R>,
  regexes: readonly RouteRegex[],
  probe: Probe,
): Match<R> | undefined {
  for (const regex of regexes) {
    const captures = regex.exec(textOf(probe))
    if (captures === undefined) continue
    return { route: entry.route, prefix: toByteString(captures.numbered[0] ?? ''), captures }
  }
  return undefined
}
