import { requestBody } from '../../src/http/web-message.ts'
import { toByteString } from '../../src/lib/byte-string.ts'
import { type HeaderList, headerOf } from '../../src/lib/header-list.ts'
import type { ClientRequest } from '../../src/ports/server.ts'

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
  const { headers, exact } = headersOf(request.headers)
  const host = headerOf(headers, 'host') ?? ''
  // workerd builds the URL out of the Host header unchecked: a slash in it would move the path.
  if (/[\s/\\?#@,]/.test(host)) return undefined

  // Each is made anew, or looked up at least, whenever it is asked for.
  const { url } = request
  const cf = cfOf(request)
  const scheme = url.startsWith('https:') ? 'https' : 'http'
  const { ip, port } = addressIn(cf, request.headers)
  return new WorkersRequest(request, {
    exact,
    target: toByteString(targetOf(url, host)),
    headers,
    httpVersion: versionOf(cf),
    scheme,
    ip,
    port,
    localPort: listener.port ?? (scheme === 'https' ? 443 : 80),
    // Its stream, handed to `fetch` untouched, never enters our code.
    body: requestBody(request, headerOf(headers, 'content-length')),
    upgrade: headerOf(headers, 'upgrade')?.toLowerCase() === 'websocket',
  })
}

interface ReadParts extends Omit<ClientRequest, 'method' | 'gone' | 'onGone'> {
  readonly exact: boolean
}

/** A class, as V8 takes microseconds to make an object with a getter of its own. */
export class WorkersRequest implements ClientRequest {
  readonly method
  readonly target
  readonly headers
  readonly httpVersion
  readonly scheme
  readonly ip
  readonly port
  readonly localPort
  readonly body
  readonly upgrade
  readonly #exact: boolean
  readonly #request: Request

  constructor(request: Request, parts: ReadParts) {
    this.method = request.method
    this.target = parts.target
    this.headers = parts.headers
    this.httpVersion = parts.httpVersion
    this.scheme = parts.scheme
    this.ip = parts.ip
    this.port = parts.port
    this.localPort = parts.localPort
    this.body = parts.body
    this.upgrade = parts.upgrade
    this.#exact = parts.exact
    this.#request = request
  }

  /** What `headers` were read from; undefined where they say something else. */
  get received(): Headers | undefined {
    return this.#exact ? this.#request.headers : undefined
  }

  get gone(): boolean {
    return this.#request.signal.aborted
  }

  onGone(listener: () => void): void {
    // Once by its nature: a signal is aborted for good.
    this.#request.signal.addEventListener('abort', () => listener())
  }
}

function headersOf(received: Headers): { readonly headers: HeaderList; readonly exact: boolean } {
  const headers: HeaderList = []
  let exact = true
  received.forEach((value, name) => {
    // Two Cookie lines arrive joined by a comma, which no server would split again.
    const joined = name === 'cookie' && value.includes(', ')
    if (joined) exact = false
    headers.push(name, toByteString(joined ? value.replaceAll(', ', '; ') : value))
  })
  return { headers, exact }
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
  return addressIn(cfOf(request), request.headers)
}

function addressIn(cf: CfProperties, headers: Headers): { ip: string; port: number } {
  const socket = cf.clientIp
  if (socket === undefined) return { ip: headers.get('cf-connecting-ip') ?? '', port: 0 }
  const at = socket.lastIndexOf(':')
  const ip = socket.startsWith('[') ? socket.slice(1, at - 1) : socket.slice(0, at)
  return { ip, port: Number(socket.slice(at + 1)) }
}

function versionOf({ httpProtocol: protocol }: CfProperties): ClientRequest['httpVersion'] {
  if (protocol === 'HTTP/1.0') return '1.0'
  return protocol === 'HTTP/2' || protocol === 'HTTP/3' ? '2' : '1.1'
}
