import type { Hooks } from '../../pdk/hooks.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { Session } from '../../pdk/session.ts'
import { newId } from '../tracing/trace-context.ts'
import { type AnyBeginningFields, staticTags } from './request-trace.ts'
import {
  reportedSessionSpans,
  type SessionReportFields,
  type SessionTrace,
} from './session-report.ts'
import type { ZipkinSpan } from './span.ts'

type Config = AnyBeginningFields & SessionReportFields

/** The hooks that report sessions of stream routes, of which nobody else can begin a trace. */
export function sessionHooks(
  config: Config,
  kit: Pick<Kit, 'runtime' | 'node'>,
  report: (spans: readonly ZipkinSpan[]) => void,
): Required<Pick<Hooks, 'preread' | 'logSession'>> {
  const { random, now } = kit.runtime
  const state = new WeakMap<Session, SessionTrace>()
  const begin = (session: Session): SessionTrace => {
    const trace = beginSessionTrace(config, kit)
    state.set(session, trace)
    return trace
  }
  return {
    preread: (session) => void begin(session),
    logSession(session) {
      const trace = state.get(session) ?? begin(session)
      if (!trace.sampled) return
      const newSpanId = () => newId(8, random)
      const [endedAt, nodeId] = [now(), kit.node?.id]
      report(reportedSessionSpans({ config, session, trace, endedAt, nodeId, newSpanId }))
    },
  }
}

function beginSessionTrace(
  config: Config,
  { runtime: { random, now } }: Pick<Kit, 'runtime'>,
): SessionTrace {
  return {
    traceId: newId(config.traceid_byte_count, random),
    spanId: newId(8, random),
    proxySpanId: newId(8, random),
    sampled: random() < (config.sample_ratio ?? 0.001),
    name: 'stream',
    tags: { lc: 'kong', ...staticTags(config) },
    prereadAt: now(),
  }
}
