import type { HeaderView } from '../../../pdk/headers.ts'
import { readIds, type TraceContext } from '../trace-context.ts'
import { onlyValue, type TraceFormat } from '../trace-format.ts'

const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/i
const ZEROS = /^0*$/

/** `traceparent` of the W3C. `tracestate` passes as it is. */
export const w3c: TraceFormat = {
  name: 'w3c',
  read,
  traceIdSizes: [16],
  write: ({ traceId, spanId, sampled }) => [
    ['traceparent', `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`],
  ],
}

function read(headers: HeaderView): TraceContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(onlyValue(headers, 'traceparent') ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined
  return { ...readIds({ traceId, spanId }), sampled: Number.parseInt(flags, 16) % 2 === 1 }
}
