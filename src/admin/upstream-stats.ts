import type { PeerStats } from '../balancer/peer-stats.ts'

/** What was counted and measured of one address of a target, as `?stats=1` shows it; milliseconds. */
export function shownStats(stats: PeerStats): unknown {
  const { peer, inFlight, requests, failures, latency, ewma, drained } = stats
  const { p50, p99, bounds, counts } = latency
  return {
    address: peer,
    in_flight: inFlight,
    requests,
    failures,
    error_ratio: requests === 0 ? 0 : failures / requests,
    latency: {
      p50: p50 ?? null,
      p99: p99 ?? null,
      ewma: ewma ?? null,
      buckets: bounds.map((le, i) => ({ le, count: counts[i] ?? 0 })),
      over: counts[bounds.length] ?? 0,
    },
    drained,
  }
}
