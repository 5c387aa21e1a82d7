import { toByteString } from '../lib/byte-string.ts'
import type { HeaderList } from '../lib/header-list.ts'
import { headerOf } from '../lib/header-list.ts'
import { parseIp } from '../lib/ip.ts'
import type { ClientRequest } from '../ports/server.ts'
import { hostName } from './forwarded.ts'

/** A request nobody sent. */
export interface Question {
  readonly method: string
  /** Whole (`http://host/path?query`), or a path alone. */
  readonly url: string
  /** As text. */
  readonly headers: HeaderList
  /** The TLS server name; for https the host's name when absent. */
  readonly sni?: string
  /** The client's address. */
  readonly ip?: string
}

const URL_FORM = /^(?:(https?):\/\/([^/?#]+))?([/?][^#]*)?(?:#.*)?$/
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
const HTTP_PORT = 80
const HTTPS_PORT = 443
const LOOPBACK = '127.0.0.1'

/** The request as a server adapter would hand it over; or in words, why there can be none. */
export function requestAsked(question: Question): ClientRequest | string {
  const { method, url, ip = LOOPBACK } = question
  if (!TOKEN.test(method)) return `Cannot read method "${method}"`
  const form = hasGaps(url) || url === '' ? null : URL_FORM.exec(url)
  if (form === null) return `Cannot read url "${url}": write http://host/path, or /path`
  if (parseIp(ip) === undefined) return `Cannot read ip "${ip}"`
  const bad = badHeader(question.headers)
  if (bad !== undefined) return `Cannot read header "${bad}"`

  const [, scheme = 'http', authority = '', rest = '/'] = form
  const isSecure = scheme === 'https'
  const headers = question.headers.map(toByteString)
  const host = headerOf(headers, 'host') ?? toByteString(authority)
  if (headerOf(headers, 'host') === undefined && authority !== '') headers.unshift('Host', host)
  const sni = question.sni ?? (isSecure ? serverName(host) : undefined)
  return {
    method,
    target: toByteString(rest.startsWith('?') ? `/${rest}` : rest),
    headers,
    // A path alone comes with no Host, which HTTP/1.1 forbids.
    httpVersion: versionOf(headers, host),
    scheme: isSecure ? 'https' : 'http',
    ip,
    port: 0,
    localPort: portOf(authority) ?? (isSecure ? HTTPS_PORT : HTTP_PORT),
    ...(sni === undefined ? {} : { sni }),
    body: undefined,
    upgrade: false,
    gone: false,
    onGone() {},
  }
}

function versionOf(headers: HeaderList, host: string): ClientRequest['httpVersion'] {
  if (headerOf(headers, 'content-type')?.startsWith('application/grpc') === true) return '2'
  return host === '' ? '1.0' : '1.1'
}

/** Addresses are no server names. */
function serverName(host: string): string | undefined {
  const name = hostName(host)
  return name === '' || name.startsWith('[') || parseIp(name) !== undefined ? undefined : name
}

function portOf(authority: string): number | undefined {
  const [, digits] = /:(\d{1,5})$/.exec(authority) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** Spaces and control chars end a request line or tear it. */
function hasGaps(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char <= 0x20 || char === 0x7f) return true
  }
  return false
}

function badHeader(headers: HeaderList): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const [name = '', value = ''] = [headers[i], headers[i + 1]]
    if (!TOKEN.test(name) || hasControls(value)) return `${name}: ${value}`
  }
  return undefined
}

function hasControls(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const char = value.charCodeAt(i)
    if ((char < 0x20 && char !== 0x09) || char === 0x7f) return true
  }
  return false
}
