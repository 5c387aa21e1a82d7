import type { HeaderList } from '../lib/header-list.ts'
import { headerOf, headersOf } from '../lib/header-list.ts'
import { SERVER_TOKEN } from '../lib/version.ts'
import { type HeaderView, type MutableHeaders, mutableHeaders } from '../pdk/headers.ts'
import type { Answer, ClientRequest } from '../ports/server.ts'
import { fillErrorTemplate, type TemplateForm } from '../settings/error-template.ts'
import type { Settings } from '../settings/settings.ts'
import { type BodyForm, formNamed, formOf } from './accept.ts'
import type { Content } from './content.ts'
import { type OwnHeaders, ownHeaders } from './own-headers.ts'

/** Why a request is not, or could not be, passed on. */
export interface Refusal {
  readonly status: number
  /** In Kong's words; the status' own text when absent. */
  readonly message?: string
  /** What nginx answers in front of Kong: its errors heed the request's Content-Type too. */
  readonly fromServer?: boolean
  /** gRPC clients are told the message and not the name of their status; so they are `fromServer`. */
  readonly spelledOut?: true
  readonly headers?: HeaderList
  /** When it was sent to the upstream that failed: Kong's headers are those of a proxied answer. */
  readonly sentAt?: number
}

/** The settings an error's answer goes by. */
type OfErrors = 'headers' | 'headersUpstream' | 'errorDefaultType' | 'errorTemplates'

/** What an error's answer is made of. */
export interface ErrorOptions extends Refusal {
  /** Absent when it could not even be read. */
  readonly request?: Pick<ClientRequest, 'method' | 'headers'> &
    Partial<Pick<ClientRequest, 'httpVersion'>>
  readonly requestId: string
  readonly settings: Pick<Settings, OfErrors>
  /** Milliseconds since the request came. */
  readonly latency?: number
  readonly reached?: Reached
}

/** How long it took to come to a failing upstream, and there. */
export interface Reached {
  /** Undefined where none was asked now. */
  readonly status: number | undefined
  readonly proxyLatency: number
  readonly upstreamLatency: number
  readonly grpc: boolean
}

const TEXTS: ReadonlyMap<number, string> = new Map([
  [400, 'Bad request'],
  [404, 'Not found'],
  [405, 'Method not allowed'],
  [408, 'Request timeout'],
  [411, 'Length required'],
  [412, 'Precondition failed'],
  [413, 'Payload too large'],
  [414, 'URI too long'],
  [417, 'Expectation failed'],
  [500, 'An unexpected error occurred'],
  [502, 'An invalid response was received from the upstream server'],
  [503, 'The upstream server is currently unavailable'],
  [504, 'The upstream server is timing out'],
])

const CONTENT_TYPES: Readonly<Record<BodyForm, string>> = {
  json: 'application/json; charset=utf-8',
  plain: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  grpc: 'application/grpc',
}

const encoder = new TextEncoder()

/** An error of our own, in the form the client reads and with Kong's texts. */
export function errorAnswer(o: ErrorOptions): Answer {
  const { status, reason, headers, body } = errorContent(o)
  pushOwn(headers, o)
  return { status, reason, headers, body }
}

/** The same before the headers that are on every answer of ours. */
export function errorContent(o: ErrorOptions): Content {
  // Kong: 494 is nginx' own number for a head too large; clients see 400.
  const status = o.status === 494 ? 400 : o.status
  const message = o.message ?? TEXTS.get(status) ?? `The upstream server responded with ${status}`
  const type = o.headers === undefined ? undefined : headerOf(o.headers, 'content-type')
  const form = type === undefined ? formFor(o) : formNamed(type)
  const body = form === 'grpc' ? undefined : encoder.encode(bodyOf(form, message, o))

  const headers: HeaderList = type === undefined ? ['Content-Type', CONTENT_TYPES[form]] : []
  if (form === 'grpc') {
    const code = grpcStatus(status)
    const told = o.fromServer === true || o.spelledOut === true ? message : GRPC_NAMES.get(code)
    headers.push('grpc-status', `${code}`, 'grpc-message', told ?? message)
  }
  headers.push('Content-Length', `${body?.length ?? 0}`)
  if (o.headers !== undefined) headers.push(...o.headers)
  return contentOf({ status, headers, body }, o)
}

/** In the operator's words where there are any. */
function bodyOf(form: TemplateForm, text: string, { settings, requestId }: ErrorOptions): string {
  const template = settings.errorTemplates?.[form]
  if (template === undefined) return BODIES[form](text, requestId)
  return fillErrorTemplate(template, { message: ESCAPES[form](text), requestId })
}

/** An answer of our own without a body, such as a redirect. */
export function bareAnswer(o: ErrorOptions): Answer {
  const { status, reason, headers, body } = bareContent(o)
  pushOwn(headers, o)
  return { status, reason, headers, body }
}

/** The same before the headers that are on every answer of ours. */
export function bareContent(o: ErrorOptions): Content {
  const headers: HeaderList = [...(o.headers ?? []), 'Content-Length', '0']
  return contentOf({ status: o.status, headers, body: undefined }, o)
}

function contentOf(
  { status, headers, body }: Pick<Content, 'status' | 'headers' | 'body'>,
  { request }: ErrorOptions,
): Content {
  const head = request?.method === 'HEAD'
  const none = { trailers: undefined, tunnel: undefined }
  return { status, reason: '', headers, body: head ? undefined : body, head, ...none }
}

