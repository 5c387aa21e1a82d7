import type { Exchange } from '../../pdk/exchange.ts'
import type { LogRecord, TryRecord } from '../../pdk/log-record.ts'
import { getOwn } from '../../schema/field.ts'
import { type Attributes, CLIENT, type OtlpSpan, SERVER } from './otlp.ts'

/** What is known of a request's trace since its headers were written. */
export interface RequestTrace {
  readonly traceId: string
  /** Of whoever asked us. */
  readonly parentId: string | undefined
  readonly rootId: string
  /** Of the try that the upstream has answered; it was told so. */
  readonly balancerId: string
  readonly sampled: boolean
}

/** The moment the answer had left, and what makes further ids. */
export interface Ending {
  readonly endedAt: number
  readonly newSpanId: () => string
}

/** Kong's spans of a request: one of the whole, and one of each try at a peer. */
export function requestSpans(exchange: Exchange, trace: RequestTrace, ending: Ending): OtlpSpan[] {
  const record = exchange.record()
  const { traceId, rootId, parentId } = trace
  const root: OtlpSpan = {
    traceId,
    spanId: rootId,
    parentId,
    name: 'kong',
    kind: SERVER,
    startedAt: exchange.startedAt,
    endedAt: ending.endedAt,
    attributes: rootAttributes(exchange, record),
  }
  const tries = (record.tries ?? []).map((one, i) => trySpan(trace, { one, i, ending, exchange }))
  return [root, ...tries]
}

function rootAttributes({ request, client, id }: Exchange, record: LogRecord): Attributes {
  const { method, scheme, host, httpVersion } = request
  const paths = getOwn(record.route ?? {}, 'paths')
  const path: unknown = Array.isArray(paths) ? paths[0] : undefined
  return {
    'http.method': method,
    'http.url': `${scheme}://${host}${record.request.uri}`,
    'http.host': host,
    'http.scheme': scheme,
    'http.flavor': httpVersion === '2' ? '2.0' : httpVersion,
    'http.client_ip': client.ip,
    'net.peer.ip': client.peerIp,
    'kong.request.id': id,
    'http.status_code': record.response.status,
    'http.route': typeof path === 'string' ? path : '',
  }
}

interface Try {
  readonly one: TryRecord
  readonly i: number
  readonly ending: Ending
  readonly exchange: Exchange
}

/**
 * Kong: a try that failed ends when it failed, the one that was answered with the answer's end; all
 * bear the name of the last.
 */
function trySpan(trace: RequestTrace, { one, i, ending, exchange }: Try) {
  const { traceId, rootId, balancerId } = trace
  const failed = one.state !== undefined
  const span: OtlpSpan = {
    traceId,
    spanId: failed ? ending.newSpanId() : balancerId,
    parentId: rootId,
    name: 'kong.balancer',
    kind: CLIENT,
    startedAt: one.balancer_start,
    endedAt: failed ? one.balancer_start + one.balancer_latency : ending.endedAt,
    attributes: {
      try_count: i + 1,
      'net.peer.ip': one.ip,
      'net.peer.port': one.port,
      ...(failed ? { 'http.status_code': one.code } : {}),
      'net.peer.name': exchange.upstream.peerName,
    },
    failed,
  }
  return span
}
