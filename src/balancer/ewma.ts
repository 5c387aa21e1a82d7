/** Kong: the time in which an average loses all but a third of its past, in milliseconds. */
const DECAY = 10_000

/** A failure counts as this many times the average, so that failing fast never looks like being fast. */
const FAILURE = 4
const LONGEST_FAILURE = 10_000

/** An average, and when it was last added to. */
export interface Average {
  readonly ewma: number | undefined
  readonly sampledAt: number
}

/**
 * The average with one more sample. The longer ago the last one, the more this one counts; a higher
 * one counts whole at once, so that a peer that begins to stumble is seen in one request.
 */
export function withSample({ ewma, sampledAt }: Average, took: number, now: number): number {
  if (ewma === undefined || took >= ewma) return took
  const past = Math.exp(-Math.max(0, now - sampledAt) / DECAY)
  return ewma * past + took * (1 - past)
}

/** The average once nothing was heard for a while: Kong lets it fade, so that a slow peer is asked again. */
export function faded({ ewma = 0, sampledAt }: Average, now: number): number {
  return now <= sampledAt ? ewma : ewma * Math.exp((sampledAt - now) / DECAY)
}

/** What a failed request counts as. */
export function failureSample({ ewma = 0 }: Average, took: number): number {
  return Math.max(took, Math.min(LONGEST_FAILURE, FAILURE * Math.max(1, ewma)))
}
