import { type HeaderList, headerOf } from '../../src/lib/header-list.ts'
import type { ClientRequest, RequestBody } from '../../src/ports/server.ts'
import { byteTextOf } from './byte-text.ts'

/** What a Worker's request cannot tell. */
export interface ListenerFacts {
  /** The port clients connect to; undefined where the platform listens: the scheme's own. */
  readonly port: number | undefined
}

/** A Worker's request as the core wants it; undefined when its Host cannot be trusted. */
export function clientRequestOf(
  request: Request,
  listener: ListenerFacts,
): ClientRequest | undefined {
  const headers = headersOf(request.headers)
  const host = headerOf(headers, 'host') ?? ''
  // workerd builds the URL out of the Host header unchecked: a slash in it would move the path.
  if (/[\s/\\?#@,]/.test(host)) return undefined

  const scheme = request.url.startsWith('https:') ? 'https' : 'http'
  const { ip, port } = addressOf(request)
  return {
    method: request.method,
    target: byteTextOf(targetOf(request.url, host)),
    headers,
    httpVersion: versionOf(request),
    scheme,
    ip,
    port,
    localPort: listener.port ?? (scheme === 'https' ? 443 : 80),
    body: bodyOf(request, headerOf(headers, 'content-length')),
    upgrade: headerOf(headers, 'upgrade')?.toLowerCase() === 'websocket',
    get gone() {
      return request.signal.aborted
    },
    onGone(listener) {
      request.signal.addEventListener('abort', () => listener(), { once: true })
    },
  }
}

function headersOf(headers: Headers): HeaderList {
  const list: HeaderList = []
  headers.forEach((value, name) => {
    // Two Cookie lines arrive joined by a comma, which no server would split again.
    list.push(name, byteTextOf(name === 'cookie' ? value.replaceAll(', ', '; ') : value))
  })
  return list
}

/** What follows the host; workerd keeps it as it was sent. */
function targetOf(url: string, host: string): string {
  const start = url.indexOf('//') + 2
  const named = url.slice(start, start + host.length).toLowerCase() === host.toLowerCase()
  const after = named ? url.slice(start + host.length) : url.slice(start).replace(/^[^/?]*/, '')
  return after.startsWith('/') || after === '*' ? after : `/${after}`
}

/** Workers' own word on a request, `request.cf`; plain workerd has the address in it. */
interface CfProperties {
  readonly clientIp?: string
  readonly httpProtocol?: string
}

function cfOf(request: Request): CfProperties {
  // The property is the platform's: absent or an object of plain values.
  return (request as { readonly cf?: CfProperties }).cf ?? {}
}

/** Cloudflare names the client in a header of its own, which plain workerd lets anyone send. */
export function addressOf(request: Request): { ip: string; port: number } {
  const socket = cfOf(request).clientIp
  if (socket === undefined) return { ip: request.headers.get('cf-connecting-ip') ?? '', port: 0 }
  const at = socket.lastIndexOf(':')
  return { ip: socket.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(socket.slice(at + 1)) }
}

function versionOf(request: Request): ClientRequest['httpVersion'] {
  const protocol = cfOf(request).httpProtocol
  if (protocol === 'HTTP/1.0') return '1.0'
  return protocol === 'HTTP/2' || protocol === 'HTTP/3' ? '2' : '1.1'
}

function bodyOf(request: Request, length: string | undefined): RequestBody | undefined {
  const { body } = request
  if (body === null) return undefined
  return {
    length: length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined,
    bytes: async () => new Uint8Array(await request.arrayBuffer()),
    // The stream itself: handed to `fetch` untouched, its bytes never enter our code.
    stream: () => body,
  }
}
