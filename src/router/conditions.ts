import { fromByteString } from '../lib/byte-string.ts'
import type { HeaderList } from '../lib/header-list.ts'
import { lazyPcreRegex } from '../lib/pcre/pcre-regex.ts'
import { lazyRouteRegex, type RouteRegex } from '../lib/regex.ts'
import { type EndpointTest, endpointTest } from './endpoints.ts'
import type { RouteRule, RouterRequest } from './router.ts'

/** What a route asks of a request beside host and path. */
export interface Conditions {
  readonly methods: readonly string[] | undefined
  readonly headers: readonly HeaderCondition[] | undefined
  readonly snis: readonly string[] | undefined
  readonly schemes: readonly string[] | undefined
  readonly source: EndpointTest | undefined
  readonly destination: EndpointTest | undefined
}

interface HeaderCondition {
  /** Lower case, as are its values. */
  readonly name: string
  /** The name that counts where the request has no header of the first. */
  readonly otherName: string
  readonly values: ReadonlySet<string>
  readonly regexes: readonly RouteRegex[]
}

/** How a flavour reads the fields that conditions are made of. */
export interface Reading {
  /** Regexes of Rust's dialect, or of PCRE's. */
  readonly regexes: 'rust' | 'pcre'
  /** Whether an SNI may be `*.x` or `x.*`. */
  readonly wildcardSnis: boolean
  /** Whether protocols and the connection's ends are conditions too. */
  readonly connection: boolean
  /** The scheme the conditions are for, where a flavour ranks a route by it. */
  readonly scheme?: 'http' | 'https'
}

/** Conditions made so far, by what they ask: routes that ask the same share them. */
export type SharedConditions = Map<string, Conditions>

/** A route's conditions; undefined when it has none, which is the common and the cheapest case. */
export function conditionsOf(
  rule: RouteRule,
  reading: Reading,
  shared: SharedConditions,
): Conditions | undefined {
  const { connection, scheme } = reading
  if (!connection && scheme === undefined && asksNothing(rule)) return undefined
  const parts = {
    methods: given(rule.methods),
    headers: given(Object.entries(rule.headers ?? {})),
    snis: scheme === 'http' ? undefined : given(rule.snis)?.map(withoutTrailingDot),
    schemes: connection ? schemesOf(rule.protocols) : scheme && [scheme],
    sources: connection ? given(rule.sources ?? null) : undefined,
    destinations: connection ? given(rule.destinations ?? null) : undefined,
  }
  if (Object.values(parts).every((part) => part === undefined)) return undefined

  const key = JSON.stringify(parts)
  const known = shared.get(key)
  if (known !== undefined) return known
  const conditions: Conditions = {
    methods: parts.methods,
    headers: parts.headers?.map((header) => headerCondition(header, reading)),
    snis: reading.wildcardSnis ? parts.snis : parts.snis?.filter((sni) => !sni.includes('*')),
    schemes: parts.schemes,
    source: parts.sources && endpointTest(parts.sources),
    destination: parts.destinations && endpointTest(parts.destinations),
  }
  shared.set(key, conditions)
  return conditions
}

const NOTHING = {}

/** Whether a route leaves methods, headers and server names open, as most do. */
function asksNothing({ methods, headers, snis }: RouteRule): boolean {
  if ((methods !== null && methods.length > 0) || (snis !== null && snis.length > 0)) return false
  return Object.keys(headers ?? NOTHING).length === 0
}

// Kong: an https-only route takes http too, to redirect it or to answer 426.
function schemesOf(protocols: readonly string[]): readonly string[] | undefined {
  const schemes = new Set(protocols.map((name) => SCHEMES.get(name)))
  if (schemes.has('http') && schemes.has('https')) return undefined
  if (protocols.length === 1 && protocols[0] === 'https') return undefined
  return [...schemes].filter((scheme) => scheme !== undefined)
}

const SCHEMES: ReadonlyMap<string, string> = new Map([
  ['http', 'http'],
  ['https', 'https'],
  ['grpc', 'http'],
  ['grpcs', 'https'],
])

