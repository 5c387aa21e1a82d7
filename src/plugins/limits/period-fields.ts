import { PERIODS, type Period } from '../../lib/calendar.ts'

const limit = { type: 'number', gt: 0 } as const

/** How often something may happen in each calendar period, shortest first. */
export const periodFields = {
  second: limit,
  minute: limit,
  hour: limit,
  day: limit,
  month: limit,
  year: limit,
} as const

type Limits = Readonly<Partial<Record<Period, unknown>>>

/** Why limits contradict each other: what a second allows, a minute must too. */
export function checkPeriodOrder(limits: Limits): string | undefined {
  const rest = contradiction(limits)
  return rest && `The ${rest}`
}

/** The same in the words of response-ratelimiting, which Kong begins in lower case. */
export function checkUsesOrder(limits: Limits): string | undefined {
  const rest = contradiction(limits)
  return rest && `the ${rest}`
}

function contradiction(limits: Limits): string | undefined {
  const set = PERIODS.flatMap((period) => {
    const value = limits[period]
    return typeof value === 'number' ? [{ period, value }] : []
  })
  for (const [i, short] of set.entries()) {
    const long = set.slice(i + 1).find(({ value }) => value < short.value)
    if (long !== undefined)
      return `limit for ${shown(long)} cannot be lower than the limit for ${shown(short)}`
  }
  return undefined
}

function shown({ period, value }: { readonly period: string; readonly value: number }): string {
  return `${period}(${value.toFixed(1)})`
}
