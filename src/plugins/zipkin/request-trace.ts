import type { Exchange } from '../../pdk/exchange.ts'
import type { Kit } from '../../pdk/kit.ts'
import { newId, type TraceContext } from '../tracing/trace-context.ts'
import { readRequestTags } from './request-tags.ts'
import type { Tags, Trace } from './span.ts'

/** What is known of a request's trace from its beginning. */
export interface RequestTrace extends Trace {
  readonly parentId: string | undefined
  /** Milliseconds since 1970; undefined for what did not come to pass. */
  accessAt: number | undefined
  answeredAt: number | undefined
}

/** What a configuration says of the beginning of any trace. */
export interface AnyBeginningFields {
  readonly sample_ratio: number | null
  readonly traceid_byte_count: number
  readonly static_tags: readonly { readonly name: string; readonly value: string }[] | null
}

/** What it says of a request's. */
export interface BeginningFields extends AnyBeginningFields {
  readonly http_span_name: 'method' | 'method_path'
  readonly tags_header: string
}

/** Begins a trace, or goes on with the one that came. */
export function beginTrace(
  config: BeginningFields,
  { exchange, found }: { readonly exchange: Exchange; readonly found: TraceContext },
  { runtime }: Pick<Kit, 'runtime'>,
): RequestTrace {
  const { random } = runtime
  const { request } = exchange
  // With B3 and Jaeger both sides of a request have one span.
  const shared = found.sharesSpan === true ? found.spanId : undefined
  return {
    traceId: found.traceId ?? newId(config.traceid_byte_count, random),
    spanId: shared ?? newId(8, random),
    parentId: shared === undefined ? found.spanId : found.parentId,
    proxySpanId: newId(8, random),
    sampled: found.sampled ?? random() < (config.sample_ratio ?? 0.001),
    name: config.http_span_name === 'method' ? request.method : `${request.method} ${request.path}`,
    tags: { ...tagsOf(exchange), ...ownTags(config, exchange, runtime) },
    accessAt: undefined,
    answeredAt: undefined,
  }
}

function tagsOf({ request }: Exchange): Tags {
  const { method, host, path, httpVersion } = request
  return {
    lc: 'kong',
    'http.method': method,
    'http.host': host,
    'http.path': path,
    'http.protocol': `HTTP/${httpVersion}`,
  }
}

/** The tags that all traces of a configuration have. */
export function staticTags({ static_tags }: AnyBeginningFields): Tags {
  return Object.fromEntries((static_tags ?? []).map(({ name, value }) => [name, value] as const))
}

/** What the configuration tells of all requests, and the client of this one. */
function ownTags(
  config: BeginningFields,
  { request, id }: Exchange,
  runtime: Kit['runtime'],
): Tags {
  const { tags, wrong } = readRequestTags(request.headers.all(config.tags_header))
  if (wrong.length > 0) {
    runtime.log('warn', 'Cannot read some Zipkin tags of a request', { requestId: id, wrong })
  }
  return { ...staticTags(config), ...tags }
}
