import { expandIpv6, isIpv4, isIpv6, parseIp } from '../lib/ip.ts'

/** A host, maybe with a port, in canonical form: IPv4 without zeros, IPv6 whole in brackets. */
export interface Address {
  readonly kind: 'name' | 'ipv4' | 'ipv6'
  readonly host: string
  readonly port: number | undefined
}

/** Why a text is no address, in Kong's words. */
export interface NoAddress {
  readonly kind: 'invalid'
  readonly error: string
}

/** Reads `host`, `host:port`, an IPv4 or IPv6 address, the latter bracketed when a port follows. */
export function parseAddress(text: string): Address | NoAddress {
  if (text.indexOf(':') !== text.lastIndexOf(':')) return parseIpv6(text)
  // Kong: digits and dots alone, a port's among them, can be an IPv4 address only.
  if (/^[\d.]+$/.test(text.replace(':', ''))) return parseIpv4(text)

  const { host, port } = splitPort(text)
  if (port === 'invalid') return { kind: 'invalid', error: 'invalid port number' }
  if (!isHostName(host)) return { kind: 'invalid', error: `invalid hostname: ${text}` }
  return { kind: 'name', host, port }
}

/** The form Kong stores a target in: `host:port`. */
export function formatAddress({ host, port }: Address, defaultPort: number): string {
  return `${host}:${port ?? defaultPort}`
}

/** Whether the text is a host name: labels that do not end in a dash, the last may be empty. */
export function isHostName(text: string): boolean {
  if (!/^[\w.-]+$/.test(text) || text === '.') return false
  const labels = text.split('.')
  return labels.every((label, i) => {
    if (label === '') return i > 0 && i === labels.length - 1
    return !label.endsWith('-')
  })
}

function parseIpv4(text: string): Address | NoAddress {
  const { host, port } = splitPort(text)
  const ip = isIpv4(host) ? parseIp(host) : undefined
  if (ip === undefined) return { kind: 'invalid', error: `invalid ipv4 address: ${text}` }
  if (port === 'invalid') return { kind: 'invalid', error: 'invalid port number' }
  return { kind: 'ipv4', host: ip.bytes.join('.'), port }
}

function parseIpv6(text: string): Address | NoAddress {
  const end = text.startsWith('[') ? text.indexOf(']') + 1 : text.length
  const bare = text.startsWith('[') ? text.slice(1, end - 1) : text
  const { host: rest, port } = splitPort(text.slice(end))
  if (port === 'invalid') return { kind: 'invalid', error: 'invalid port number' }
  // Kong knows groups alone: no IPv4 address in an IPv6 one.
  if (rest !== '' || /^\[|\./.test(bare) || !isIpv6(bare)) {
    return { kind: 'invalid', error: `invalid ipv6 address: ${text}` }
  }
  return { kind: 'ipv6', host: `[${expandIpv6(bare)}]`, port }
}

function splitPort(text: string): { host: string; port: number | undefined | 'invalid' } {
  const [, host = text, digits] = /^([^:]*):(\d+)$/.exec(text) ?? []
  if (digits === undefined) return { host, port: undefined }
  const port = Number(digits)
  return { host, port: port <= 65535 ? port : 'invalid' }
}
