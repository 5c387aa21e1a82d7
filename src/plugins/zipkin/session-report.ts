import type { Session, SessionRecord } from '../../pdk/session.ts'
import {
  annotations,
  remoteEndpoint,
  spanOf,
  type Trace,
  textTags,
  type ZipkinSpan,
} from './span.ts'
import { farEnd, farTags, type Reported, type SpanFields, trySpans } from './try-spans.ts'

/** What is known of a session's trace from its beginning. */
export interface SessionTrace extends Trace {
  /** Milliseconds since 1970, when plugins were asked whether it may come in. */
  readonly prereadAt: number
}

/** What a configuration says of a session's spans. */
export interface SessionReportFields extends SpanFields {
  readonly phase_duration_flavor: 'annotations' | 'tags'
}

interface SessionReport extends Reported {
  readonly config: SessionReportFields
  readonly session: Session
  readonly trace: SessionTrace
  readonly nodeId: string | undefined
  readonly endedAt: number
}

/** Kong's spans of a session: one of each try at a peer, one of what lies behind us, one of the whole. */
export function reportedSessionSpans(report: SessionReport): ZipkinSpan[] {
  const facts = report.session.facts()
  return [...trySpans(report, facts), proxySpan(report, facts), wholeSpan(report)]
}

function wholeSpan(report: SessionReport): ZipkinSpan {
  const { config, session, trace, nodeId, endedAt } = report
  const { name } = trace
  return {
    ...spanOf(report, { name, kind: 'SERVER', from: session.startedAt, to: endedAt }),
    id: trace.spanId,
    remoteEndpoint: remoteEndpoint(config.default_service_name, session.client),
    ...textTags({ ...trace.tags, 'kong.node.id': nodeId }),
  }
}

function proxySpan(report: SessionReport, facts: SessionRecord): ZipkinSpan {
  const { config, trace, endedAt } = report
  const { prereadAt } = trace
  const annotated = config.phase_duration_flavor === 'annotations'
  // Kong: for what was refused or had no peer, plugins have not come to an end before the session.
  const triedAt = facts.tries[0]?.balancer_start
  const prereadEndedAt = triedAt === undefined ? endedAt : Math.max(prereadAt, triedAt)
  return {
    ...spanOf(report, {
      name: `${trace.name} (proxy)`,
      kind: 'CLIENT',
      from: prereadAt,
      to: endedAt,
    }),
    id: trace.proxySpanId,
    parentId: trace.spanId,
    ...farEnd(config, facts),
    ...textTags({
      ...(annotated || triedAt === undefined
        ? {}
        : { 'kong.preread.duration_ms': Math.floor(prereadEndedAt - prereadAt) }),
      ...farTags(facts),
    }),
    ...(annotated
      ? annotations([
          ['kps', prereadAt],
          ['kpf', prereadEndedAt],
        ])
      : {}),
  }
}
