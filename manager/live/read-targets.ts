import { isRecord } from '../api.ts'

/** What keeps a target from being chosen; seconds since 1970. */
export interface Obstacle {
  readonly kind: string
  readonly since: number | undefined
  readonly until: number | undefined
  readonly reason: string | undefined
}

/** A target at one moment, its addresses added up. */
export interface LiveTarget {
  readonly id: string
  readonly target: string
  readonly weight: number
  /** Kong's word: `HEALTHY`, `UNHEALTHY`, `HEALTHCHECKS_OFF` or `DNS_ERROR`. */
  readonly health: string
  readonly inFlight: number
  readonly requests: number
  readonly failures: number
  /** Answers by their latency: up to each bound in ms, the last without one. */
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
  /** The moving average of its latency in ms. */
  readonly ewma: number | undefined
  /** Weight 0 and nothing in flight. */
  readonly drained: boolean
  /** Of the address that is out, when none can be chosen. */
  readonly obstacle: Obstacle | undefined
}

/** Reads `GET /upstreams/{upstream}/health?stats=1`. */
export function readTargets(answer: unknown): readonly LiveTarget[] {
  return listIn(answer, 'data').filter(isRecord).map(readTarget)
}

function readTarget(row: Readonly<Record<string, unknown>>): LiveTarget {
  const stats = listIn(row, 'stats').filter(isRecord)
  const obstacles = stats.map((one) => readObstacle(one.obstacle))
  const free = obstacles.some((obstacle) => obstacle === undefined)
  return {
    id: String(row.id),
    target: String(row.target),
    weight: numberOf(row.weight) ?? 0,
    health: typeof row.health === 'string' ? row.health : '',
    inFlight: sum(stats.map((one) => numberOf(one.in_flight) ?? 0)),
    requests: sum(stats.map((one) => numberOf(one.requests) ?? 0)),
    failures: sum(stats.map((one) => numberOf(one.failures) ?? 0)),
    ...bucketsOf(stats.map((one) => (isRecord(one.latency) ? one.latency : {}))),
    ewma: mean(stats.map((one) => numberOf(isRecord(one.latency) ? one.latency.ewma : undefined))),
    drained: row.weight === 0 && stats.every((one) => one.drained === true),
    obstacle: free ? undefined : obstacles[0],
  }
}

function bucketsOf(latencies: readonly Readonly<Record<string, unknown>>[]) {
  const bounds = listIn(latencies[0], 'buckets').map((one) =>
    isRecord(one) ? (numberOf(one.le) ?? 0) : 0,
  )
  const counts = bounds.map((_, at) =>
    sum(
      latencies.map((latency) => {
        const bucket = listIn(latency, 'buckets')[at]
        return isRecord(bucket) ? (numberOf(bucket.count) ?? 0) : 0
      }),
    ),
  )
  return { bounds, counts: [...counts, sum(latencies.map(({ over }) => numberOf(over) ?? 0))] }
}

function readObstacle(value: unknown): Obstacle | undefined {
  if (!isRecord(value)) return undefined
  return {
    kind: String(value.kind),
    since: numberOf(value.since),
    until: numberOf(value.until) ?? numberOf(value.trial_at),
    reason: typeof value.reason === 'string' ? value.reason : undefined,
  }
}

function listIn(holder: unknown, name: string): readonly unknown[] {
  const list = isRecord(holder) ? holder[name] : undefined
  return Array.isArray(list) ? list : []
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : sum(known) / known.length
}
