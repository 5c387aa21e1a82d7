import { isRecord } from '../api.ts'
import type { LiveTarget } from './read-targets.ts'

/** One time a target went up or down, as `GET /upstreams/{upstream}/events` tells it. */
export interface Event {
  readonly at: number
  readonly target: string
  readonly address: string
  readonly to: string
  readonly text: string
  readonly reason: string
  /** When it is asked again, and by what. */
  readonly next: { readonly by: string; readonly at: number | undefined } | undefined
}

/** How a target stands, in words. */
export interface Standing {
  readonly word: string
  readonly mood: 'good' | 'bad' | 'warn' | 'soft'
  readonly reason: string | undefined
  /** Seconds since 1970. */
  readonly since: number | undefined
  /** Whether it takes part in the balancing. */
  readonly takes: boolean
}

/** Reads the events, newest first. */
export function readEvents(answer: unknown): readonly Event[] {
  const list = isRecord(answer) && Array.isArray(answer.data) ? answer.data : []
  return list.filter(isRecord).map((event) => ({
    at: Number(event.at),
    target: isRecord(event.target) ? String(event.target.id) : '',
    address: String(event.address),
    to: String(event.to),
    text: String(event.text),
    reason: String(event.reason),
    next: isRecord(event.next)
      ? {
          by: String(event.next.by),
          at: typeof event.next.at === 'number' ? event.next.at : undefined,
        }
      : undefined,
  }))
}

/** How a target stands now, with what is known of why. */
export function standingOf(live: LiveTarget, events: readonly Event[]): Standing {
  const last = events.find(({ target }) => target === live.id)
  const story = { reason: last?.reason, since: last?.at }
  const { obstacle, health } = live
  if (live.weight === 0) {
    return live.drained
      ? { ...story, word: 'Safe to remove', mood: 'soft', reason: 'weight 0', takes: false }
      : { ...story, word: 'Draining', mood: 'warn', reason: leftText(live.inFlight), takes: false }
  }
  if (health === 'DNS_ERROR') {
    const reason = 'its name has no address'
    return { ...story, word: 'No address', mood: 'bad', reason, takes: false }
  }
  if (obstacle?.kind === 'unhealthy' || health === 'UNHEALTHY') {
    const reason = obstacle?.reason ?? story.reason
    const since = obstacle?.since ?? story.since
    return { word: 'Unhealthy', mood: 'bad', reason, since, takes: false }
  }
  if (obstacle?.kind === 'aside') {
    const reason = 'could not be connected to'
    return { word: 'Set aside', mood: 'warn', reason, since: obstacle.since, takes: false }
  }
  if (health === 'HEALTHY') return { ...story, word: 'Healthy', mood: 'good', takes: true }
  return { ...story, word: 'Not checked', mood: 'soft', takes: true }
}

function leftText(count: number): string {
  return count === 1 ? '1 request is left' : `${count} requests are left`
}

/** When a target is asked again; `now` in seconds. */
export function nextProbe(
  live: LiveTarget,
  known: {
    readonly events: readonly Event[]
    readonly upstream: Readonly<Record<string, unknown>>
    readonly now: number
  },
): string | undefined {
  const { events, upstream, now } = known
  if (live.weight === 0) return undefined
  const { obstacle } = live
  if (obstacle?.kind === 'aside' && obstacle.until !== undefined) {
    return `tried again ${inText(obstacle.until - now)}`
  }
  if (obstacle?.kind !== 'unhealthy') return everyText(intervalOf(upstream, 'healthy'))
  const every = intervalOf(upstream, 'unhealthy')
  const next = events.find(({ target }) => target === live.id)?.next
  if (next?.by === 'probe' && next.at !== undefined && every > 0) {
    const missed = Math.max(0, Math.ceil((now - next.at) / every))
    return `probe ${inText(next.at + missed * every - now)}`
  }
  if (obstacle.until !== undefined) return `a request on trial ${inText(obstacle.until - now)}`
  return everyText(every) ?? 'when set healthy'
}

function intervalOf(upstream: Readonly<Record<string, unknown>>, side: string): number {
  const checks = isRecord(upstream.healthchecks) ? upstream.healthchecks.active : undefined
  const part = isRecord(checks) ? checks[side] : undefined
  return isRecord(part) && typeof part.interval === 'number' ? part.interval : 0
}

function everyText(seconds: number): string | undefined {
  return seconds > 0 ? `probe every ${seconds} s` : undefined
}

function inText(seconds: number): string {
  return seconds < 1 ? 'now' : `in ${Math.round(seconds)} s`
}
