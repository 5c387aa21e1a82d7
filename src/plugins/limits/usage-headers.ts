import { endOf, type Period, startOf } from '../../lib/calendar.ts'
import type { HeaderList } from '../../lib/header-list.ts'
import { type Counts, isFull, type PeriodLimit } from './tally.ts'

/** What a client is told of its limits. */
export interface Told {
  readonly headers: HeaderList
  /** Seconds until it may come again. */
  readonly reset: number
}

/** Makes headers of what was counted before this request, as Kong words them. */
export function usageHeaders(limits: readonly PeriodLimit[]) {
  const named = limits.map(({ period, limit }) => {
    const name = `${period.slice(0, 1).toUpperCase()}${period.slice(1)}`
    return {
      period,
      limit,
      limitName: `X-RateLimit-Limit-${name}`,
      remainingName: `X-RateLimit-Remaining-${name}`,
    }
  })

  return (before: Counts, now: number): Told => {
    // Kong: of a request that passes each window tells what is left after it.
    const by = isFull({ limits }, before) ? 0 : 1
    const headers: HeaderList = []
    let tightest: { limit: number; left: number; period: Period } | undefined
    for (const [i, { period, limit, limitName, remainingName }] of named.entries()) {
      const left = Math.max(0, limit - (before[i] ?? 0) - by)
      headers.push(limitName, `${limit}`, remainingName, `${left}`)
      // Kong: of equal ones the longest period counts.
      if (tightest === undefined || left <= tightest.left) tightest = { limit, left, period }
    }
    if (tightest === undefined) return { headers, reset: 1 }
    const reset = secondsLeft(tightest.period, now)
    headers.push('RateLimit-Limit', `${tightest.limit}`)
    headers.push('RateLimit-Remaining', `${tightest.left}`, 'RateLimit-Reset', `${reset}`)
    return { headers, reset }
  }
}

function secondsLeft(period: Period, now: number): number {
  const end = endOf(period, startOf(period, now))
  // Kong: it counts whole seconds, and there is always one left.
  return Math.max(1, end / 1000 - Math.floor(now / 1000))
}
