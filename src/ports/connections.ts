/** Clients' connections as nginx counts them, so that its readers find what they know. */
export interface ConnectionCounts {
  /** Since the start. */
  readonly accepted: number
  /** Of those, the ones that were not closed at once for being too many. */
  readonly handled: number
  /** Open now: the three below together. */
  readonly active: number
  /** Sending the head of their first request. */
  readonly reading: number
  /** With a request under way. */
  readonly writing: number
  /** With none: between two requests, or before the first byte. */
  readonly waiting: number
}

/** Tells how they stand now; whoever listens fills it. */
export type CountConnections = () => ConnectionCounts

/** Where nobody can count: a platform that listens itself. */
export const NO_CONNECTIONS: ConnectionCounts = {
  accepted: 0,
  handled: 0,
  active: 0,
  reading: 0,
  writing: 0,
  waiting: 0,
}

/** Those of several listeners together. */
export function sumOfConnections(counts: readonly ConnectionCounts[]): ConnectionCounts {
  return counts.reduce(
    (sum, one) => ({
      accepted: sum.accepted + one.accepted,
      handled: sum.handled + one.handled,
      active: sum.active + one.active,
      reading: sum.reading + one.reading,
      writing: sum.writing + one.writing,
      waiting: sum.waiting + one.waiting,
    }),
    NO_CONNECTIONS,
  )
}
