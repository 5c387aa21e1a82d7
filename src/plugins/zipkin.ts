import type { Exchange } from '../pdk/exchange.ts'
import type { Kit } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import type { Queue } from '../pdk/queue.ts'
import { deprecated } from './fields/deprecated.ts'
import { timeout } from './fields/plain.ts'
import { anyProtocol } from './fields/protocols.ts'
import { queue } from './fields/queue.ts'
import { checkUrl } from './fields/url.ts'
import { latestQueueFor, type QueueFields } from './logging/delivery.ts'
import { httpEndpointOf, sendBatch } from './logging/http-endpoint.ts'
import { answeringWith } from './tracing/answer-header.ts'
import { extractTrace, injectTrace, propagationOf } from './tracing/propagation.ts'
import { propagation } from './tracing/propagation-fields.ts'
import { newId } from './tracing/trace-context.ts'
import { reportedSpans } from './zipkin/report.ts'
import { beginTrace, type RequestTrace } from './zipkin/request-trace.ts'
import { sessionHooks } from './zipkin/session-hooks.ts'
import type { ZipkinSpan } from './zipkin/span.ts'

/** Reports spans to a Zipkin collector. */
export const zipkin = definePlugin(
  {
    name: 'zipkin',
    priority: 100000,
    protocols: anyProtocol,
    about: {
      summary:
        'Passes traces on in the headers that tracing systems know, and reports spans to a Zipkin collector.',
      example: { http_endpoint: 'http://127.0.0.1:9411/api/v2/spans', sample_ratio: 0.1 },
      notes: [
        'A request has a span of the whole, a span `(proxy)` of what lies behind the gateway, whose id the target is told, and a span for each try at a target. Whether it is sampled is its caller’s to say; else it is decided by `sample_ratio`.',
        'Clients may add tags to the span of the whole: `Zipkin-Tags: team=a; build=7`, by the name `tags_header` gives. With `http_endpoint` unset, headers are passed on and nothing is reported.',
        'With one of `tcp`, `tls`, `tls_passthrough` and `udp` among `protocols` sessions of stream routes are reported, too, when they have ended: `stream`, `stream (proxy)` and a span for each try. Nobody can tell of a trace there, so `sample_ratio` decides.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        local_service_name: { type: 'string', required: true, default: 'kong' },
        http_endpoint: { type: 'string', check: checkUrl },
        sample_ratio: { type: 'number', default: 0.001, between: [0, 1] },
        default_service_name: { type: 'string' },
        include_credential: { type: 'boolean', required: true, default: true },
        traceid_byte_count: { type: 'integer', required: true, default: 16, one_of: [8, 16] },
        header_type: {
          type: 'string',
          required: true,
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
            'datadog',
            'gcp',
            'instana',
          ],
          deprecation: deprecated('zipkin', {
            said: 'config.header_type is deprecated, please use config.propagation options instead',
            old_default: 'preserve',
          }),
        },
        default_header_type: {
          type: 'string',
          required: true,
          default: 'b3',
          one_of: ['b3', 'b3-single', 'w3c', 'jaeger', 'ot', 'aws', 'datadog', 'gcp', 'instana'],
          deprecation: deprecated('zipkin', {
            said: 'config.default_header_type is deprecated, please use config.propagation.default_format instead',
            old_default: 'b3',
          }),
        },
        tags_header: { type: 'string', required: true, default: 'Zipkin-Tags' },
        static_tags: {
          type: 'array',
          check: checkTagsOnce,
          elements: {
            type: 'record',
            fields: {
              name: {
                type: 'string',
                required: true,
                not_one_of: [
                  'error',
                  'http.method',
                  'http.path',
                  'http.status_code',
                  'kong.balancer.state',
                  'kong.balancer.try',
                  'kong.consumer',
                  'kong.credential',
                  'kong.node.id',
                  'kong.route',
                  'kong.service',
                  'lc',
                  'peer.hostname',
                ],
              },
              value: { type: 'string', required: true },
            },
          },
        },
        http_span_name: {
          type: 'string',
          required: true,
          default: 'method',
          one_of: ['method', 'method_path'],
        },
        connect_timeout: timeout(2000),
        send_timeout: timeout(5000),
        read_timeout: timeout(5000),
        http_response_header_for_traceid: { type: 'string' },
        phase_duration_flavor: {
          type: 'string',
          required: true,
          default: 'annotations',
          one_of: ['annotations', 'tags'],
        },
        queue,
        propagation: propagation('b3'),
      },
    },
  },
  (config, kit) => {
    const propagation = propagationOf(config)
    const queue = collectorOf(config, kit)
    const { random, now } = kit.runtime
    const state = new WeakMap<Exchange, RequestTrace>()
    const begin = (exchange: Exchange): RequestTrace => {
      const { trace, format } = extractTrace(propagation, exchange)
      const begun = beginTrace(config, { exchange, found: trace }, kit)
      state.set(exchange, begun)
      const { traceId, proxySpanId, spanId: parentId, sampled } = begun
      const outgoing = { ...trace, traceId, spanId: proxySpanId, parentId, sampled }
      injectTrace(propagation, exchange, { trace: outgoing, found: format })
      return begun
    }
    const answering = answeringWith(config.http_response_header_for_traceid, (exchange) => {
      return (state.get(exchange) ?? begin(exchange)).traceId
    })
    return {
      access(exchange) {
        begin(exchange).accessAt = now()
      },
      response(exchange) {
        const trace = state.get(exchange)
        if (trace !== undefined) trace.answeredAt = now()
        return answering.response?.(exchange)
      },
      log(exchange) {
        const trace = state.get(exchange) ?? begin(exchange)
        if (queue === undefined || !trace.sampled) return
        const [endedAt, nodeId] = [now(), kit.node?.id]
        const newSpanId = () => newId(8, random)
        const report = { config, exchange, trace, endedAt, nodeId, newSpanId }
        addSpans(queue, reportedSpans(report))
      },
      ...(queue === undefined ? {} : sessionHooks(config, kit, (spans) => addSpans(queue, spans))),
      close: (why) => queue?.close(why),
    }
  },
)

