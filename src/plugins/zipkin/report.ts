import type { Exchange } from '../../pdk/exchange.ts'
import type { LogRecord } from '../../pdk/log-record.ts'
import type { RequestTrace } from './request-trace.ts'
import {
  annotations,
  remoteEndpoint,
  spanOf,
  type Tags,
  textTags,
  type ZipkinSpan,
} from './span.ts'
import { farEnd, farTags, type Reported, type SpanFields, trySpans } from './try-spans.ts'

/** What a configuration says of spans. */
interface ReportFields extends SpanFields {
  readonly include_credential: boolean
  readonly phase_duration_flavor: 'annotations' | 'tags'
}

/** What a report is made of. */
interface Report extends Reported {
  readonly config: ReportFields
  readonly exchange: Exchange
  readonly trace: RequestTrace
  readonly nodeId: string | undefined
  readonly endedAt: number
}

/** Kong's spans of a request: one of each try at a peer, one of what lies behind us, one of the whole. */
export function reportedSpans(report: Report): ZipkinSpan[] {
  const record = report.exchange.record()
  const phases = phasesOf(report, record)
  return [
    ...trySpans(report, record),
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
    ...farEnd(config, record),
    ...textTags({
      ...(annotated ? {} : durationTags(phases)),
      ...farTags(record),
      'peer.hostname': report.exchange.upstream.peerName,
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
