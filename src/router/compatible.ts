import { fromByteString, toByteString } from './byte-string.ts'
import { type Conditions, conditionsOf, given } from './conditions.ts'
import type { Entry, Probe } from './entry.ts'
import { type Part, partsOf } from './priority.ts'
import { lazyRouteRegex, type RouteRegex } from './regex.ts'
import type { BuildRouter, Match, RouteRule, RouterRequest } from './router.ts'
import { findInTier, type HostKind, type TierBuilder, tierBuilder } from './tier.ts'

const SERVED = new Set(['http', 'https', 'grpc', 'grpcs'])

/**
 * Kong's `traditional_compatible` flavour: each part of a route has a number for its priority, and the
 * highest that fits wins. A tier for each value of the number's top bits is asked in turn; in a tier a
 * host's entries are found by the path, longest first.
 */
export const buildCompatibleRouter: BuildRouter = (routes) => {
  type R = (typeof routes)[number]
  const served = routes.filter((route) => route.protocols.some((name) => SERVED.has(name)))
  const builders = new Map<number, TierBuilder<R>>()
  for (const route of served) addRoute(builders, route)

  const tiers = [...builders.values()]
    .map((builder) => builder.build())
    .sort((a, b) => b.rank - a.rank)

  return {
    size: served.length,
    match(request) {
      const probe = probeOf(request)
      for (const tier of tiers) {
        const entry = findInTier(tier, probe)
        if (entry !== undefined) return matchOf(entry, probe)
      }
      return undefined
    },
  }
}

function addRoute<R extends RouteRule>(builders: Map<number, TierBuilder<R>>, route: R): void {
  const conditions = conditionsOf(route)
  const hosts = given(route.hosts)?.map(readHost) ?? [ANY_HOST]
  for (const part of partsOf(route)) {
    // A route that asks for nothing, which validation refuses, must not catch everything.
    if (part.rank < LEAST_RANK) continue
    const builder = builders.get(part.rank) ?? tierBuilder<R>(part.rank)
    builders.set(part.rank, builder)
    for (const host of hosts) {
      for (const entry of entriesOf(part, host.port, conditions)) {
        builder.add(host.kind, host.name, entry)
      }
    }
  }
}

/** One kind set. */
const LEAST_RANK = 1024

function entriesOf<R extends RouteRule>(
  part: Part<R>,
  port: number,
  conditions: Conditions | undefined,
): Entry<R>[] {
  const { route, number } = part
  const entry = (prefix: string | undefined, regexes: readonly RouteRegex[] | undefined) => {
    return { route, prefix, captures: undefined, port, conditions, regexes, number, id: undefined }
  }
  if (part.isRegex) return [entry(undefined, regexesOf(route, part.paths))]
  return part.paths.length === 0
    ? [entry(undefined, undefined)]
    : part.paths.map((path) => entry(path, undefined))
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

interface Host {
  readonly kind: HostKind
  readonly name: string
  readonly port: number
}

const ANY_HOST: Host = { kind: 'any', name: '', port: 0 }
const PORT = /^\d{1,5}$/

function readHost(text: string): Host {
  const { name, port } = splitPort(toByteString(text), 0)
  if (name.startsWith('*')) return { kind: 'suffix', name: name.slice(1), port }
  if (name.endsWith('*')) return { kind: 'prefix', name: name.slice(0, -1), port }
  return { kind: 'exact', name, port }
}

/** What stands after the first colon is a port only if it is a number: `[::1]` stays whole. */
function splitPort(host: string, otherwise: number): { name: string; port: number } {
  const colon = host.indexOf(':')
  if (colon === -1) return { name: host, port: otherwise }
  const port = host.slice(colon + 1)
  return PORT.test(port)
    ? { name: host.slice(0, colon), port: Number(port) }
    : { name: host, port: otherwise }
}

function probeOf(request: RouterRequest): Probe {
  const { path } = request
  const { name, port } = splitPort(request.host, request.port)
  return { request, path, text: fromByteString(path), host: name, port }
}

/** For a regex, the first of the part's paths that matches tells prefix and captures. */
function matchOf<R>(entry: Entry<R>, probe: Probe): Match<R> {
  for (const regex of entry.regexes ?? []) {
    const captures = regex.exec(probe.text)
    if (captures === undefined) continue
    return { route: entry.route, prefix: toByteString(captures.numbered[0] ?? ''), captures }
  }
  return entry
}
