import type { HeaderList } from '../lib/header-list.ts'
import { lazyRouteRegex, type RouteRegex } from '../lib/regex.ts'
import { fromByteString } from './byte-string.ts'
import type { RouteRule, RouterRequest } from './router.ts'

/** What a route asks of a request beside host and path. */
export interface Conditions {
  readonly methods: readonly string[] | undefined
  readonly headers: readonly HeaderCondition[] | undefined
  readonly snis: readonly string[] | undefined
}

interface HeaderCondition {
  /** Lower case. */
  readonly name: string
  readonly values: ReadonlySet<string>
  readonly regexes: readonly RouteRegex[]
}

/** A route's conditions; undefined when it has none, which is the common and the cheapest case. */
export function conditionsOf(rule: RouteRule): Conditions | undefined {
  const methods = given(rule.methods)
  const headers = given(Object.entries(rule.headers ?? {}))?.map(headerCondition)
  const snis = given(rule.snis)?.map(withoutTrailingDot)
  if (methods === undefined && headers === undefined && snis === undefined) return undefined
  return { methods, headers, snis }
}

/** Whether a request fulfils them all. */
export function areMet(conditions: Conditions, request: RouterRequest): boolean {
  const { methods, headers, snis } = conditions
  if (methods !== undefined && !methods.includes(request.method)) return false
  if (snis !== undefined && !isSniMet(snis, request)) return false
  if (headers === undefined) return true
  for (const header of headers) {
    if (!isHeaderMet(header, request.headers)) return false
  }
  return true
}

/** The list, or undefined when it is absent or empty: both set no condition. */
export function given<T>(list: readonly T[] | null): readonly T[] | undefined {
  return list === null || list.length === 0 ? undefined : list
}

// Kong lower-cases the regex as well as the value, so `\D` there means `\d`.
function headerCondition([name, values]: [string, readonly string[]]): HeaderCondition {
  const lower = values.map((value) => value.toLowerCase())
  const isRegex = (value: string) => value.startsWith('~*')
  return {
    name: name.toLowerCase(),
    values: new Set(lower.filter((value) => !isRegex(value))),
    regexes: lower
      .filter(isRegex)
      .map((value) => lazyRouteRegex(value.slice(2), { anchored: false })),
  }
}

function isHeaderMet(condition: HeaderCondition, headers: HeaderList): boolean {
  const { name, values, regexes } = condition
  for (let i = 0; i < headers.length; i += 2) {
    const given = headers[i] ?? ''
    if (given.length !== name.length || given.toLowerCase() !== name) continue
    const value = fromByteString(headers[i + 1] ?? '').toLowerCase()
    if (values.has(value) || regexes.some((regex) => regex.test(value))) return true
  }
  return false
}

// Kong: over plain http the condition counts as fulfilled (issue 6425 there).
function isSniMet(snis: readonly string[], request: RouterRequest): boolean {
  if (request.scheme !== 'https') return true
  if (request.sni === undefined) return false
  const sni = withoutTrailingDot(request.sni)
  return snis.some((pattern) => isNameMatch(pattern, sni))
}

/** `*` stands for one or more chars at the name's start or end. */
function isNameMatch(pattern: string, name: string): boolean {
  if (pattern.startsWith('*')) {
    return name.length >= pattern.length && name.endsWith(pattern.slice(1))
  }
  if (!pattern.endsWith('*')) return name === pattern
  return name.length >= pattern.length && name.startsWith(pattern.slice(0, -1))
}

function withoutTrailingDot(name: string): string {
  return name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name
}
