import type { HeaderList } from '../lib/header-list.ts'
import { headersOf } from '../lib/header-list.ts'
import { type IpRange, inRange, parseIp } from '../lib/ip.ts'
import type { ClientRequest } from '../ports/server.ts'
import type { Match } from '../router/router.ts'
import { seenPort } from '../settings/port-maps.ts'
import type { Settings } from '../settings/settings.ts'
import type { ClientHeaders } from './headers.ts'

/** Where a request says it comes from, as far as it is believed. */
export interface Origin {
  /** The client's address after the real-ip header: `remote_addr`. */
  readonly ip: string
  /** The port beside it; undefined where nobody said. */
  readonly clientPort?: number | undefined
  /** The peer may speak for others. */
  readonly trusted: boolean
  readonly proto: string
  /** In lower case, without port. */
  readonly host: string
  readonly port: string
  readonly path: string
  /** What a trusted peer says it has taken off the path. */
  readonly prefix?: string | undefined
}

const REMEMBERED = 1000

/** Tells whether an address is in one of the ranges; remembers what it said last. */
export function createTrust(ranges: readonly IpRange[]): (ip: string) => boolean {
  if (ranges.length === 0) return () => false

  const known = new Map<string, boolean>()
  return (ip) => {
    const found = known.get(ip)
    if (found !== undefined) return found

    const trusted = ranges.some((range) => inRange(range, ip))
    if (known.size >= REMEMBERED) known.clear()
    known.set(ip, trusted)
    return trusted
  }
}

/** What of a request that was read tells of its origin. */
interface OriginParts {
  readonly client: ClientHeaders
  readonly host: string
  readonly target: { readonly rawPath: string }
}

/** Reads a request's origin; what an untrusted peer claims of it counts for nothing. */
export function originOf(
  request: ClientRequest,
  parts: OriginParts,
  trust: { readonly trusts: (ip: string) => boolean; readonly settings: Settings },
): Origin {
  const host = hostName(parts.host)
  const port = `${seenPort(request.localPort, trust.settings.portMaps)}`
  if (!trust.trusts(request.ip)) {
    const { ip, port: clientPort, scheme } = request
    const path = parts.target.rawPath
    return { ip, clientPort, trusted: false, proto: scheme, host, port, path, prefix: undefined }
  }

  const { client } = parts
  const { ip, port: clientPort } = realAddress(request, trust)
  return {
    ip,
    clientPort,
    trusted: true,
    proto: client.forwardedProto ?? request.scheme,
    host: client.forwardedHost ?? host,
    port: client.forwardedPort ?? port,
    path: client.forwardedPath ?? parts.target.rawPath,
    prefix: client.forwardedPrefix,
  }
}

/** What `strip_path` takes off the path, which `/` never is; undefined where it takes nothing. */
export function strippedPrefix({ route, prefix }: Match<Stripping>): string | undefined {
  return route.stripPath && prefix !== '/' ? prefix : undefined
}

/** Whether a route takes off what its path matched. */
export interface Stripping {
  readonly stripPath: boolean
}

/** The host of a Host header in lower case, without its port. */
export function hostName(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  return (end > 0 ? host.slice(0, end) : host).toLowerCase()
}

interface RealAddress {
  readonly ip: string
  readonly port: number | undefined
}

/** nginx' realip: the last address in the header, or with `recursive` the last not trusted itself. */
function realAddress(
  request: ClientRequest,
  trust: { readonly trusts: (ip: string) => boolean; readonly settings: Settings },
): RealAddress {
  // Kong: what a PROXY header told counts then, and from a trusted peer alone.
  if (trust.settings.realIpHeader === 'proxy_protocol') return request.proxied ?? request
  const listed = addressesIn(request.headers, trust.settings.realIpHeader)
  let found: RealAddress = request
  for (let i = listed.length - 1; i >= 0; i--) {
    const address = addressOf(listed[i] ?? '')
    if (parseIp(address.ip) === undefined) break
    found = address
    if (!trust.settings.realIpRecursive || !trust.trusts(address.ip)) break
  }
  return found
}

/** nginx: spaces part them as commas do. */
function addressesIn(headers: HeaderList, name: string): string[] {
  const values = headersOf(headers, name)
  if (values.length === 0) return values
  return values
    .join(',')
    .split(/[ ,]/)
    .filter((item) => item !== '')
}

/** An address with or without a port; one of IPv6 with a port stands in brackets. */
function addressOf(text: string): RealAddress {
  const [, ip, port] = /^(?:\[([^\]]*)\](?::(\d+))?)$/.exec(text) ?? PLAIN.exec(text) ?? []
  return { ip: ip ?? text, port: port === undefined ? undefined : Number(port) }
}

const PLAIN = /^([^:]+):(\d+)$/
