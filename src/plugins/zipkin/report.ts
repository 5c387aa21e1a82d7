import type { Exchange } from '../../pdk/exchange.ts'
import type { LogRecord, TryRecord } from '../../pdk/log-record.ts'
import type { Row } from '../../schema/entity.ts'
import type { RequestTrace } from './request-trace.ts'
import {
  type Annotation,
  microseconds,
  remoteEndpoint,
  type Tags,
  textTags,
  type ZipkinSpan,
} from './span.ts'

/** What a configuration says of spans. */
export interface ReportFields {
  readonly local_service_name: string
  readonly default_service_name: string | null
  readonly include_credential: boolean
  readonly phase_duration_flavor: 'annotations' | 'tags'
}

/** What a report is made of. */
export interface Report {
  readonly config: ReportFields
  readonly exchange: Exchange
  readonly trace: RequestTrace
  readonly nodeId: string | undefined
  readonly endedAt: number
  readonly newSpanId: () => string
}

/** Kong's spans of a request: one of each try at a peer, one of what lies behind us, one of the whole. */
export function reportedSpans(report: Report): ZipkinSpan[] {
  const record = report.exchange.record()
  const phases = phasesOf(report, record)
  return [
    ...(record.tries ?? []).map((one, i) => trySpan(report, record, { one, i })),
    proxySpan(report, record, phases),
    requestSpan(report, record, phases),
  ]
}

/** When phases began and ended, in milliseconds since 1970. */
interface Phases {
  readonly startedAt: number
  readonly accessAt: number
  readonly accessEndedAt: number
  readonly answeredAt: number
  readonly endedAt: number
}

function phasesOf({ exchange, trace, endedAt }: Report, record: LogRecord): Phases {
  const { startedAt } = exchange
  const accessAt = trace.accessAt ?? endedAt
  const accessEndedAt = Math.min(endedAt, Math.max(accessAt, startedAt + record.latencies.kong))
  return { startedAt, accessAt, accessEndedAt, answeredAt: trace.answeredAt ?? endedAt, endedAt }
}

function requestSpan(report: Report, record: LogRecord, phases: Phases): ZipkinSpan {
  const { config, exchange, trace, nodeId } = report
  const { client } = exchange
  const annotated = config.phase_duration_flavor === 'annotations'
  const { startedAt, accessAt, endedAt } = phases
  return {
    ...spanOf(report, { name: trace.name, kind: 'SERVER', from: startedAt, to: endedAt }),
    id: trace.spanId,
    ...(trace.parentId === undefined ? {} : { parentId: trace.parentId }),
    remoteEndpoint: remoteEndpoint(config.default_service_name, client),
    ...textTags({
      ...trace.tags,
      'http.status_code': record.response.status,
      'kong.consumer': client.consumer?.id,
      'kong.credential': config.include_credential ? client.credential?.id : undefined,
      'kong.node.id': nodeId,
      ...(annotated ? {} : { 'kong.rewrite.duration_ms': Math.floor(accessAt - startedAt) }),
    }),
    ...(annotated
      ? annotations([
          ['krs', startedAt],
          ['krf', accessAt],
        ])
      : {}),
  }
}

function proxySpan(report: Report, record: LogRecord, phases: Phases): ZipkinSpan {
  const { config, trace } = report
  const { accessAt, accessEndedAt, answeredAt, endedAt } = phases
  const annotated = config.phase_duration_flavor === 'annotations'
  const name = `${trace.name} (proxy)`
  const last = record.tries?.at(-1)
  const moments = [
    ['khs', answeredAt],
    ['khf', answeredAt],
    ['kbs', answeredAt],
    ['kas', accessAt],
    ['kaf', accessEndedAt],
    ['kbf', endedAt],
  ] as const
  return {
    ...spanOf(report, { name, kind: 'CLIENT', from: accessAt, to: endedAt }),
    id: trace.proxySpanId,
    parentId: trace.spanId,
    remoteEndpoint: remoteEndpoint(serviceName(report, record), last),
    ...textTags({
      ...(annotated ? {} : durationTags(phases)),
      'peer.hostname': last === undefined ? undefined : textOf(record.service, 'host'),
      ...placeTags(record),
    }),
    ...(annotated ? annotations(moments) : {}),
  }
}

function durationTags({ accessAt, accessEndedAt, answeredAt, endedAt }: Phases): Tags {
  return {
    'kong.access.duration_ms': Math.floor(accessEndedAt - accessAt),
    'kong.header_filter.duration_ms': 0,
    'kong.body_filter.duration_ms': Math.floor(endedAt - answeredAt),
  }
}

interface Try {
  readonly one: TryRecord
  readonly i: number
}

/** Kong: what failed a try is told of all but the last. */
function trySpan(report: Report, record: LogRecord, { one, i }: Try): ZipkinSpan {
  const { trace, newSpanId } = report
  const name = `${trace.name} (balancer try ${i + 1})`
  const [from, to] = [one.balancer_start, one.balancer_start + one.balancer_latency]
  const isLast = i === (record.tries?.length ?? 0) - 1
  return {
    ...spanOf(report, { name, kind: 'CLIENT', from, to }),
    id: newSpanId(),
    parentId: trace.spanId,
    remoteEndpoint: remoteEndpoint(serviceName(report, record), one),
    ...textTags({
      'kong.balancer.try': i + 1,
      ...(isLast
        ? {}
        : { error: true, 'kong.balancer.state': one.state, 'http.status_code': one.code }),
      ...placeTags(record),
    }),
  }
}

interface SpanParts {
  readonly name: string
  readonly kind: ZipkinSpan['kind']
  readonly from: number
  readonly to: number
}

function spanOf({ config, trace }: Report, { name, kind, from, to }: SpanParts) {
  return {
    traceId: trace.traceId,
    name,
    kind,
    timestamp: microseconds(from),
    duration: Math.max(0, microseconds(to) - microseconds(from)),
    localEndpoint: { serviceName: config.local_service_name },
  }
}

function annotations(moments: readonly (readonly [value: string, at: number])[]): {
  readonly annotations: readonly Annotation[]
} {
  return {
    annotations: moments.map(([value, at]) => ({ value, timestamp: microseconds(at) })),
  }
}

/** Kong: the route is told where there is a service. */
function placeTags({ service, route }: LogRecord): Tags {
  if (service === undefined) return {}
  return {
    'kong.service': service.id,
    'kong.service_name': textOf(service, 'name'),
    'kong.route': route?.id,
    'kong.route_name': textOf(route, 'name'),
  }
}

function serviceName({ config }: Report, { service }: LogRecord): string | null {
  return textOf(service, 'name') ?? config.default_service_name
}

function textOf(row: Row | undefined, field: string): string | undefined {
  const value = row?.[field]
  return typeof value === 'string' ? value : undefined
}
