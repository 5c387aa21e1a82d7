import { span } from './health-reason.ts'

/** What is going to bring an ejected peer back. */
export interface NextStep {
  /** `hand`: nothing but a person. */
  readonly by: 'probe' | 'trial' | 'hand'
  /** Milliseconds since 1970; undefined when it is not known here. */
  readonly at: number | undefined
}

/** A peer that went up or down. */
export interface HealthEvent {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The target's id. */
  readonly target: string
  /** `host:port`. */
  readonly peer: string
  readonly from: 'healthy' | 'unhealthy'
  readonly to: 'healthy' | 'unhealthy'
  readonly reason: string
  readonly next: NextStep | undefined
}

const KEPT = 50

/** The last events of an upstream, newest first. */
export function withEvent(events: readonly HealthEvent[], event: HealthEvent): HealthEvent[] {
  return [event, ...events.slice(0, KEPT - 1)]
}

/** An event's reason and what is next, in a line: `3 x 503 in 4 s; next probe in 2 s`. */
export function eventText({ at, reason, next }: HealthEvent): string {
  if (next === undefined) return reason
  if (next.by === 'hand') return `${reason}; stays out until set healthy`
  const word = next.by === 'probe' ? 'next probe' : 'next request on trial'
  return next.at === undefined ? reason : `${reason}; ${word} in ${span(next.at - at)}`
}
