import type { ClientRequest } from '../ports/server.ts'
import { normalizeTarget, type Target } from '../router/path.ts'
import { type ClientHeaders, LONGEST_LINE, readClientHeaders } from './headers.ts'

/** What is known of a request once it was read. */
export interface RequestParts {
  readonly target: Target
  readonly client: ClientHeaders
  /** The Host header, or the authority of an absolute-form target; empty only in HTTP/1.0. */
  readonly host: string
}

/** Undefined for what nginx answers 400: no origin-form path, not exactly one sound Host. */
export function readRequest(request: ClientRequest): RequestParts | undefined {
  const target = normalizeTarget(request.target)
  if (!target.wellFormed) return undefined

  const client = readClientHeaders(request.headers)
  if (client.tooLong) return undefined
  if (client.host === undefined ? request.httpVersion !== '1.0' : !isHost(client.host)) {
    return undefined
  }
  if (target.authority !== undefined && !isHost(target.authority)) return undefined
  return { target, client, host: target.authority ?? client.host ?? '' }
}

/** nginx: whether the request's first line is longer than it reads. */
export function isTargetTooLong({ method, target }: ClientRequest): boolean {
  return method.length + ' '.length + target.length + ' HTTP/1.1\r\n'.length > LONGEST_LINE
}

/** nginx reads no header behind such a line, so nobody gets to see one. */
export function withoutHeaders(request: ClientRequest): ClientRequest {
  const { method, target, httpVersion, scheme, ip, port, localIp, localPort } = request
  return {
    ...{ method, target, httpVersion, scheme, ip, port, localIp, localPort },
    headers: [],
    body: undefined,
    upgrade: false,
    get gone() {
      return request.gone
    },
    onGone: (listener) => request.onGone(listener),
  }
}

/** The same for logs of what was refused, as far as it can be read. */
export function readUnsound(request: ClientRequest): RequestParts {
  const client = readClientHeaders(request.headers)
  return { target: normalizeTarget(request.target), client, host: client.host ?? '' }
}

/** Two Host headers come as one with a comma in it. */
function isHost(host: string): boolean {
  return HOST.test(host)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no host holds
const HOST = /^(?!:)[^\x00-\x20\x7f/\\?#@,"<>]+$/
