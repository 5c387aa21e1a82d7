import { KONG_BOUNDS, UPSTREAM_BOUNDS } from '../../lib/latency-bounds.ts'

/** Labels by name, in Kong's order. */
export type MetricLabels = Readonly<Record<string, string | number>>

/** How often, or how much. */
export interface CountSample {
  readonly labels: MetricLabels
  value: number
}

/** How many below which bound; the last count is of those above all. */
export interface LatencySample {
  readonly labels: MetricLabels
  readonly bounds: readonly number[]
  readonly counts: Float64Array
  sum: number
}

/** What the plugin has counted, in the names of Kong's metrics. */
export interface RequestMetrics {
  readonly requests: ReadonlyMap<string, CountSample>
  readonly sessions: ReadonlyMap<string, CountSample>
  readonly bandwidth: ReadonlyMap<string, CountSample>
  readonly kongLatency: ReadonlyMap<string, LatencySample>
  readonly upstreamLatency: ReadonlyMap<string, LatencySample>
  readonly requestLatency: ReadonlyMap<string, LatencySample>
  readonly sessionDuration: ReadonlyMap<string, LatencySample>
  readonly aiRequests: ReadonlyMap<string, CountSample>
  readonly aiCost: ReadonlyMap<string, CountSample>
  readonly aiTokens: ReadonlyMap<string, CountSample>
  readonly aiLatency: ReadonlyMap<string, LatencySample>
  /** Values that were not kept, because there are too many to tell apart. */
  readonly errors: number
  count(name: CountName, labels: MetricLabels, by: number): void
  observe(name: LatencyName, labels: MetricLabels, milliseconds: number): void
}

/** Metrics that only grow. */
export type CountName = 'requests' | 'sessions' | 'bandwidth' | 'aiRequests' | 'aiCost' | 'aiTokens'

/** Metrics of times. */
export type LatencyName =
  | 'kongLatency'
  | 'upstreamLatency'
  | 'requestLatency'
  | 'sessionDuration'
  | 'aiLatency'

/** Upper bounds in ms of models' answers, as Kong has them. */
const AI_BOUNDS: readonly number[] = [
  250, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 10000, 30000, 60000,
]

const BOUNDS: Readonly<Record<LatencyName, readonly number[]>> = {
  kongLatency: KONG_BOUNDS,
  upstreamLatency: UPSTREAM_BOUNDS,
  requestLatency: UPSTREAM_BOUNDS,
  sessionDuration: UPSTREAM_BOUNDS,
  aiLatency: AI_BOUNDS,
}

/** What it is kept under, so that a change of configuration forgets nothing. */
export const REQUEST_METRICS = 'prometheus request metrics'

/** Label sets of a metric at most; a client must not fill our memory by names. */
const MOST_SETS = 10_000

/** Makes metrics without a value. */
export function createRequestMetrics(mostSets = MOST_SETS): RequestMetrics {
  const counters = emptyCounters()
  const latencies = emptyLatencies()
  let errors = 0
  const place = <S>(known: Map<string, S>, labels: MetricLabels, make: () => S): S | undefined => {
    const key = Object.values(labels).join('\n')
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= mostSets) {
      errors++
      return undefined
    }
    const made = make()
    known.set(key, made)
    return made
  }
  return {
    ...counters,
    ...latencies,
    get errors() {
      return errors
    },
    count(name, labels, by) {
      const sample = place(counters[name], labels, () => ({ labels, value: 0 }))
      if (sample !== undefined) sample.value += by
    },
    observe(name, labels, milliseconds) {
      const sample = place(latencies[name], labels, () => emptyLatency(labels, BOUNDS[name]))
      if (sample !== undefined) addLatency(sample, milliseconds)
    },
  }
}

function emptyCounters() {
  return {
    requests: new Map<string, CountSample>(),
    sessions: new Map<string, CountSample>(),
    bandwidth: new Map<string, CountSample>(),
    aiRequests: new Map<string, CountSample>(),
    aiCost: new Map<string, CountSample>(),
    aiTokens: new Map<string, CountSample>(),
  } satisfies Record<CountName, unknown>
}

function emptyLatencies() {
  return {
    kongLatency: new Map<string, LatencySample>(),
    upstreamLatency: new Map<string, LatencySample>(),
    requestLatency: new Map<string, LatencySample>(),
    sessionDuration: new Map<string, LatencySample>(),
    aiLatency: new Map<string, LatencySample>(),
  } satisfies Record<LatencyName, unknown>
}

function emptyLatency(labels: MetricLabels, bounds: readonly number[]): LatencySample {
  return { labels, bounds, counts: new Float64Array(bounds.length + 1), sum: 0 }
}

function addLatency(sample: LatencySample, milliseconds: number): void {
  const { bounds, counts } = sample
  let bucket = 0
  while (milliseconds > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
  counts[bucket] = (counts[bucket] ?? 0) + 1
  sample.sum += milliseconds
}
