/** Something that may be forgotten once a time has come. */
export interface Expiring {
  /** Milliseconds since 1970. */
  readonly until: number
}

/** Values by key, at most so many. */
export interface SweptMap<V extends Expiring> {
  readonly size: number
  /** Also what has expired, while it is not forgotten. */
  get(key: string): V | undefined
  add(key: string, value: V, now: number): void
}

/** So many old ones are looked at for a new one: all of them in the time in which half as many come. */
const STEPS = 2

/**
 * A map that sweeps itself: each addition looks at some of what is there and forgets what has
 * expired; when the map is full, the next in turn goes whatever it is. It never grows by a key
 * that a client makes up beyond `limit`.
 */
export function createSweptMap<V extends Expiring>(limit: number): SweptMap<V> {
  const values = new Map<string, V>()
  let turn = values.entries()

  const next = (): readonly [string, V] | undefined => {
    const step = turn.next()
    if (step.done !== true) return step.value
    turn = values.entries()
    const first = turn.next()
    return first.done === true ? undefined : first.value
  }

  return {
    get size() {
      return values.size
    },
    get: (key) => values.get(key),
    add(key, value, now) {
      for (let step = 0; step < STEPS; step++) {
        const seen = next()
        if (seen !== undefined && seen[1].until <= now) values.delete(seen[0])
      }
      if (values.size >= limit && !values.has(key)) {
        const victim = next()
        if (victim !== undefined) values.delete(victim[0])
      }
      values.set(key, value)
    },
  }
}
