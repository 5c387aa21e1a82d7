import { fromByteString, toByteString } from '../lib/byte-string.ts'
import { lazyPcreRegex } from '../lib/pcre/pcre-regex.ts'
import { lazyRouteRegex } from '../lib/regex.ts'
import type { RouterFlavor } from '../lib/router-flavor.ts'
import { areMet, type Conditions, conditionsOf, given, type Reading } from '../router/conditions.ts'
import { readHost, type SplitPort, splitAddress, splitPort } from '../router/host-index.ts'
import type { RouteRule, RouterRequest } from '../router/router.ts'

/** What a route may ask for, in the order it is told. */
export const CHECKS = [
  'method',
  'host',
  'path',
  'header',
  'sni',
  'protocol',
  'source',
  'destination',
] as const

/** One of them. */
export type Check = (typeof CHECKS)[number]

/** A request as a flavour reads it. */
export interface Subject {
  readonly flavor: RouterFlavor
  readonly request: RouterRequest
  readonly host: string
  readonly port: number
}

/** Reads a request the flavour's way. Kong: `traditional` takes a missing port for the scheme's own. */
export function subjectOf(flavor: RouterFlavor, request: RouterRequest): Subject {
  const usual = request.scheme === 'https' ? 443 : 80
  const otherwise = flavor === 'traditional' ? usual : request.port
  const { name, port } = splitOf(flavor)(request.host, otherwise)
  return { flavor, request, host: name, port }
}

function splitOf(flavor: RouterFlavor): SplitPort {
  return flavor === 'traditional' ? splitAddress : splitPort
}

/** The first thing a route's fields ask for that the request is not; undefined when it is all. */
export function firstFailed(rule: RouteRule, subject: Subject): Check | undefined {
  const conditions = conditionsOf(rule, READINGS[subject.flavor], new Map())
  return CHECKS.find((check) => !isMet(check, rule, { subject, conditions }))
}

const READINGS: Readonly<Record<RouterFlavor, Reading>> = {
  traditional: { regexes: 'pcre', wildcardSnis: false, connection: false },
  traditional_compatible: { regexes: 'rust', wildcardSnis: true, connection: false },
  expressions: { regexes: 'rust', wildcardSnis: true, connection: true },
}

interface Known {
  readonly subject: Subject
  readonly conditions: Conditions | undefined
}

function isMet(check: Check, rule: RouteRule, { subject, conditions }: Known): boolean {
  if (check === 'host') return isHostMet(given(rule.hosts), subject)
  if (check === 'path') return isPathMet(given(rule.paths), subject)
  if (conditions === undefined) return true
  return areMet({ ...NONE, ...only(check, conditions) }, subject.request, subject.port)
}

const NONE: Conditions = {
  methods: undefined,
  headers: undefined,
  snis: undefined,
  schemes: undefined,
  source: undefined,
  destination: undefined,
}

function only(
  check: Exclude<Check, 'host' | 'path'>,
  { methods, headers, snis, schemes, source, destination }: Conditions,
): Partial<Conditions> {
  switch (check) {
    case 'method':
      return { methods }
    case 'header':
      return { headers }
    case 'sni':
      return { snis }
    case 'protocol':
      return { schemes }
    case 'source':
      return { source }
    case 'destination':
      return { destination }
  }
}

/** A wildcard stands beside a dot, and for one char at least. */
function isHostMet(hosts: readonly string[] | undefined, subject: Subject): boolean {
  if (hosts === undefined) return true
  const { host, port, flavor } = subject
  const read = hosts.map((one) => readHost(one, splitOf(flavor)))
  return read.some(({ kind, name, port: wanted }) => {
    if (wanted !== 0 && wanted !== port) return false
    if (kind === 'exact') return host === name
    if (host.length <= name.length) return false
    return kind === 'suffix'
      ? name.startsWith('.') && host.endsWith(name)
      : name.endsWith('.') && host.startsWith(name)
  })
}

function isPathMet(paths: readonly string[] | undefined, subject: Subject): boolean {
  if (paths === undefined) return true
  const { path } = subject.request
  return paths.some((one) => {
    if (!one.startsWith('~')) return path.startsWith(toByteString(one))
    const source = one.slice(1)
    const regex = subject.flavor === 'traditional' ? lazyPcreRegex(source) : lazyRouteRegex(source)
    return regex.test(fromByteString(path))
  })
}
