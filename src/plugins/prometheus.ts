import type { Exchange } from '../pdk/exchange.ts'
import type { Entities } from '../pdk/kit.ts'
import type { LogRecord } from '../pdk/log-record.ts'
import { definePlugin } from '../pdk/plugin.ts'
import type { Session } from '../pdk/session.ts'
import { WORKSPACE } from '../pdk/workspace.ts'
import { anyProtocol } from './fields/protocols.ts'
import { textOf } from './metrics/record-stats.ts'
import { countModels } from './prometheus/ai-metrics.ts'
import {
  createRequestMetrics,
  REQUEST_METRICS,
  type RequestMetrics,
} from './prometheus/request-metrics.ts'
import { countSession, measureSession } from './prometheus/session-metrics.ts'

/** Counts what passes, for Prometheus to read. */
export const prometheus = definePlugin(
  {
    name: 'prometheus',
    priority: 13,
    protocols: anyProtocol,
    about: {
      summary:
        'Counts what passes, for Prometheus to read at `GET /metrics` of the Admin API or the status listener.',
      example: {
        status_code_metrics: true,
        latency_metrics: true,
        bandwidth_metrics: true,
        upstream_health_metrics: true,
      },
      notes: [
        'Once the plugin is enabled anywhere, `/metrics` tells of services and routes what it is configured to count where it runs, and nothing else: `kong_http_requests_total`, `kong_kong_latency_ms`, `kong_upstream_latency_ms`, `kong_request_latency_ms`, `kong_bandwidth_bytes`, `kong_upstream_target_health`. While it is enabled nowhere, all of them are told of all traffic, but for consumers.',
        'With one of `tcp`, `tls`, `tls_passthrough` and `udp` among `protocols` sessions of stream routes are counted, too: by status in `kong_stream_sessions_total`, their length in `kong_session_duration_ms`, and in `kong_kong_latency_ms` and `kong_bandwidth_bytes`.',
        'With `ai_metrics` the tokens, the cost and the latency of models are counted, by provider and model (`kong_ai_llm_requests_total`, `kong_ai_llm_cost_total`, `kong_ai_llm_tokens_total`, `kong_ai_llm_provider_latency_ms`), for AI plugins whose `log_statistics` is on.',
        'With `per_consumer` requests and bytes are counted for each consumer, by username. A metric keeps 10,000 combinations of labels at most; `kong_nginx_metric_errors_total` counts what was not kept.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        per_consumer: { type: 'boolean', default: false },
        status_code_metrics: { type: 'boolean', default: false },
        ai_metrics: { type: 'boolean', default: false },
        latency_metrics: { type: 'boolean', default: false },
        bandwidth_metrics: { type: 'boolean', default: false },
        upstream_health_metrics: { type: 'boolean', default: false },
      },
    },
  },
  (config, { keep, entities }) => {
    const metrics = keep(REQUEST_METRICS, createRequestMetrics)
    return {
      log(exchange) {
        const place = placeOf(exchange, entities)
        if (place === undefined) return
        const consumer = config.per_consumer ? (exchange.client.consumer?.username ?? '') : ''
        if (config.status_code_metrics) countStatus(metrics, exchange, { ...place, consumer })
        if (!(config.latency_metrics || config.bandwidth_metrics || config.ai_metrics)) return
        const record = exchange.record()
        if (config.latency_metrics) observeLatencies(metrics, record, place)
        if (config.bandwidth_metrics) countBytes(metrics, record, { ...place, consumer })
        if (config.ai_metrics) countModels(metrics, record, workspace)
      },
      logSession(session) {
        const place = placeOf(session, entities)
        if (place === undefined) return
        const record = session.record()
        const whose = { ...place, workspace }
        if (config.status_code_metrics) countSession(metrics, record, whose)
        if (config.latency_metrics) measureSession(metrics, record, whose)
        if (!config.bandwidth_metrics) return
        const { received, sent } = record.session
        const sizes = { request: { size: received }, response: { size: sent } }
        countBytes(metrics, sizes, { ...place, consumer: '' })
      },
    }
  },
)

const { workspace_name: workspace } = WORKSPACE

interface Place {
  readonly service: string
  readonly route: string
}

interface PlaceAndConsumer extends Place {
  readonly consumer: string
}

type Placed = Pick<Exchange, 'service' | 'route'> | Pick<Session, 'service' | 'route'>

/** Kong: what found no service is not counted. */
function placeOf({ service, route }: Placed, entities: Entities): Place | undefined {
  if (service === undefined) return undefined
  const name = service.name ?? textOf(entities.get('services', service.id), 'host') ?? ''
  return { service: name, route: route?.name ?? route?.id ?? '' }
}

function countStatus(
  metrics: RequestMetrics,
  { response }: Exchange,
  { service, route, consumer }: PlaceAndConsumer,
): void {
  const source = response.source === 'service' ? 'service' : 'kong'
  const labels = { service, route, code: response.status, source, workspace, consumer }
  metrics.count('requests', labels, 1)
}

function observeLatencies(
  metrics: RequestMetrics,
  { latencies: { kong, proxy, request } }: LogRecord,
  { service, route }: Place,
): void {
  const labels = { service, route, workspace }
  metrics.observe('requestLatency', labels, request)
  if (proxy >= 0) metrics.observe('upstreamLatency', labels, proxy)
  metrics.observe('kongLatency', labels, kong)
}

interface Sizes {
  readonly request: { readonly size: number }
  readonly response: { readonly size: number }
}

function countBytes(
  metrics: RequestMetrics,
  { request, response }: Sizes,
  { service, route, consumer }: PlaceAndConsumer,
): void {
  for (const [direction, size] of [
    ['ingress', request.size],
    ['egress', response.size],
  ] as const) {
    if (size > 0)
      metrics.count('bandwidth', { service, route, direction, workspace, consumer }, size)
  }
}
