import type { BalancerLook, Obstacle } from '../balancer/look.ts'
import type { PeerStats } from '../balancer/peer-stats.ts'

/** What was counted and measured of one address of a target, as `?stats=1` shows it; milliseconds. */
export function shownStats(stats: PeerStats, look?: BalancerLook): unknown {
  const { peer, inFlight, requests, failures, latency, ewma, drained } = stats
  const { p50, p99, bounds, counts } = latency
  const obstacle = look?.peers.find((one) => one.peer === peer)?.obstacle
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
    obstacle: obstacle === undefined ? null : shownObstacle(obstacle),
  }
}

/** What keeps it from being chosen; seconds, as times on the wire are. */
function shownObstacle(obstacle: Obstacle): unknown {
  const { kind } = obstacle
  switch (kind) {
    case 'weight':
      return { kind }
    case 'unhealthy':
      return {
        kind,
        since: seconds(obstacle.since),
        reason: obstacle.reason ?? null,
        trial_at: seconds(obstacle.trialAt),
      }
    case 'aside':
      return { kind, since: seconds(obstacle.since), until: seconds(obstacle.until) }
  }
}

function seconds(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : milliseconds / 1000
}
