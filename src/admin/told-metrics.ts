import type { AdminKit } from '../pdk/admin-route.ts'
import {
  type CountSample,
  createRequestMetrics,
  type LatencySample,
  REQUEST_METRICS,
  type RequestMetrics,
} from '../plugins/prometheus/request-metrics.ts'
import { getOwn, isObject } from '../schema/field.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Metric } from './metrics-text.ts'

/** What the Prometheus plugin was told to count. */
export interface Told {
  /** What it has counted where it runs. */
  readonly requests: RequestMetrics
  readonly targetHealth: boolean
}

/** Undefined while it is enabled nowhere. */
export function toldTo(store: EntityStore, kit: Pick<AdminKit, 'keep'>): Told | undefined {
  const rows = store.all('plugins').filter(isPrometheus)
  if (rows.length === 0) return undefined
  return {
    requests: kit.keep(REQUEST_METRICS, createRequestMetrics),
    targetHealth: rows.some(({ config }) => isOn(config, 'upstream_health_metrics')),
  }
}

function isPrometheus({ name, enabled }: Readonly<Record<string, unknown>>): boolean {
  return name === 'prometheus' && enabled === true
}

function isOn(config: unknown, flag: string): boolean {
  return isObject(config) && getOwn(config, flag) === true
}

/** What it has counted, in Kong's names. */
export function toldMetrics({ requests }: Told): Metric[] {
  return [
    counter('kong_http_requests_total', REQUESTS_HELP, requests.requests),
    counter('kong_stream_sessions_total', SESSIONS_HELP, requests.sessions),
    latency('kong_kong_latency_ms', KONG_HELP, requests.kongLatency),
    latency('kong_upstream_latency_ms', UPSTREAM_HELP, requests.upstreamLatency),
    latency('kong_request_latency_ms', REQUEST_HELP, requests.requestLatency),
    latency('kong_session_duration_ms', DURATION_HELP, requests.sessionDuration),
    counter('kong_bandwidth_bytes', BANDWIDTH_HELP, requests.bandwidth),
    counter('kong_ai_llm_requests_total', AI_REQUESTS_HELP, requests.aiRequests),
    counter('kong_ai_llm_cost_total', AI_COST_HELP, requests.aiCost),
    counter('kong_ai_llm_tokens_total', AI_COST_HELP, requests.aiTokens),
    latency('kong_ai_llm_provider_latency_ms', AI_LATENCY_HELP, requests.aiLatency),
    {
      name: 'kong_nginx_metric_errors_total',
      help: 'Number of nginx-lua-prometheus errors',
      type: 'counter',
      samples: [{ labels: {}, value: requests.errors }],
    },
  ]
}

/** What these metrics are of, in Kong's words. */
export const REQUESTS_HELP = 'HTTP status codes per consumer/service/route in Kong'
const SESSIONS_HELP = 'Stream status codes per service/route in Kong'
export const KONG_HELP = 'Latency added by Kong and enabled plugins for each service/route in Kong'
export const UPSTREAM_HELP = 'Latency added by upstream response for each service/route in Kong'
export const REQUEST_HELP = 'Total latency incurred during requests for each service/route in Kong'
const DURATION_HELP = 'latency incurred in stream session for each service/route in Kong'
export const BANDWIDTH_HELP = 'Total bandwidth (ingress/egress) throughput in bytes'
const AI_REQUESTS_HELP = 'AI requests total per ai_provider in Kong'
// Kong: tokens bear the same words.
const AI_COST_HELP = 'AI requests cost per ai_provider/cache in Kong'
const AI_LATENCY_HELP = 'LLM response Latency for each AI plugins per ai_provider in Kong'

function counter(name: string, help: string, samples: ReadonlyMap<string, CountSample>): Metric {
  return { name, help, type: 'counter', samples: [...samples.values()] }
}

function latency(name: string, help: string, samples: ReadonlyMap<string, LatencySample>): Metric {
  return { name, help, type: 'histogram', samples: [...samples.values()] }
}
