import { checkHeaderName } from '../entities/texts.ts'
import { createRecentMap } from '../lib/recent-map.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { definePlugin } from '../pdk/plugin.ts'
import type { Queue } from '../pdk/queue.ts'
import { deprecated } from './fields/deprecated.ts'
import { timeout } from './fields/plain.ts'
import { queue } from './fields/queue.ts'
import { checkUrl } from './fields/url.ts'
import { exporterTo } from './opentelemetry/exporter.ts'
import { exportLogLines } from './opentelemetry/log-records.ts'
import { encodeSpan, type OtlpSpan } from './opentelemetry/otlp.ts'
import { type RequestTrace, requestSpans } from './opentelemetry/request-spans.ts'
import { answeringWith } from './tracing/answer-header.ts'
import { extractTrace, injectTrace, propagationOf } from './tracing/propagation.ts'
import { propagation } from './tracing/propagation-fields.ts'
import { isSampled } from './tracing/sampler.ts'
import { newId, type OutgoingTrace, type TraceContext } from './tracing/trace-context.ts'

/** Reports spans and logs over OTLP. */
export const opentelemetry = definePlugin(
  {
    name: 'opentelemetry',
    priority: 14,
    about: {
      summary:
        'Passes traces on in the headers that tracing systems know, and reports spans to a collector over OTLP.',
      example: { traces_endpoint: 'http://127.0.0.1:4318/v1/traces', sampling_rate: 0.1 },
      notes: [
        'A sampled request has a span `kong`, and a span `kong.balancer` for each try at a target; the target is told the id of its own. Without `sampling_rate` one trace in a hundred is sampled, and none that its caller did not sample.',
        '`propagation.extract` says which headers are read, in order, `clear` which are taken away, and `inject` which are written; `preserve` stands for the format that was found, or else `default_format`. The trace’s id is in the entries of log plugins, as `trace_id`.',
        'What is sent to `logs_endpoint` are lines of the gateway’s own log, not one entry for each request; lines about a request bear the ids of its trace.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      shorthand_fields: {
        endpoint: {
          type: 'string',
          referenceable: true,
          deprecation: {
            message:
              'opentelemetry: config.endpoint is deprecated, please use config.traces_endpoint instead',
            removal_in_version: '4.0',
            replaced_with: [{ path: ['traces_endpoint'] }],
          },
        },
      },
      fields: {
        traces_endpoint: { type: 'string', referenceable: true, check: checkUrl },
        logs_endpoint: { type: 'string', referenceable: true, check: checkUrl },
        headers: {
          type: 'map',
          keys: { type: 'string', check: checkHeaderName },
          values: { type: 'string', referenceable: true },
        },
        resource_attributes: {
          type: 'map',
          keys: { type: 'string', required: true },
          values: { type: 'string', required: true },
        },
        queue: { ...queue, default: { max_batch_size: 200 } },
        batch_span_count: {
          type: 'integer',
          deprecation: deprecated('opentelemetry', {
            said: 'config.batch_span_count is deprecated, please use config.queue.max_batch_size instead',
            old_default: 200,
          }),
        },
        batch_flush_delay: {
          type: 'integer',
          deprecation: deprecated('opentelemetry', {
            said: 'config.batch_flush_delay is deprecated, please use config.queue.max_coalescing_delay instead',
            old_default: 3,
          }),
        },
        connect_timeout: timeout(1000),
        send_timeout: timeout(5000),
        read_timeout: timeout(5000),
        http_response_header_for_traceid: { type: 'string' },
        header_type: {
          type: 'string',
          required: false,
          default: 'preserve',
          one_of: [
            'preserve',
            'ignore',
            'b3',
            'b3-single',
            'w3c',
            'jaeger',
            'ot',
            'aws',
            'gcp',
            'datadog',
            'instana',
          ],
          deprecation: deprecated('opentelemetry', {
            said: 'config.header_type is deprecated, please use config.propagation options instead',
            old_default: 'preserve',
          }),
        },
        sampling_rate: { type: 'number', required: false, between: [0, 1] },
        propagation: propagation('w3c'),
      },
      entity_checks: [{ at_least_one_of: ['traces_endpoint', 'logs_endpoint'] }],
    },
  },
  (config, kit) => {
    const propagation = propagationOf(config)
    const { requests = true, tries = true, samplingRate = USUAL_RATE } = kit.tracing ?? {}
    // Kong: where nothing is traced, trace ids are passed on, and nothing is sampled.
    const rate = requests ? (config.sampling_rate ?? samplingRate) : 0
    const traces = exporterTo({ part: 'traces', endpoint: config.traces_endpoint }, config, kit)
    const logs = exporterTo({ part: 'logs', endpoint: config.logs_endpoint }, config, kit)
    const traced = createRecentMap<string, RequestTrace>(MOST_TRACED)
    const traceOf = (requestId: string) => traced.get(requestId)
    const stopLogs = logs === undefined ? undefined : exportLogLines(kit, { queue: logs, traceOf })
    const { random, now } = kit.runtime
    const state = new WeakMap<Exchange, RequestTrace>()
    const begin = (exchange: Exchange): RequestTrace => {
      const { trace, format } = extractTrace(propagation, exchange)
      const begun = beginTrace(trace, { rate, random })
      state.set(exchange, begun)
      if (logs !== undefined) traced.set(exchange.id, begun)
      const outgoing = { ...trace, ...askingSpan(begun, { tries }) }
      injectTrace(propagation, exchange, { trace: outgoing, found: format })
      return begun
    }
    return {
      access: (exchange) => void begin(exchange),
      ...answeringWith(config.http_response_header_for_traceid, (exchange) => {
        return (state.get(exchange) ?? begin(exchange)).traceId
      }),
      log(exchange) {
        const trace = state.get(exchange) ?? begin(exchange)
        if (traces === undefined || !requests || !trace.sampled) return
        const ending = { endedAt: now(), newSpanId: () => newId(8, random) }
        const spans = requestSpans(exchange, trace, ending)
        addSpans(traces, tries ? spans : spans.slice(0, 1))
      },
      async close(why) {
        stopLogs?.()
        await Promise.all([traces?.close(why), logs?.close(why)])
      },
    }
  },
)

function addSpans(traces: Queue<Uint8Array>, spans: readonly OtlpSpan[]): void {
  for (const span of spans) {
    const encoded = encodeSpan(span)
    traces.add(encoded, encoded.length)
  }
}

/** Requests whose lines find their trace; those under way and some after them. */
const MOST_TRACED = 4096

/** Kong's `tracing_sampling_rate` where nobody set it. */
const USUAL_RATE = 0.01

/** The span that asks: of the try, and of the whole where there are none of tries. */
function askingSpan(
  { traceId, balancerId, rootId, parentId, sampled }: RequestTrace,
  { tries }: { readonly tries: boolean },
): OutgoingTrace {
  return tries
    ? { traceId, spanId: balancerId, parentId: rootId, sampled }
    : { traceId, spanId: rootId, parentId, sampled }
}

/** Kong: whoever calls may decide against sampling, but not for it. */
function beginTrace(
  found: TraceContext,
  { rate, random }: { readonly rate: number; readonly random: () => number },
): RequestTrace {
  const traceId = found.traceId ?? newId(16, random)
  return {
    traceId,
    parentId: found.spanId ?? found.parentId,
    rootId: newId(8, random),
    balancerId: newId(8, random),
    sampled: found.sampled !== false && isSampled(traceId, rate),
  }
}
