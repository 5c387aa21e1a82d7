import type { SessionRecord } from '../../pdk/session.ts'
import type { RequestMetrics } from './request-metrics.ts'

/** What is counted of sessions. */
type SessionCounts = Pick<RequestMetrics, 'count' | 'observe'>

/** Whose sessions they are. */
interface SessionPlace {
  readonly service: string
  readonly route: string
  readonly workspace: string
}

/** Counts how a session ended. Of the service is what reached it. */
export function countSession(
  metrics: SessionCounts,
  { session, tries }: SessionRecord,
  { service, route, workspace }: SessionPlace,
): void {
  const source = tries.some(({ state }) => state === undefined) ? 'service' : 'kong'
  metrics.count('sessions', { service, route, code: session.status, source, workspace }, 1)
}

/** Measures how long it was, and Kong's part of that. */
export function measureSession(
  metrics: SessionCounts,
  { latencies }: SessionRecord,
  { service, route, workspace }: SessionPlace,
): void {
  const labels = { service, route, workspace }
  metrics.observe('sessionDuration', labels, latencies.session)
  metrics.observe('kongLatency', labels, latencies.kong)
}
