import type { Body } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import { SERVER_TOKEN } from '../lib/version.ts'
import type { ClientRequest, RequestBody } from '../ports/server.ts'
import { escapePath } from '../router/path.ts'
import type { Origin } from './forwarded.ts'
import { asksTrailers, type ClientHeaders, dropProxyAuthorization } from './headers.ts'

/** What the headers to the upstream are made of. */
export interface UpstreamRequestParts {
  readonly request: ClientRequest
  readonly client: ClientHeaders
  /** What goes up: the client's body, or what plugins made of it. */
  readonly body: Body | RequestBody | undefined
  readonly origin: Origin
  /** What strip_path took off; undefined when it took nothing. */
  readonly strippedPrefix: string | undefined
  /** Undefined when the setting keeps ours to ourselves. */
  readonly requestId: string | undefined
  /** A call of gRPC, which ends by trailers; nginx says so of all of them. */
  readonly grpc?: boolean
}

/** Completes a client's kept headers by ours; Host, in the first place, is set for each try. */
export function upstreamHeaders(parts: UpstreamRequestParts): HeaderList {
  const { request, client, origin } = parts
  const headers = client.kept
  if (client.proxyAuthorization !== undefined) {
    dropProxyAuthorization(headers, client.proxyAuthorization)
  }
  pushFraming(headers, parts)
  pushOrigin(headers, parts)
  if (parts.grpc === true || asksTrailers(client.te)) headers.push('TE', 'trailers')
  const via = VIA[request.httpVersion]
  headers.push('Via', client.via === undefined ? via : `${client.via}, ${via}`)
  headers.push('X-Real-IP', origin.ip)
  if (parts.requestId !== undefined) setRequestId(headers, parts.requestId)
  return headers
}

/** Kong: a number in Lua, so 1.0 is told as 1. */
const VIA = { '1.0': `1 ${SERVER_TOKEN}`, '1.1': `1.1 ${SERVER_TOKEN}`, '2': `2 ${SERVER_TOKEN}` }

function pushFraming(headers: HeaderList, { request, client, body }: UpstreamRequestParts): void {
  if (request.upgrade) headers.push('Connection', 'keep-alive, Upgrade', 'Upgrade', 'websocket')
  else headers.push('Connection', 'keep-alive')

  const length = lengthOf(body)
  if (length !== undefined && (body !== undefined || client.contentLength !== undefined)) {
    headers.push('Content-Length', `${length}`)
  }
}

/** Undefined for one that goes chunked. */
function lengthOf(body: UpstreamRequestParts['body']): number | undefined {
  if (body === undefined) return 0
  return 'length' in body ? body.length : undefined
}

/** Kong: the peer's own address is appended always, even when somebody else's is believed. */
function pushOrigin(
  headers: HeaderList,
  { request, client, origin, strippedPrefix }: UpstreamRequestParts,
): void {
  const before = client.forwardedFor
  headers.push('X-Forwarded-For', before === undefined ? origin.ip : `${before}, ${request.ip}`)
  headers.push('X-Forwarded-Proto', origin.proto, 'X-Forwarded-Host', origin.host)
  headers.push('X-Forwarded-Port', origin.port, 'X-Forwarded-Path', origin.path)

  const prefix = origin.prefix ?? (strippedPrefix && sayable(strippedPrefix))
  if (prefix !== undefined) headers.push('X-Forwarded-Prefix', prefix)
}

/** A matched prefix is decoded: what no header value can hold is escaped. */
function sayable(prefix: string): string {
  return CONTROLS.test(prefix) ? escapePath(prefix) : prefix
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x1f\x7f]|^ | $/

/** Overwrites the client's, as Kong does. */
function setRequestId(headers: HeaderList, id: string): void {
  for (let i = headers.length - 2; i >= 2; i -= 2) {
    const name = headers[i] as string
    if (name.length === 17 && name.toLowerCase() === 'x-kong-request-id') headers.splice(i, 2)
  }
  headers.push('X-Kong-Request-Id', id)
}
