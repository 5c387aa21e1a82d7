import type { HeaderView } from '../../../pdk/headers.ts'
import { readIds, type TraceContext } from '../trace-context.ts'
import { flagOf, onlyValue, readBaggage, type TraceFormat, writeBaggage } from '../trace-format.ts'

const ID = /^[\da-f]{16}$/i
const TRACE_ID = /^(?:[\da-f]{16}|[\da-f]{32})$/i
const NAMES = ['ot-tracer-sampled', 'ot-tracer-traceid', 'ot-tracer-spanid']
const BAGGAGE = 'ot-baggage-'

/** OpenTracing's `ot-tracer-…`, and its baggage. */
export const ot: TraceFormat = {
  name: 'ot',
  read,
  traceIdSizes: [8, 16],
  write: (trace) => [
    ['ot-tracer-traceid', trace.traceId],
    ['ot-tracer-spanid', trace.spanId],
    ['ot-tracer-sampled', trace.sampled ? '1' : '0'],
    ...writeBaggage(trace, BAGGAGE),
  ],
}

/** Kong: baggage alone is found where one of the other headers is there, too. */
function read(headers: HeaderView): TraceContext | undefined {
  if (!NAMES.some((name) => headers.has(name))) return undefined
  const baggage = readBaggage(headers, BAGGAGE)
  const sampled = flagOf(onlyValue(headers, 'ot-tracer-sampled'))
  const traceId = headers.get('ot-tracer-traceid')
  const spanId = headers.get('ot-tracer-spanid')
  const sound = TRACE_ID.test(traceId ?? '') && (spanId === undefined || ID.test(spanId))
  const known = sound && traceId !== undefined
  if (!known && sampled === undefined && baggage === undefined) return undefined
  const ids = known ? readIds({ traceId, spanId }) : {}
  return { ...ids, sampled, baggage }
}
