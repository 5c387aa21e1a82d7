import { isIpv4, isIpv6 } from '../lib/ip.ts'
import { isLoopback } from '../settings/listen.ts'
import type { Settings } from '../settings/settings.ts'

/** Which Host names and origins the Admin API takes from browsers. */
export interface BrowserRules {
  /** Host names allowed besides IP literals and `localhost`, in lower case. */
  readonly hosts: ReadonlySet<string>
  /** Origins of Kong Manager and other pages, as configured. */
  readonly origins: readonly string[]
  /** Whether the Host rule binds every client: the API is bound to loopback, so other names are rebound DNS. */
  readonly strict: boolean
  /** Whether pages must be told that they may send `Kong-Admin-Token`. */
  readonly token: boolean
  /** Ports of our own host that the Manager is served on. */
  readonly managerPorts: ReadonlySet<string>
}

/** Derives the rules from `admin_gui_url` and the Admin listeners. */
export function browserRules(settings: Settings): BrowserRules {
  const urls = settings.adminGuiUrls.flatMap((text) => (URL.canParse(text) ? [new URL(text)] : []))
  return {
    hosts: new Set(urls.map((url) => url.hostname)),
    origins: urls.map((url) => url.origin),
    strict: isLoopbackBound(settings.shown.admin_listeners),
    token: settings.adminToken !== undefined,
    managerPorts: new Set(portsOf(settings.shown.admin_gui_listeners)),
  }
}

function portsOf(listeners: unknown): string[] {
  if (!Array.isArray(listeners)) return []
  return listeners.map((listener: { readonly port?: unknown } | null) => String(listener?.port))
}

function isLoopbackBound(listeners: unknown): boolean {
  if (!Array.isArray(listeners) || listeners.length === 0) return false
  return listeners.every((listener: { readonly ip?: unknown } | null) =>
    isLoopback(String(listener?.ip ?? '')),
  )
}

/** Browsers take every name below `localhost` to this machine, without asking anyone. */
function isLoopbackName(host: string): boolean {
  return isLoopback(host) || host.endsWith('.localhost')
}

/** Says why a browser's request is refused; undefined when it may go on. Guards against DNS rebinding and CSRF. */
export function refusalFor(request: Request, rules: BrowserRules): string | undefined {
  const host = request.headers.get('host')
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')

  if (host !== null && (rules.strict || origin !== null || site === 'cross-site')) {
    const name = hostnameOf(host)
    if (!isAllowedHost(name, rules.hosts)) {
      return `Host ${JSON.stringify(name)} is not allowed here, add its URL to admin_gui_url`
    }
  }
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return undefined
  if (origin !== null) {
    return isTrustedOrigin(origin, host, rules)
      ? undefined
      : `Origin ${JSON.stringify(origin)} may not write here, add it to admin_gui_url`
  }
  return site === 'cross-site' ? 'Cross-site requests may not write here' : undefined
}

/** Whether a browser asks, before anything else, if a page it trusts may send the real request. */
export function isPreflight(request: Request, rules: BrowserRules): boolean {
  const origin = request.headers.get('origin')
  if (request.method !== 'OPTIONS' || origin === null) return false
  return (
    request.headers.has('access-control-request-method') &&
    isTrustedOrigin(origin, request.headers.get('host'), rules)
  )
}

/** Whether a Host cannot be another site's name: an IP literal, `localhost` or one of the allowed. */
export function isAllowedHost(name: string, allowed: ReadonlySet<string>): boolean {
  return isLoopbackName(name) || isIpv4(name) || isIpv6(name) || allowed.has(name)
}

/** The configured origins, and pages of the same host on any port, as Kong Manager on 8002 is. */
export function isTrustedOrigin(origin: string, host: string | null, rules: BrowserRules): boolean {
  if (rules.origins.includes(origin)) return true
  if (host === null || !URL.canParse(origin)) return false
  const [page, here] = [unbracketed(new URL(origin).hostname), hostnameOf(host)]
  // A name of another's choosing, rebound to our address, is no page of ours.
  if (page === '' || !isAllowedHost(here, rules.hosts)) return false
  return page === here || (isLoopbackName(page) && isLoopbackName(here))
}

/**
 * Whether the Manager's own page asks, so that its cookie counts: with a header that no form and no
 * link can send, and, from another origin, from one the Manager is served on. Other ports of our
 * host share its cookies, and may belong to anybody.
 */
export function isManagerRequest({ headers }: Request, rules: BrowserRules): boolean {
  const origin = headers.get('origin')
  if (origin !== null && !isManagerOrigin(origin, headers.get('host'), rules)) return false
  return (
    headers.get('x-requested-with') === 'gibbon-manager' ||
    headers.get('sec-fetch-site') === 'same-origin'
  )
}

function isManagerOrigin(origin: string, host: string | null, rules: BrowserRules): boolean {
  if (rules.origins.includes(origin)) return true
  if (host === null || !URL.canParse(origin)) return false
  const page = new URL(origin)
  if (page.host === host.toLowerCase().replace(/:(80|443)$/, '')) return true
  const samePlace = unbracketed(page.hostname) === hostnameOf(host)
  return samePlace && rules.managerPorts.has(page.port)
}

function hostnameOf(host: string): string {
  return unbracketed(host.toLowerCase().replace(/:\d*$/, ''))
}

function unbracketed(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host
}

/** CORS headers as Kong's, but a foreign origin is never echoed. */
export function corsHeaders(
  request: Request,
  rules: BrowserRules,
): [name: string, value: string][] {
  const origin = request.headers.get('origin')
  const headers: [string, string][] = [['Access-Control-Allow-Credentials', 'true']]
  const allowed = allowedOrigin(origin, request.headers.get('host'), rules)
  if (allowed !== undefined) headers.push(['Access-Control-Allow-Origin', allowed])
  if (origin !== null && allowed === origin) {
    headers.push(['Access-Control-Expose-Headers', 'ETag, Retry-After, X-Config-Revision'])
  }
  if (request.method === 'OPTIONS') {
    const asked = request.headers.get('access-control-request-headers')
    // The Manager on a port of its own would ask before each of its questions.
    if (origin !== null && allowed === origin) headers.push(['Access-Control-Max-Age', '600'])
    const usual = rules.token ? 'Content-Type, Kong-Admin-Token' : 'Content-Type'
    headers.push(['Access-Control-Allow-Headers', asked ?? usual])
  }
  return headers
}

function allowedOrigin(
  origin: string | null,
  host: string | null,
  rules: BrowserRules,
): string | undefined {
  if (origin !== null && isTrustedOrigin(origin, host, rules)) return origin
  if (rules.origins.length > 0) return rules.origins[0]
  return origin === null ? '*' : undefined
}