function addSpans(queue: Queue<string>, spans: readonly ZipkinSpan[]): void {
  for (const span of spans) {
    const entry = JSON.stringify(span)
    queue.add(entry, entry.length)
  }
}

const encoder = new TextEncoder()

interface CollectorFields extends QueueFields {
  readonly http_endpoint: string | null
  readonly connect_timeout: number | null
  readonly send_timeout: number | null
  readonly read_timeout: number | null
}

/** A queue of spans to the collector; undefined without one. */
function collectorOf(config: CollectorFields, kit: Kit): Queue<string> | undefined {
  const { http_endpoint: text } = config
  const endpoint = text === null ? undefined : httpEndpointOf(text, kit)
  if (endpoint === undefined) return undefined
  const send = (batch: readonly string[]) =>
    sendBatch(kit, {
      endpoint,
      method: 'POST',
      headers: ['Content-Type', 'application/json'],
      body: encoder.encode(`[${batch.join(',')}]`),
      connectTimeout: config.connect_timeout ?? 2000,
      writeTimeout: config.send_timeout ?? 5000,
      timeout: config.read_timeout ?? 5000,
      tlsVerify: true,
      isSuccess: (status) => status >= 200 && status < 300,
    })
  return latestQueueFor(kit, { config: config.queue, send })
}

function checkTagsOnce(tags: readonly { readonly name: string }[]): string | undefined {
  const names = tags.map(({ name }) => name)
  const repeated = names.find((name, i) => names.indexOf(name) < i)
  return repeated === undefined ? undefined : `repeated tags are not allowed: ${repeated}`
}
