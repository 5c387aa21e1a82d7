import { endOf, PERIODS, startOf } from '../../lib/calendar.ts'
import { createSweptMap, type SweptMap } from '../../lib/swept-map.ts'
import { type Book, type Counts, isFull, type Tally } from './tally.ts'

/** What one identifier did, by the period's place in `PERIODS`. */
interface Uses {
  readonly starts: number[]
  readonly counts: number[]
  until: number
}

/** The counters of this process, of all books. */
export type LocalCounters = SweptMap<Uses>

/** An identifier may be of a client's making, so there is an end to them; some 40 MB. */
const MOST = 200_000

/** Longer identifiers would make counters large. */
const LONGEST = 256

/** Makes the counters that all books of a process share. */
export function createLocalCounters(): LocalCounters {
  return createSweptMap(MOST)
}

/** Counts in this process: at once, and exactly. */
export function localTally(counters: LocalCounters, book: Book): Tally {
  const windows = book.limits.map(({ period }) => ({ period, place: PERIODS.indexOf(period) }))
  const prefix = `${book.key}:${book.name}:`

  /** The uses of now: windows that have passed begin anew. */
  const usesOf = (identifier: string, now: number): Uses => {
    const key = prefix + shortened(identifier)
    const known = counters.get(key)
    const uses = known ?? { starts: [0, 0, 0, 0, 0, 0], counts: [0, 0, 0, 0, 0, 0], until: 0 }
    for (const { period, place } of windows) {
      const start = startOf(period, now)
      if (uses.starts[place] === start) continue
      uses.starts[place] = start
      uses.counts[place] = 0
      uses.until = Math.max(uses.until, endOf(period, start))
    }
    if (known === undefined) counters.add(key, uses, now)
    return uses
  }
  const countsIn = ({ counts }: Uses): Counts => windows.map(({ place }) => counts[place] ?? 0)
  const addTo = ({ counts }: Uses, by: number): void => {
    for (const { place } of windows) counts[place] = (counts[place] ?? 0) + by
  }

  return {
    take(identifier, now) {
      const uses = usesOf(identifier, now)
      const before = countsIn(uses)
      if (!isFull(book, before)) addTo(uses, 1)
      return before
    },
    read: (identifier, now) => countsIn(usesOf(identifier, now)),
    add(identifier, by, now) {
      addTo(usesOf(identifier, now), by)
      return undefined
    },
  }
}

/** Two long ones may count as one only when both ends and the length are the same. */
function shortened(identifier: string): string {
  if (identifier.length <= LONGEST) return identifier
  const half = LONGEST / 2
  return `${identifier.slice(0, half)}…${identifier.length}…${identifier.slice(-half)}`
}
