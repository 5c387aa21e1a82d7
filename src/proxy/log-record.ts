import { fromByteString } from '../lib/byte-string.ts'
import type { Exchange } from '../pdk/exchange.ts'
import type { HeaderRecord, LogRecord, RequestRecord } from '../pdk/log-record.ts'
import { changedLogRecord, logValuesOf } from '../pdk/log-values.ts'
import { WORKSPACE } from '../pdk/workspace.ts'
import type { ClientTls } from '../ports/server.ts'
import type { Row } from '../schema/entity.ts'
import { seenPort } from '../settings/port-maps.ts'
import type { Settings } from '../settings/settings.ts'
import type { LiveExchange, Recorder } from './live-exchange.ts'
import { loggedRow } from './logged-row.ts'
import { headSize } from './message-size.ts'
import { targetOf } from './plan.ts'

type TlsRecord = Required<RequestRecord>['tls']

/** Where a record looks up what it names. */
export interface StoredRows {
  get(entity: string, id: string): Row | undefined
}

/** What records are made with. */
interface RecordSources {
  readonly rows?: StoredRows
  readonly settings: Pick<Settings, 'portMaps'>
}

/** Makes records of what passed, in Kong's words. */
export function createRecorder({ rows, settings }: RecordSources): Recorder {
  const found = (entity: string, id: string | undefined) => {
    const row = id === undefined || id === '' ? undefined : rows?.get(entity, id)
    return row && loggedRow(row)
  }

  return (exchange) => {
    const { client, route, service } = exchange
    const { consumer } = client
    const status = exchange.isAnswered ? exchange.response.serviceStatus : undefined
    return changedLogRecord(exchange, {
      request: requestRecord(exchange, settings),
      response: responseRecord(exchange),
      latencies: latenciesOf(exchange),
      client_ip: client.ip,
      started_at: Math.floor(exchange.startedAt),
      upstream_uri: upstreamUri(exchange),
      upstream_status: status === undefined ? '' : `${status}`,
      source: sourceOf(exchange),
      ...WORKSPACE,
      // Kong: without a route no balancer was asked.
      ...optional('tries', route === undefined ? undefined : exchange.tries),
      ...optional('route', found('routes', route?.id)),
      ...optional('service', found('services', service?.id)),
      ...optional('consumer', found('consumers', consumer?.id)),
      ...optional('authenticated_entity', entityOf(exchange)),
      ...logValuesOf(exchange),
    })
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  // A computed key widens to string, though it is just this one.
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V })
}

/** Kong asks the credential itself for a `consumer_id`: those of the bundled plugins name a `consumer`, and only a session's has one. */
function entityOf({ client: { credential } }: Exchange) {
  if (credential === undefined) return undefined
  return { id: credential.id, ...optional('consumer_id', credential.consumer_id) }
}

/** Kong: whoever of us answers, the proxy or a plugin, it is `kong`. */
function sourceOf(exchange: LiveExchange): LogRecord['source'] {
  return exchange.isAnswered && exchange.response.source === 'service' ? 'upstream' : 'kong'
}

function requestRecord(
  exchange: LiveExchange,
  { portMaps }: RecordSources['settings'],
): RequestRecord {
  const { request, passing, id } = exchange
  const { method, scheme, host } = request
  const { tls } = passing.request
  const uri = fromByteString(uriOf(exchange))
  // Kong: the port that clients see.
  const port = seenPort(request.port, portMaps)
  const size = headSize(method.length + passing.request.target.length + 12, passing.request.headers)
  return {
    id,
    method,
    uri,
    url: `${scheme}://${host}:${port}${uri}`,
    size: size + (request.bodyLength ?? 0),
    querystring: querystringOf(exchange),
    headers: withoutRequestId(headerRecord(request.headers.list, HIDDEN), id),
    ...optional('tls', tls && tlsRecord(tls)),
  }
}

/** How a connection is encrypted, in Kong's words: what nginx says of the client's certificate. */
export function tlsRecord({ version, cipher, certificate }: ClientTls): TlsRecord {
  const client_verify = certificate === undefined ? 'NONE' : `FAILED:${certificate.error}`
  return { version, cipher, client_verify }
}

/** What we tell the upstream is not the client's. */
function withoutRequestId(headers: HeaderRecord, id: string): HeaderRecord {
  const { 'x-kong-request-id': told, ...others } = headers
  return told === id ? others : headers
}

/** As it came; a query that plugins took a secret out of is not told with it. */
function uriOf({ asked: { read }, request }: LiveExchange): string {
  const { rawPath, query } = read.target
  const { rawQuery } = request
  if (rawQuery === query.slice(1)) return rawPath + query
  return rawQuery === '' ? rawPath : `${rawPath}?${rawQuery}`
}

function upstreamUri(exchange: LiveExchange): string {
  const { upstream, service } = exchange
  return service === undefined && upstream.target === undefined ? '' : targetOf(exchange)
}

function querystringOf({ request }: LiveExchange): Readonly<Record<string, unknown>> {
  const found = new Map<string, unknown>()
  for (const [name, value] of request.queryArgs()) {
    const before = found.get(name)
    found.set(
      name,
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value],
    )
  }
  return Object.fromEntries(found)
}

/** Kong: what proves who somebody is is not written down. */
const HIDDEN = new Set(['authorization', 'proxy-authorization'])
const NONE: ReadonlySet<string> = new Set()

function headerRecord(list: readonly string[], hidden = NONE): HeaderRecord {
  const found = new Map<string, string | string[]>()
  for (let i = 0; i < list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const name = (list[i] as string).toLowerCase()
    const value = hidden.has(name) ? 'REDACTED' : fromByteString(list[i + 1] as string)
    const before = found.get(name)
    if (before === undefined) found.set(name, value)
    else found.set(name, Array.isArray(before) ? [...before, value] : [before, value])
  }
  return Object.fromEntries(found)
}

function responseRecord(exchange: LiveExchange): LogRecord['response'] {
  if (!exchange.isAnswered) return { status: 0, size: 0, headers: {} }
  const { response, progress } = exchange
  return {
    status: response.status,
    size: progress.sent,
    headers: headerRecord(response.headers.list),
  }
}

function latenciesOf({ progress, startedAt }: LiveExchange): LogRecord['latencies'] {
  const { kong = 0, upstream, endedAt = startedAt } = progress
  const request = Math.max(0, Math.floor(endedAt - startedAt))
  const receive = upstream === undefined ? 0 : Math.max(0, request - kong - upstream)
  return { kong, proxy: upstream ?? -1, request, receive }
}
