import type { Health, Report } from './health.ts'

/** Failures of one kind since the last success. */
export interface Streak {
  readonly since: number
  readonly statuses: ReadonlySet<number>
}

/** A report, and what a reason may say of it. */
export interface Evidence {
  readonly report: Report
  readonly by: 'active' | 'passive' | 'trial'
  /** What was answered, if anything. */
  readonly status: number | undefined
  readonly now: number
}

/** Follows the failures that may eject a peer; the same map when there is nothing to follow. */
export function followStreak(
  streaks: Map<string, Streak> | undefined,
  { report, status, now }: Evidence,
  { counts }: Health,
): Map<string, Streak> | undefined {
  if (report === 'success') return undefined
  // A first one: whatever came before was cleared.
  const before = counts[report] > 1 ? streaks?.get(report) : undefined
  const statuses = new Set(before?.statuses)
  if (status !== undefined) statuses.add(status)
  const followed = streaks ?? new Map<string, Streak>()
  return followed.set(report, { since: before?.since ?? now, statuses })
}

/** Says why a peer went up or down: `3 x 503 in 4 s`, `probe answered 200 twice`. */
export function reasonOf(evidence: Evidence, { counts }: Health, streak?: Streak): string {
  const { report, by, now } = evidence
  const count = counts[report]
  const statuses = streak === undefined ? new Set<number>() : streak.statuses
  const status = statuses.size > 0 ? [...statuses].join(' or ') : `${evidence.status ?? 0}`
  if (by === 'active') return `${PROBED[report](status)}${times(count)}`
  if (report === 'success') return `request on trial answered ${status}${times(count)}`
  const what = report === 'http' ? status : NAMED[report]
  if (count < 2) return what
  return `${count} x ${what} in ${span(now - (streak?.since ?? now))}`
}

const NAMED = { tcp: 'tcp failure', timeout: 'timeout' }

const PROBED = {
  success: (status: string) => (status === '0' ? 'probe connected' : `probe answered ${status}`),
  http: (status: string) =>
    status === '0' ? 'probe answered nonsense' : `probe answered ${status}`,
  tcp: () => 'probe failed to connect',
  timeout: () => 'probe timed out',
}

function times(count: number): string {
  if (count < 2) return ''
  return count === 2 ? ' twice' : ` ${count} times`
}

/** A time as people say it: `0.3 s`, `4 s`, `5 min`, `3 h`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 9.95) return `${Math.round(seconds * 10) / 10} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
