import { failureSample, withSample } from './ewma.ts'

/** The upper bounds of the latency histogram's buckets, in ms, as Kong's Prometheus plugin has them; one more is open. */
export const LATENCY_BOUNDS: readonly number[] = [
  1, 2, 5, 7, 10, 15, 20, 30, 50, 75, 100, 200, 500, 750, 1000, 3000, 6000, 10000, 30000, 60000,
]

/** What is counted and measured of a peer. Only its balancer writes here. */
export interface Traffic {
  inFlight: number
  waiting: number
  waitingSince: number
  ewma: number | undefined
  sampledAt: number
  /** Requests sent there, retries included; and those that got no answer, or a status from 500 on. */
  requests: number
  failures: number
  /** Answers by the time to their head; made with the first. */
  buckets: Uint32Array | undefined
}

/** How a request fared. */
export interface Heard {
  /** Milliseconds until the answer began or the failure showed. */
  readonly took: number
  readonly failed: boolean
  /** There is an answer. */
  readonly answered: boolean
}

/** Nothing, yet. */
export function noTraffic(): Traffic {
  return {
    inFlight: 0,
    waiting: 0,
    waitingSince: 0,
    ewma: undefined,
    sampledAt: 0,
    requests: 0,
    failures: 0,
    buckets: undefined,
  }
}

/** A request leaves. */
export function beginWaiting(traffic: Traffic, now: number): void {
  if (traffic.waiting++ === 0) traffic.waitingSince = now
  traffic.requests++
}

/** Something was heard, so that whoever still waits waits since now. */
export function endWaiting(traffic: Traffic, now: number): void {
  if (traffic.waiting > 0) traffic.waiting--
  traffic.waitingSince = now
}

/** Takes the figures of a request in. */
export function measure(traffic: Traffic, { took, failed, answered }: Heard, now: number): void {
  if (failed) traffic.failures++
  if (answered) countLatency(traffic, took)
  traffic.ewma = withSample(traffic, failed ? failureSample(traffic, took) : took, now)
  traffic.sampledAt = now
}

function countLatency(traffic: Traffic, took: number): void {
  traffic.buckets ??= new Uint32Array(LATENCY_BOUNDS.length + 1)
  let bucket = 0
  while (took > (LATENCY_BOUNDS[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
  traffic.buckets[bucket] = (traffic.buckets[bucket] ?? 0) + 1
}

/** The latency that `share` of the answers stay within, in ms, read off the buckets; undefined without any. */
export function percentile({ buckets }: Traffic, share: number): number | undefined {
  if (buckets === undefined) return undefined
  const total = buckets.reduce((sum, count) => sum + count, 0)
  let left = share * total
  for (const [i, count] of buckets.entries()) {
    if (count > 0 && left <= count) {
      const low = LATENCY_BOUNDS[i - 1] ?? 0
      const high = LATENCY_BOUNDS[i] ?? low
      return low + ((high - low) * left) / count
    }
    left -= count
  }
  return undefined
}
