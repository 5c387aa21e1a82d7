import type { HeaderView } from '../../../pdk/headers.ts'
import { readIds, type TraceContext } from '../trace-context.ts'
import { onlyValue, type TraceFormat } from '../trace-format.ts'

const TRACE_ID = /^(?:[\da-f]{32}|[\da-f]{16})(?![\da-f])/i
const SPAN_ID = /^[\da-f]{1,16}(?![\da-f])/i

/** Instana's `X-INSTANA-…`. */
export const instana: TraceFormat = {
  name: 'instana',
  read,
  traceIdSizes: [16, 8],
  write: ({ traceId, spanId, sampled }) => [
    ['x-instana-t', traceId],
    ['x-instana-s', spanId],
    ['x-instana-l', sampled ? '1' : '0'],
  ],
}

/** What follows the level tells of page loads. */
function read(headers: HeaderView): TraceContext | undefined {
  const [level] = /^[01](?!\w)/.exec(onlyValue(headers, 'x-instana-l') ?? '') ?? []
  const sampled = level === undefined ? undefined : level === '1'
  const [traceId] = TRACE_ID.exec(onlyValue(headers, 'x-instana-t') ?? '') ?? []
  if (traceId === undefined) return sampled === undefined ? undefined : { sampled }
  const [spanId] = SPAN_ID.exec(onlyValue(headers, 'x-instana-s') ?? '') ?? []
  return { ...readIds({ traceId, spanId }), sampled }
}
