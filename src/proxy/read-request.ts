import type { ClientRequest } from '../ports/server.ts'
import { normalizeTarget, type Target } from '../router/path.ts'
import { type ClientHeaders, readClientHeaders } from './headers.ts'

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
  if (client.host === undefined ? request.httpVersion !== '1.0' : !isHost(client.host)) {
    return undefined
  }
  if (target.authority !== undefined && !isHost(target.authority)) return undefined
  return { target, client, host: target.authority ?? client.host ?? '' }
}

/** Two Host headers come as one with a comma in it. */
function isHost(host: string): boolean {
  if (host === '' || host.charCodeAt(0) === 0x3a) return false
  for (let i = 0; i < host.length; i++) {
    const char = host.charCodeAt(i)
    if (char <= 0x20 || char === 0x7f || NOT_IN_HOST.has(char)) return false
  }
  return true
}

const NOT_IN_HOST = new Set(Array.from('/\\?#@,"<>', (char) => char.charCodeAt(0)))
