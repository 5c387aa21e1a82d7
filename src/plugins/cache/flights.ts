import { settledWithin } from '../../lib/after.ts'
import { createSweptMap } from '../../lib/swept-map.ts'
import type { Kit } from '../../pdk/kit.ts'

/** A request that is fetching what others wait for. */
export interface Flight {
  /** Resolves once it came back, with or without an answer to keep; or after a while. */
  wait(): Promise<void>
  /** It is back. */
  land(): void
  /** It brought something that cannot be kept: for a while nobody waits for the like. */
  landEmpty(): void
  /** It is back once what it brought is kept, and brought nothing if that cannot be. */
  landAfter(keeping: Promise<boolean>): void
}

/** The flights of one configuration, one a place. */
export interface Flights {
  /** The flight to a place that is under way. */
  to(place: string): Flight | undefined
  /** Sets off; undefined when nobody should wait for it. */
  start(place: string): Flight | undefined
}

/** Milliseconds somebody waits before fetching by himself. */
const PATIENCE = 10_000

/** Milliseconds for which a place is known to give nothing to keep. */
const EMPTY = 5000

const MOST_EMPTY = 10_000

/** Lets one request fetch what many want. */
export function createFlights({ after, runtime }: Pick<Kit, 'after' | 'runtime'>): Flights {
  const flying = new Map<string, Flight>()
  const empty = createSweptMap<{ readonly until: number }>(MOST_EMPTY)

  return {
    to: (place) => flying.get(place),
    start(place) {
      if (flying.has(place) || (empty.get(place)?.until ?? 0) > runtime.now()) return undefined
      let landed = (): void => {}
      const landing = new Promise<void>((resolve) => {
        landed = resolve
      })
      let isKeeping = false
      const flight: Flight = {
        // Each who waits has a timer of his own: on some runtimes that of another request may never ring.
        wait: () => settledWithin(PATIENCE, landing, after),
        land() {
          if (isKeeping) return
          if (flying.get(place) === flight) flying.delete(place)
          landed()
        },
        landEmpty() {
          const now = runtime.now()
          empty.add(place, { until: now + EMPTY }, now)
          flight.land()
        },
        landAfter(keeping) {
          isKeeping = true
          void keeping.then((isKept) => {
            isKeeping = false
            if (isKept) flight.land()
            else flight.landEmpty()
          })
        },
      }
      flying.set(place, flight)
      return flight
    },
  }
}
