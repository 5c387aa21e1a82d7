import type { HeaderView } from '../../../pdk/headers.ts'
import { readIds, type TraceContext } from '../trace-context.ts'
import { flagOf, onlyValue, type TraceFormat } from '../trace-format.ts'

const ID = /^[\da-f]{16}$/i
const TRACE_ID = /^(?:[\da-f]{16}|[\da-f]{32})$/i
// Kong: the last two dashes may be left out.
const SINGLE = /^([\da-f]+)-([\da-f]{16})-?([01d]?)-?([\da-f]*)$/i

const NAMES = ['x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags']

/** Zipkin's `X-B3-…`; read from the single `b3` too. */
export const b3: TraceFormat = {
  name: 'b3',
  read,
  traceIdSizes: [16, 8],
  write: ({ traceId, spanId, parentId, flags, sampled }) => [
    ['x-b3-traceid', traceId],
    ['x-b3-spanid', spanId],
    ...(parentId === undefined ? [] : ([['x-b3-parentspanid', parentId]] as const)),
    flags === undefined ? ['x-b3-sampled', sampled ? '1' : '0'] : ['x-b3-flags', flags],
  ],
}

/** What one source says of it. */
interface Found {
  readonly traceId?: string | undefined
  readonly spanId?: string | undefined
  readonly parentId?: string | undefined
  readonly sampled?: boolean | undefined
  readonly flags?: string | undefined
}

/** Kong: what the single header does not say is asked of the others. */
function read(headers: HeaderView): TraceContext | undefined {
  const single = readSingle(headers)
  // Kong: any of these headers is B3, even where none of them says anything that holds.
  if (single === undefined && !NAMES.some((name) => headers.has(name))) return undefined
  const multiple = readMultiple(headers)
  const sampled = single?.sampled ?? multiple.sampled
  const flags = single?.flags ?? multiple.flags
  const traceId = single?.traceId ?? multiple.traceId
  const spanId = single?.spanId ?? multiple.spanId
  const parentId = single?.parentId ?? multiple.parentId
  return {
    ...(traceId === undefined ? {} : readIds({ traceId, spanId, parentId })),
    sharesSpan: true,
    sampled,
    flags,
    singleHeader: single !== undefined,
  }
}

function readSingle(headers: HeaderView): Found | undefined {
  const text = onlyValue(headers, 'b3') ?? inTraceState(headers)
  if (text === undefined) return undefined
  if (text === '0' || text === '1' || text === 'd') return decisionOf(text)
  const [, traceId = '', spanId, decision = '', parentId = ''] = SINGLE.exec(text) ?? []
  if (!TRACE_ID.test(traceId) || (parentId !== '' && !ID.test(parentId))) return {}
  return {
    traceId,
    spanId,
    parentId: parentId === '' ? undefined : parentId,
    ...decisionOf(decision),
  }
}

function inTraceState(headers: HeaderView): string | undefined {
  const own = headers.all('tracestate').find((value) => value.startsWith('b3='))
  return own?.slice(3)
}

/** `d` is debugging, which is sampled for sure. */
function decisionOf(text: string): Found {
  if (text === 'd') return { sampled: true, flags: '1' }
  return { sampled: flagOf(text) }
}

/** Kong: one id that is none makes all of them none; flags of any kind go on as they are. */
function readMultiple(headers: HeaderView): Found {
  const flags = onlyValue(headers, 'x-b3-flags')
  const sampled = flags === '1' || flagOf(onlyValue(headers, 'x-b3-sampled'))
  const decision = { sampled, flags }
  const traceId = headers.get('x-b3-traceid')
  const spanId = headers.get('x-b3-spanid')
  const parentId = headers.get('x-b3-parentspanid')
  const sound =
    (traceId === undefined || TRACE_ID.test(traceId)) &&
    [spanId, parentId].every((id) => id === undefined || ID.test(id))
  return sound ? { traceId, spanId, parentId, ...decision } : decision
}
