import type { Content } from '../http/content.ts'
import { type HeaderTable, headerTable } from '../http/header-table.ts'
import type { OwnHeaders } from '../http/own-headers.ts'
import type { Body } from '../lib/bytes.ts'
import { type HeaderList, headerOf } from '../lib/header-list.ts'
import { SERVER_TOKEN } from '../lib/version.ts'
import type { Answer } from '../ports/server.ts'
import type { Incoming } from '../ports/transport.ts'
import { once } from './answer-side.ts'
import type { HashCookie } from './hash-input.ts'
import { readUpstreamHeaders, type UpstreamHeaders } from './headers.ts'

/** What an upstream's answer becomes on its way to the client. */
export interface AnswerParts {
  readonly incoming: Incoming
  readonly own: OwnHeaders
  /** Names of ours that overwrite the upstream's. */
  readonly ours: HeaderTable<true>
  readonly requestId: string
  /** The client sent `TE: trailers`. */
  readonly trailers: boolean
  /** The client asked to upgrade to a WebSocket. */
  readonly upgrade: boolean
  /** The client's method was HEAD. */
  readonly head: boolean
  readonly grpc: boolean
  /** Whole milliseconds until we sent the request, and until the upstream answered it. */
  readonly proxyLatency: number
  readonly upstreamLatency: number
  /** Route and service, when `Kong-Debug` asked for them. */
  readonly debug: HeaderList | undefined
  /** Keeps the client with its target; undefined for one that needs none. */
  readonly cookie: HashCookie | undefined
  readonly finished: (whole: boolean) => void
  readonly unwatched: boolean
}

/** The names in `own` that neither an upstream nor a plugin can set. */
export function namesOfOurs(own: OwnHeaders): HeaderTable<true> {
  const names: string[] = []
  if (own.requestId) names.push('x-kong-request-id')
  if (own.proxyLatency) names.push('x-kong-proxy-latency')
  if (own.upstreamLatency) names.push('x-kong-upstream-latency')
  if (own.upstreamStatus) names.push('x-kong-upstream-status')
  if (own.via) names.push('via')
  return headerTable(names.map((name) => [name, true]))
}

/** Takes out what plugins wrote under them. */
export function dropOurs(headers: HeaderList, ours: HeaderTable<true>): void {
  let kept = 0
  for (let i = 0; i < headers.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const name = headers[i] as string
    if (ours.find(name) !== undefined) continue
    if (kept !== i) {
      headers[kept] = name
      headers[kept + 1] = headers[i + 1] as string
    }
    kept += 2
  }
  if (kept < headers.length) headers.length = kept
}

/** Turns an upstream's answer into ours: status and body as they are, headers by Kong's rules. */
export function proxiedAnswer(parts: AnswerParts): Answer {
  const { content, upstream } = proxiedContent(parts)
  return finishedAnswer(content, { parts, upstream })
}

/** What passes of an upstream's answer, before our own headers. */
export function proxiedContent(parts: AnswerParts): Proxied {
  const { incoming } = parts
  const upstream = readUpstreamHeaders(incoming.headers, parts)
  const headers = upstream.kept
  const { status, tunnel } = incoming
  if (tunnel !== undefined) headers.push('Connection', 'upgrade', 'Upgrade', 'websocket')
  // Kong: the offer of what was asked for passes, as beside a 426.
  else if (parts.upgrade && upstream.upgrade?.toLowerCase() === 'websocket') {
    headers.push('Upgrade', upstream.upgrade)
  }

  const body = parts.head || status === 204 || status === 304 ? undefined : incoming.body
  // nginx passes gRPC's, asked for or not.
  const trailers = parts.trailers || parts.grpc ? incoming.trailers : undefined
  const trailing = trailers !== undefined || upstream.trailer !== undefined
  if (body instanceof Uint8Array && !upstream.hasLength && !trailing) {
    headers.push('Content-Length', `${body.length}`)
  }
  if (parts.cookie !== undefined) setCookie(headers, parts.cookie)
  const { reason } = incoming
  return {
    upstream,
    content: { status, reason, headers, body, trailers, tunnel, head: parts.head },
  }
}

/** What passes, and what was found beside it. */
export interface Proxied {
  readonly content: Content
  readonly upstream: UpstreamHeaders
}

/** Adds our own headers below. */
export function finishedAnswer(
  { status, reason, headers, body, trailers, tunnel }: Content,
  made: Made,
): Answer {
  pushOwn(headers, made)
  const { finished, unwatched, incoming } = made.parts
  return {
    status,
    reason,
    headers,
    body: withTrailer(headers, body, made),
    trailers,
    tunnel,
    finished,
    unwatched,
    incoming,
  }
}

/** Trailers can be named where no length is told alone: such a body goes in pieces, be it whole. */
function withTrailer(
  headers: HeaderList,
  body: Body | undefined,
  { upstream: { trailer } }: Made,
): Body | undefined {
  if (trailer === undefined || body === undefined) return body
  if (headerOf(headers, 'content-length') !== undefined) return body
  headers.push('Trailer', trailer)
  return body instanceof Uint8Array ? once(body) : body
}

/** What our own headers are made of. */
export interface Made {
  readonly parts: AnswerParts
  readonly upstream: UpstreamHeaders
}

/** Kong: the upstream's own cookie of that name is replaced, the others stay. */
function setCookie(headers: HeaderList, { prefix, header }: HashCookie): void {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() !== 'set-cookie') continue
    if (headers[i + 1]?.startsWith(prefix) !== true) continue
    headers[i + 1] = header
    return
  }
  headers.push('Set-Cookie', header)
}

const VIA = `1.1 ${SERVER_TOKEN}`
const VIA_GRPC = `2 ${SERVER_TOKEN}`

function pushOwn(headers: HeaderList, { parts, upstream }: Made): void {
  const { own } = parts
  if (own.server && !upstream.hasServer) headers.push('Server', SERVER_TOKEN)
  if (own.upstreamStatus) headers.push('X-Kong-Upstream-Status', `${parts.incoming.status}`)
  if (own.upstreamLatency) headers.push('X-Kong-Upstream-Latency', `${parts.upstreamLatency}`)
  if (own.proxyLatency) headers.push('X-Kong-Proxy-Latency', `${parts.proxyLatency}`)
  const via = parts.grpc ? VIA_GRPC : VIA
  if (own.via) headers.push('Via', upstream.via === undefined ? via : `${upstream.via}, ${via}`)
  else if (upstream.via !== undefined) headers.push('Via', upstream.via)
  if (own.requestId) headers.push('X-Kong-Request-Id', parts.requestId)
  if (parts.debug !== undefined) headers.push(...parts.debug)
}
