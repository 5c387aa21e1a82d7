import type { Call, Driver } from './driver.ts'

/** Where one question goes. */
export interface Destination {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  /** Percent-encoded. */
  readonly path: string
  /** What is written behind the path, without its question mark. */
  readonly query: string
  /** What is sent as Host. */
  readonly authority: string
  /** Whether it is the provider's own address, and not one of the operator's. */
  readonly own: boolean
}

/** Where a question goes; undefined when that is no address of HTTP. */
export function destinationOf(
  driver: Driver,
  call: Call,
  requestPath: string,
): Destination | undefined {
  const { upstream_url: given, upstream_path: path } = call.model.options
  const own = typeof given !== 'string'
  const written = own ? driver.url(call) : (driver.urlFor?.(given, call) ?? given)
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined
  const mayReplace = (own && driver.pathInUrl !== true) || driver.pathOverUrl === true
  // Kong: what is passed through as it came keeps its path.
  if (typeof path !== 'string' && call.route === 'preserve') url.pathname = requestPath
  else if (typeof path === 'string' && mayReplace) url.pathname = path
  const secure = url.protocol === 'https:'
  return {
    scheme: secure ? 'https' : 'http',
    host: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path: url.pathname,
    query: url.search.slice(1),
    authority: url.host,
    own,
  }
}
