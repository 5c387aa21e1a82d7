import type { HeaderView } from '../../../pdk/headers.ts'
import { readIds, type TraceContext } from '../trace-context.ts'
import { onlyValue, readBaggage, type TraceFormat, writeBaggage } from '../trace-format.ts'

// Kong: a parent of any length counts.
const TRACE_ID = /^([\da-f]{1,32}):([\da-f]{1,16}):([\da-f]+):([\da-f]{1,2})$/i
const ZEROS = /^0*$/
const BAGGAGE = 'uberctx-'

/** Jaeger's `uber-trace-id`, and its baggage. */
export const jaeger: TraceFormat = {
  name: 'jaeger',
  read,
  traceIdSizes: [16, 8],
  write: (trace) => [
    [
      'uber-trace-id',
      `${trace.traceId}:${trace.spanId}:${trace.parentId ?? '0'}:${trace.sampled ? '01' : '00'}`,
    ],
    ...writeBaggage(trace, BAGGAGE),
  ],
}

function read(headers: HeaderView): TraceContext | undefined {
  const text = onlyValue(headers, 'uber-trace-id') ?? ''
  const [, traceId, spanId, parentId, flags] = TRACE_ID.exec(text) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined
  return {
    ...readIds({ traceId, spanId, parentId }),
    sharesSpan: true,
    sampled: Number.parseInt(flags, 16) % 2 === 1,
    baggage: readBaggage(headers, BAGGAGE),
  }
}
