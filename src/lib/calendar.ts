/** The calendar's periods, shortest first. */
export const PERIODS = ['second', 'minute', 'hour', 'day', 'month', 'year'] as const

/** One of them. */
export type Period = (typeof PERIODS)[number]

const LENGTHS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** When the period that holds a time began, in UTC; both in ms since 1970. */
export function startOf(period: Period, time: number): number {
  if (period !== 'month' && period !== 'year') {
    const length = LENGTHS[period]
    return Math.floor(time / length) * length
  }
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), period === 'month' ? date.getUTCMonth() : 0)
}

/** When the next period begins after one that began at `start`. */
export function endOf(period: Period, start: number): number {
  if (period !== 'month' && period !== 'year') return start + LENGTHS[period]
  const date = new Date(start)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return period === 'month' ? Date.UTC(year, month + 1) : Date.UTC(year + 1, 0)
}
