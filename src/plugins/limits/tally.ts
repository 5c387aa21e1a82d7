import { endOf, type Period, startOf } from '../../lib/calendar.ts'

/** How often something may happen in a period. */
export interface PeriodLimit {
  readonly period: Period
  readonly limit: number
}

/** What is counted: for each identifier so many windows. */
export interface Book {
  /** The beginning of its counters' keys. */
  readonly key: string
  /** What tells it from others of the same key; empty for nothing. */
  readonly name: string
  /** Shortest period first. */
  readonly limits: readonly PeriodLimit[]
}

/** Counts by limit, in the book's order. */
export type Counts = readonly number[]

/** Counts in the calendar windows of one book. Rejects when the counters cannot be reached. */
export interface Tally {
  /** Counts one in every window unless one of them is full; tells what was counted before. */
  take(identifier: string, now: number): Counts | Promise<Counts>
  read(identifier: string, now: number): Counts | Promise<Counts>
  add(identifier: string, by: number, now: number): Promise<void> | undefined
  /** Sends on what was counted here alone. */
  close?(): Promise<void>
}

/** Whether one of the windows was full before. */
export function isFull({ limits }: Pick<Book, 'limits'>, counts: Counts): boolean {
  return limits.some(({ limit }, i) => (counts[i] ?? 0) >= limit)
}

/** A counter of its own in a store that is shared. */
export interface Slot {
  /** Kong's name for it. */
  readonly key: string
  readonly limit: number
  /** Milliseconds it has to be kept. */
  readonly ttl: number
}

/** So long a counter outlives its window: clocks of gateways differ. */
const SLACK = 5000

/** The counters of an identifier at a time. */
export function slotsOf({ key, name, limits }: Book, identifier: string, now: number): Slot[] {
  const middle = name === '' ? '' : `${name}:`
  return limits.map(({ period, limit }) => {
    const start = startOf(period, now)
    return {
      key: `${key}:${identifier}:${start}:${middle}${period}`,
      limit,
      ttl: endOf(period, start) - now + SLACK,
    }
  })
}
