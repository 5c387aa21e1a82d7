/** Kong's four states; the first two take traffic. */
export type HealthState = 'healthy' | 'mostly_healthy' | 'mostly_unhealthy' | 'unhealthy'

/** What a check says of one request or probe; all but `success` are failures. */
export type Report = 'success' | 'http' | 'tcp' | 'timeout'

/** A peer's state and how near it is to another one. */
export interface Health {
  readonly state: HealthState
  /** Active and passive checks count together. */
  readonly counts: Readonly<Record<Report, number>>
}

const NO_COUNTS = { success: 0, http: 0, tcp: 0, timeout: 0 }

/** Where every peer starts, and where a person's word puts it. */
export const HEALTHY: Health = { state: 'healthy', counts: NO_COUNTS }

/** Where a person's word, or another node's, puts a peer. */
export const UNHEALTHY: Health = { state: 'unhealthy', counts: NO_COUNTS }

/** Whether a peer in this state takes traffic. */
export function isUp({ state }: Health): boolean {
  return state === 'healthy' || state === 'mostly_healthy'
}

/** Takes a report in; the same object when nothing changes. `limit` is the report's own. */
export function observe(health: Health, report: Report, limit: number): Health {
  // Kong: a limit of 0 switches the report off, so that it does not even reset the others.
  if (limit === 0) return health
  return report === 'success' ? succeed(health, limit) : fail(health, { report, limit })
}

function succeed(health: Health, limit: number): Health {
  if (health.state === 'healthy') return health
  // Kong: a success clears the failures.
  const counts = { ...NO_COUNTS, success: health.counts.success + 1 }
  if (counts.success >= limit) return { state: 'healthy', counts }
  return { state: health.state === 'unhealthy' ? 'mostly_unhealthy' : health.state, counts }
}

function fail(health: Health, { report, limit }: { report: Report; limit: number }): Health {
  if (health.state === 'unhealthy') return health
  // Kong: a failure clears the successes and leaves the other failures.
  const counts = { ...health.counts, success: 0, [report]: health.counts[report] + 1 }
  if (counts[report] >= limit) return { state: 'unhealthy', counts }
  return { state: health.state === 'healthy' ? 'mostly_healthy' : health.state, counts }
}
