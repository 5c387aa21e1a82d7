import type { Exchange } from '../../pdk/exchange.ts'
import { headersIn } from '../../pdk/headers.ts'
import { logValuesOf, setLogValue } from '../../pdk/log-values.ts'
import { isObject } from '../../schema/field.ts'
import { aws } from './formats/aws.ts'
import { b3 } from './formats/b3.ts'
import { b3Single } from './formats/b3-single.ts'
import { datadog } from './formats/datadog.ts'
import { gcp } from './formats/gcp.ts'
import { instana } from './formats/instana.ts'
import { jaeger } from './formats/jaeger.ts'
import { ot } from './formats/ot.ts'
import { w3c } from './formats/w3c.ts'
import { type OutgoingTrace, sizedId, type TraceContext } from './trace-context.ts'
import type { TraceFormat } from './trace-format.ts'

const FORMATS = { w3c, b3, 'b3-single': b3Single, jaeger, ot, datadog, aws, gcp, instana } as const

type FormatName = keyof typeof FORMATS

/** What a configuration says of headers, in the words of today and of before. */
export interface PropagationFields {
  readonly propagation: {
    readonly extract: readonly FormatName[] | null
    readonly clear: readonly string[] | null
    readonly inject: readonly (FormatName | 'preserve')[] | null
    readonly default_format: FormatName
  }
  readonly header_type?: FormatName | 'preserve' | 'ignore' | null
  readonly default_header_type?: FormatName | null
}

/** Which formats are read, in order, what is taken away, and which are written. */
export interface Propagation {
  readonly extract: readonly TraceFormat[]
  readonly clear: readonly string[]
  readonly inject: readonly (TraceFormat | 'preserve')[]
  readonly fallback: TraceFormat
}

/** Kong: the order in which formats were looked for before it could be chosen. */
const USUAL = [b3, w3c, jaeger, ot, datadog, aws, gcp, instana] as const

/** Kong: the older fields count as long as none of the newer ones is set, but for the fallback. */
export function propagationOf(fields: PropagationFields): Propagation {
  const { extract, clear, inject, default_format } = fields.propagation
  if (extract !== null || clear !== null || inject !== null) {
    return {
      extract: (extract ?? []).map((name) => FORMATS[name]),
      clear: clear ?? [],
      inject: (inject ?? []).map((name) => (name === 'preserve' ? name : FORMATS[name])),
      fallback: FORMATS[default_format],
    }
  }
  const { header_type: type = null } = fields
  const fallback = FORMATS[fields.default_header_type ?? default_format]
  if (type === null) return { extract: [], clear: [], inject: [], fallback }
  if (type === 'ignore') return { extract: [], clear: [], inject: [fallback], fallback }
  const others = type === 'preserve' ? [] : [FORMATS[type]]
  return { extract: USUAL, clear: [], inject: ['preserve', ...others], fallback }
}

/** What was found in a request, and in which format. */
export interface Extracted {
  readonly trace: TraceContext
  readonly format: TraceFormat | undefined
}

const NOTHING: Extracted = { trace: {}, format: undefined }

/** Reads the first format whose headers are there. */
export function extractTrace({ extract }: Propagation, { request }: Exchange): Extracted {
  if (extract.length === 0) return NOTHING
  const { list } = request.headers
  // Most requests bring no trace: one look at the names saves many.
  if (!hasTraceHeader(list)) return NOTHING
  const headers = headersIn(list)
  for (const format of extract) {
    const trace = format.read?.(headers)
    if (trace !== undefined) return { trace, format }
  }
  return NOTHING
}

const TRACE_HEADER =
  /^(?:b3|x-b3-.*|trace(?:parent|state)|uber-trace-id|ot-tracer-.*|x-datadog-.*|x-amzn-trace-id|x-cloud-trace-context|x-instana-.)$/i

function hasTraceHeader(list: readonly string[]): boolean {
  for (let i = 0; i < list.length; i += 2) {
    if (TRACE_HEADER.test(list[i] ?? '')) return true
  }
  return false
}

/** Writes a trace into the headers for the upstream, and its id into the record. */
export function injectTrace(
  { clear, inject, fallback }: Propagation,
  exchange: Exchange,
  { trace, found }: { readonly trace: OutgoingTrace; readonly found: TraceFormat | undefined },
): void {
  const { headers } = exchange.upstream
  for (const name of clear) headers.delete(name)
  const shown: [string, string][] = []
  for (const one of inject) {
    const format = one === 'preserve' ? preserved(found ?? fallback, trace) : one
    const sized = { ...trace, traceId: traceIdFor(format, trace) }
    for (const [name, value] of format.write(sized)) headers.set(name, value)
    shown.push([format.name, format.shownId?.(sized.traceId) ?? sized.traceId])
  }
  if (shown.length > 0)
    setLogValue(exchange, 'trace_id', { ...known(exchange), ...Object.fromEntries(shown) })
}

function preserved(format: TraceFormat, { singleHeader }: TraceContext): TraceFormat {
  return format === b3 && singleHeader === true ? b3Single : format
}

function traceIdFor({ traceIdSizes }: TraceFormat, { traceId, traceIdSize }: OutgoingTrace) {
  const [usual = 16] = traceIdSizes
  const came = traceIdSizes.find((size) => size === traceIdSize)
  return sizedId(traceId, came ?? usual)
}

/** What another plugin has written there. */
function known(exchange: Exchange): Readonly<Record<string, unknown>> {
  const ids = logValuesOf(exchange)?.trace_id
  return isObject(ids) ? ids : {}
}