/** Whether a request fulfils them all; its port is the one its host names, as the flavour reads it. */
export function areMet(conditions: Conditions, request: RouterRequest, port: number): boolean {
  const { methods, headers, snis, schemes } = conditions
  if (methods !== undefined && !methods.includes(request.method)) return false
  if (schemes !== undefined && !schemes.includes(request.scheme)) return false
  if (snis !== undefined && !isSniMet(snis, request)) return false
  if (!areEndsMet(conditions, request, port)) return false
  if (headers === undefined) return true
  for (const header of headers) {
    if (!isHeaderMet(header, request.headers)) return false
  }
  return true
}

function areEndsMet(
  { source, destination }: Conditions,
  request: RouterRequest,
  port: number,
): boolean {
  if (source !== undefined && !source(request.sourceIp, request.sourcePort)) return false
  return destination === undefined || destination(request.destinationIp, port)
}

/** The list, or undefined when it is absent or empty: both set no condition. */
export function given<T>(list: readonly T[] | null): readonly T[] | undefined {
  return list === null || list.length === 0 ? undefined : list
}

// Kong: a value after `~*` is a regex; in `traditional` only when the header has no other.
function headerCondition(
  [name, values]: [string, readonly string[]],
  reading: Reading,
): HeaderCondition {
  const may = reading.regexes === 'rust' || values.length === 1
  const isRegex = (value: string): boolean => may && value.startsWith('~*')
  const plain = values.filter((value) => !isRegex(value))
  return {
    ...namesOf(name.toLowerCase(), reading),
    values: new Set(plain.map((value) => value.toLowerCase())),
    regexes: values.filter(isRegex).map((value) => headerRegex(value.slice(2), reading)),
  }
}

// Kong: where a name has none, the one with `-` for each `_` counts; in all flavours but `traditional`
// a route's names are spelled with `_`.
function namesOf(name: string, { regexes }: Reading): Pick<HeaderCondition, 'name' | 'otherName'> {
  const spelled = regexes === 'pcre' ? name : name.replaceAll('-', '_')
  return { name: spelled, otherName: name.replaceAll('_', '-') }
}

// Kong lower-cases a regex of Rust's dialect with the value, so `\D` there means `\d`.
function headerRegex(source: string, { regexes }: Reading): RouteRegex {
  if (regexes === 'pcre') return lazyPcreRegex(source, { anchored: false })
  return lazyRouteRegex(source.toLowerCase(), { anchored: false })
}

function isHeaderMet(condition: HeaderCondition, headers: HeaderList): boolean {
  const { name, otherName } = condition
  let isNamed = false
  let isMet = false
  for (let i = 0; i < headers.length; i += 2) {
    const given = headers[i] ?? ''
    if (given.length !== name.length) continue
    const lower = given.toLowerCase()
    if (lower === name) {
      if (isValueMet(condition, headers[i + 1] ?? '')) return true
      isNamed = true
    } else if (lower === otherName) isMet ||= isValueMet(condition, headers[i + 1] ?? '')
  }
  return isMet && !isNamed
}

function isValueMet({ values, regexes }: HeaderCondition, given: string): boolean {
  const value = fromByteString(given).toLowerCase()
  return values.has(value) || regexes.some((regex) => regex.test(value))
}

// Kong: over plain http the condition counts as fulfilled (issue 6425 there).
function isSniMet(snis: readonly string[], request: RouterRequest): boolean {
  if (request.scheme !== 'https') return true
  if (request.sni === undefined) return false
  const sni = withoutTrailingDot(request.sni)
  return snis.some((pattern) => isNameMatch(pattern, sni))
}

/** Whether a name is the pattern's; `*` stands for one or more chars at the start or the end. */
export function isNameMatch(pattern: string, name: string): boolean {
  if (pattern.startsWith('*')) {
    return name.length >= pattern.length && name.endsWith(pattern.slice(1))
  }
  if (!pattern.endsWith('*')) return name === pattern
  return name.length >= pattern.length && name.startsWith(pattern.slice(0, -1))
}

/** A name as it is compared: the root's dot at its end says nothing. */
export function withoutTrailingDot(name: string): string {
  return name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name
}
