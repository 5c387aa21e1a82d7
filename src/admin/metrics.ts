import { KONG_VERSION } from '../lib/version.ts'
import type { AdminKit } from '../pdk/admin-route.ts'
import { WORKSPACE } from '../pdk/workspace.ts'
import type { TrafficCounts } from '../proxy/traffic-counts.ts'
import type { Histogram, Series } from '../proxy/traffic-table.ts'
import type { Settings } from '../settings/settings.ts'
import type { EntityStore } from '../store/entity-store.ts'
import {
  type HistogramSample,
  type Labels,
  type Metric,
  metricsText,
  type Sample,
} from './metrics-text.ts'
import type { Reply } from './reply.ts'
import type { Resource } from './resource.ts'
import { isReachable } from './status.ts'
import { type Subsystem, type TargetsView, targetMetrics } from './target-metrics.ts'
import {
  BANDWIDTH_HELP,
  KONG_HELP,
  REQUEST_HELP,
  REQUESTS_HELP,
  toldMetrics,
  toldTo,
  UPSTREAM_HELP,
} from './told-metrics.ts'

/** What `/metrics` tells of. */
export interface MetricsSources {
  readonly store: EntityStore
  readonly nodeId: string
  readonly balancers: TargetsView
  readonly settings: Pick<Settings, 'shown'>
  /** Absent where the proxy does not count. */
  readonly counts?: TrafficCounts
  /** Where the plugin keeps what it counts, and the machine it counts on. */
  readonly kit: Pick<AdminKit, 'keep' | 'runtime'>
}

const { workspace_name: workspace } = WORKSPACE

/** `/metrics`, with the names the Prometheus plugin gives its metrics. */
export function metricsResource(sources: MetricsSources): Resource {
  const show = async (): Promise<Reply> => ({ status: 200, text: await metricsOf(sources) })
  return { pattern: '/metrics', handlers: { GET: show } }
}

/** Once the plugin is configured, what it was told to count stands for what is counted always. */
async function metricsOf(sources: MetricsSources): Promise<string> {
  const { store, nodeId, balancers, counts, kit } = sources
  const told = toldTo(store, kit)
  const subsystems = subsystemsOf(sources)
  const reachable = (await isReachable(store)) ? 1 : 0
  return metricsText([
    gauge('kong_node_info', 'Kong Node metadata information', [
      { labels: { node_id: nodeId, version: KONG_VERSION }, value: 1 },
    ]),
    gauge('kong_datastore_reachable', 'Datastore reachable from Kong, 0 is unreachable', [
      { labels: {}, value: reachable },
    ]),
    gauge('gibbon_config_revision', 'Revision of the configuration that is served', [
      { labels: {}, value: store.revision },
    ]),
    gauge(
      'kong_memory_workers_lua_vms_bytes',
      'Allocated bytes in worker Lua VM',
      subsystems.flatMap((subsystem) => heaps(sources, subsystem)),
    ),
    ...(counts === undefined ? [] : nodeMetrics(counts, nodeId)),
    ...(told === undefined ? trafficMetrics(counts) : toldMetrics(told)),
    ...targetMetrics(store, balancers, { health: told?.targetHealth ?? true, subsystems }),
  ])
}

/** Kong: the stream subsystem is there where `stream_listen` says so, and tells what it knows. */
function subsystemsOf({ settings }: MetricsSources): readonly Subsystem[] {
  const { stream_listeners: listeners } = settings.shown
  return Array.isArray(listeners) && listeners.length > 0 ? ['http', 'stream'] : ['http']
}

/** What Kong's dashboards draw as memory; a heap of JavaScript here, as in `/status`, and one for both subsystems. */
function heaps({ kit, nodeId }: MetricsSources, subsystem: Subsystem): Sample[] {
  const serving = kit.runtime.processes?.().serving ?? []
  return serving.map(({ pid, heap }) => ({
    labels: { node_id: nodeId, pid: String(pid), kong_subsystem: subsystem },
    value: subsystem === 'http' ? heap : 0,
  }))
}

function nodeMetrics(counts: TrafficCounts, nodeId: string): Metric[] {
  const node = { node_id: nodeId, subsystem: 'http' }
  const unserved = [...counts.withoutService].map(([code, value]) => ({ labels: { code }, value }))
  return [
    gauge('kong_nginx_requests_total', 'Number of requests total', [
      { labels: node, value: counts.total },
    ]),
    gauge('kong_nginx_connections_total', 'Number of connections by subsystem', [
      { labels: { ...node, state: 'total' }, value: counts.total },
      ...connectionSamples(counts, node),
    ]),
    {
      name: 'gibbon_requests_without_service_total',
      help: 'Answers to requests that found no service',
      type: 'counter',
      samples: unserved,
    },
  ]
}

function trafficMetrics(counts: TrafficCounts | undefined): Metric[] {
  const series = counts?.series() ?? []
  return [
    {
      name: 'kong_http_requests_total',
      help: REQUESTS_HELP,
      type: 'counter',
      samples: series.flatMap(statusSamples),
    },
    latencies('kong_kong_latency_ms', KONG_HELP, series, ({ kong }) => kong),
    latencies('kong_upstream_latency_ms', UPSTREAM_HELP, series, ({ upstream }) => upstream),
    latencies('kong_request_latency_ms', REQUEST_HELP, series, ({ request }) => request),
    {
      name: 'kong_bandwidth_bytes',
      help: BANDWIDTH_HELP,
      type: 'counter',
      samples: series.flatMap(bandwidthSamples),
    },
  ]
}

/** Kong: the state `total` counts requests, all others connections. */
function connectionSamples({ connections }: TrafficCounts, node: Labels): Sample[] {
  if (connections === undefined) return []
  return Object.entries(connections()).map(([state, value]) => ({
    labels: { ...node, state },
    value,
  }))
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples }
}

function statusSamples({ service, route, statuses }: Series): Sample[] {
  return statuses.map(({ status, proxied, count }) => ({
    labels: {
      service,
      route,
      code: status,
      source: proxied ? 'service' : 'kong',
      workspace,
      consumer: '',
    },
    value: count,
  }))
}

function bandwidthSamples({ service, route, ingress, egress }: Series): Sample[] {
  const sample = (direction: string, value: number): Sample => ({
    labels: { service, route, direction, workspace, consumer: '' },
    value,
  })
  return [sample('ingress', ingress), sample('egress', egress)]
}

/** A histogram that saw nothing is left out, as one of Kong's is not there before its first value. */
function latencies(
  name: string,
  help: string,
  series: readonly Series[],
  histogramOf: (series: Series) => Histogram,
): Metric {
  const samples = series.flatMap((one): HistogramSample[] => {
    const { bounds, counts, sum } = histogramOf(one)
    if (counts.every((count) => count === 0)) return []
    const { service, route } = one
    return [{ labels: { service, route, workspace }, bounds, counts, sum }]
  })
  return { name, help, type: 'histogram', samples }
}
