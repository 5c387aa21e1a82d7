import type { HeaderList } from '../lib/header-list.ts'
import { headersOf } from '../lib/header-list.ts'
import { type IpRange, inRange, parseIp } from '../lib/ip.ts'
import type { ClientRequest } from '../ports/server.ts'
import { seenPort } from '../settings/port-maps.ts'
import type { Settings } from '../settings/settings.ts'
import type { ClientHeaders } from './headers.ts'

/** Where a request says it comes from, as far as it is believed. */
export interface Origin {
  /** The client's address after the real-ip header: `remote_addr`. */
  readonly ip: string
  /** The peer may speak for others. */
  readonly trusted: boolean
  readonly proto: string
  /** In lower case, without port. */
  readonly host: string
  readonly port: string
  readonly path: string
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

/** Reads a request's origin; what an untrusted peer claims of it counts for nothing. */
export function originOf(
  request: ClientRequest,
  parts: { readonly client: ClientHeaders; readonly host: string; readonly rawPath: string },
  trust: { readonly trusts: (ip: string) => boolean; readonly settings: Settings },
): Origin {
  const host = hostName(parts.host)
  const port = `${seenPort(request.localPort, trust.settings.portMaps)}`
  if (!trust.trusts(request.ip)) {
    const { ip, scheme } = request
    return { ip, trusted: false, proto: scheme, host, port, path: parts.rawPath }
  }

  const { client } = parts
  return {
    ip: realIp(request, trust),
    trusted: true,
    proto: client.forwardedProto ?? request.scheme,
    host: client.forwardedHost ?? host,
    port: client.forwardedPort ?? port,
    path: client.forwardedPath ?? parts.rawPath,
  }
}

/** The host of a Host header in lower case, without its port. */
export function hostName(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  return (end > 0 ? host.slice(0, end) : host).toLowerCase()
}

/** nginx' realip: the last address in the header, or with `recursive` the last not trusted itself. */
function realIp(
  request: ClientRequest,
  trust: { readonly trusts: (ip: string) => boolean; readonly settings: Settings },
): string {
  // Kong: what a PROXY header told counts then, and from a trusted peer alone.
  if (trust.settings.realIpHeader === 'proxy_protocol') return request.proxied?.ip ?? request.ip
  const listed = addressesIn(request.headers, trust.settings.realIpHeader)
  let ip = request.ip
  for (let i = listed.length - 1; i >= 0; i--) {
    const address = withoutPort((listed[i] ?? '').trim())
    if (parseIp(address) === undefined) break
    ip = address
    if (!trust.settings.realIpRecursive || !trust.trusts(address)) break
  }
  return ip
}

function addressesIn(headers: HeaderList, name: string): string[] {
  const values = headersOf(headers, name)
  return values.length === 0 ? values : values.join(',').split(',')
}

function withoutPort(address: string): string {
  if (address.startsWith('[')) return address.slice(1, Math.max(1, address.indexOf(']')))
  const colon = address.indexOf(':')
  return colon > 0 && colon === address.lastIndexOf(':') ? address.slice(0, colon) : address
}