/** Puts the headers that are on every answer of ours in the place of what plugins made of them. */
export function pushOwn(list: HeaderList, o: OwnOptions): void {
  const own = ownHeaders(o.settings)
  const headers = mutableHeaders(list)
  if (o.reached !== undefined) setReached(headers, own, o.reached)
  else if (own.responseLatency) headers.set('X-Kong-Response-Latency', `${o.latency ?? 0}`)
  if (!keepsServer(headers, own, o.reached)) {
    headers.delete('server')
    if (own.server) headers.set('Server', SERVER_TOKEN)
  }
  if (own.requestId) headers.set('X-Kong-Request-Id', o.requestId)
}

function setReached(headers: MutableHeaders, own: OwnHeaders, reached: Reached): void {
  const { status, upstreamLatency, proxyLatency, grpc } = reached
  if (own.upstreamStatus && status !== undefined) {
    headers.set('X-Kong-Upstream-Status', `${status}`)
  }
  if (own.upstreamLatency) headers.set('X-Kong-Upstream-Latency', `${upstreamLatency}`)
  if (own.proxyLatency) headers.set('X-Kong-Proxy-Latency', `${proxyLatency}`)
  if (own.via) headers.set('Via', `${grpc ? '2' : '1.1'} ${SERVER_TOKEN}`)
}

/** Kong: of what we answer alone only that which bears our Via has a Server by a plugin. */
function keepsServer(headers: HeaderView, own: OwnHeaders, reached: Reached | undefined): boolean {
  if (reached !== undefined) return headers.has('server')
  return own.via && headers.get('via') === SERVER_TOKEN
}

/** What they are made of. */
export type OwnOptions = Pick<ErrorOptions, 'settings' | 'latency' | 'requestId' | 'reached'>

/** Kong's own errors ask all of Accept; nginx' its first line, the request's Content-Type, the setting. */
function formFor(o: ErrorOptions): BodyForm {
  const headers = o.request?.headers ?? []
  const contentType = headerOf(headers, 'content-type')
  const http2 = o.request?.httpVersion === '2'
  if (o.fromServer !== true) {
    if (isGrpc(contentType, http2)) return 'grpc'
    return formOf(headersOf(headers, 'accept').join(','))
  }
  const asked = headerOf(headers, 'accept') ?? contentType ?? o.settings.errorDefaultType
  if (isGrpc(asked, http2)) return 'grpc'
  return isGrpc(asked, true) ? 'json' : formOf(asked)
}

/** Whether a client speaks gRPC: its errors are headers. */
export function isGrpcRequest({
  headers,
  httpVersion,
}: Pick<ClientRequest, 'headers' | 'httpVersion'>): boolean {
  return isGrpc(headerOf(headers, 'content-type'), httpVersion === '2')
}

/** Kong: without HTTP/2 it is no gRPC, whatever its type; but gRPC-Web knows errors as headers alone. */
function isGrpc(type: string | undefined, http2: boolean): boolean {
  return type?.startsWith(http2 ? 'application/grpc' : 'application/grpc-web') === true
}

const BODIES: Readonly<Record<Exclude<BodyForm, 'grpc'>, (text: string, id: string) => string>> = {
  json: (text, id) => `{\n  "message":${JSON.stringify(text)},\n  "request_id":"${id}"\n}`,
  plain: (text, id) => `${text}\nrequest_id: ${id}\n`,
  html: (text, id) =>
    '<!doctype html>\n<html>\n  <head>\n    <meta charset="utf-8">\n    <title>Error</title>\n' +
    '  </head>\n  <body>\n    <h1>Error</h1>\n' +
    `    <p>${escapeMarkup(text)}.</p>\n    <p>request_id: ${id}</p>\n  </body>\n</html>\n`,
  xml: (text, id) =>
    '<?xml version="1.0" encoding="UTF-8"?>\n<error>\n' +
    `  <message>${escapeMarkup(text)}</message>\n  <requestid>${id}</requestid>\n</error>\n`,
}

/** What a message is made into that stands inside of a text of that form. */
const ESCAPES: Readonly<Record<TemplateForm, (text: string) => string>> = {
  json: (text) => JSON.stringify(text).slice(1, -1),
  plain: (text) => text,
  html: escapeMarkup,
  xml: escapeMarkup,
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const GRPC_STATUS: ReadonlyMap<number, number> = new Map([
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 5],
  [409, 6],
  [429, 8],
  [499, 1],
  [500, 13],
  [501, 12],
  [503, 14],
  [504, 4],
])

const GRPC_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'OK'],
  [1, 'Canceled'],
  [2, 'Unknown'],
  [3, 'InvalidArgument'],
  [4, 'DeadlineExceeded'],
  [5, 'NotFound'],
  [6, 'AlreadyExists'],
  [7, 'PermissionDenied'],
  [8, 'ResourceExhausted'],
  [12, 'Unimplemented'],
  [13, 'Internal'],
  [14, 'Unavailable'],
  [16, 'Unauthenticated'],
])

/** Kong: what bears gRPC's type tells its status and the name of it, but where a plugin did. */
export function grpcHeaders(status: number, headers: HeaderList): HeaderList {
  if (headerOf(headers, 'grpc-status') !== undefined) return []
  const code = grpcStatus(status)
  const message = headerOf(headers, 'grpc-message') === undefined ? GRPC_NAMES.get(code) : undefined
  return [
    ...['grpc-status', `${code}`],
    ...(message === undefined ? [] : ['grpc-message', message]),
  ]
}

function grpcStatus(status: number): number {
  const known = GRPC_STATUS.get(status)
  if (known !== undefined) return known
  if (status >= 500) return 13
  if (status >= 400) return 3
  return status >= 200 && status < 300 ? 0 : 2
}
