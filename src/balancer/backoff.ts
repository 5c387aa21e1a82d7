/**
 * How long a peer that could not be connected to is left alone. This is no health check: it is on
 * without any configuration, never shows in `/health`, and never makes an upstream unavailable.
 */
export interface Backoff {
  readonly failures: number
  readonly failedAt: number
  readonly until: number
  /** One request was let through to see; the others still keep away. */
  readonly returning: boolean
}

/** A peer that connects. */
export const NO_BACKOFF: Backoff = { failures: 0, failedAt: 0, until: 0, returning: false }

/** What a pause is made from; milliseconds, and a number in [0, 1). */
export interface Pause {
  readonly now: number
  /** The first pause; 0 switches backoff off. */
  readonly first: number
  readonly random: number
}

const LONGEST = 10_000

/** Takes a failure in: each doubles the pause, but those of requests sent before it count as one. */
export function failConnect(backoff: Backoff, pause: Pause): Backoff {
  if (pause.first <= 0) return NO_BACKOFF
  const { now } = pause
  if (now < backoff.until && !backoff.returning) return { ...backoff, failedAt: now }
  const failures = backoff.failures + 1
  return { failures, failedAt: now, until: now + lengthOf(failures, pause), returning: false }
}

/** Lets one request through after a pause; until it is known how it fared the others wait again. */
export function letThrough(backoff: Backoff, pause: Pause): Backoff {
  const until = pause.now + lengthOf(backoff.failures, pause)
  return { ...backoff, until, returning: true }
}

/** A quarter more or less, so that nodes do not come back all at once. */
function lengthOf(failures: number, { first, random }: Pause): number {
  return Math.min(LONGEST, first * 2 ** (failures - 1)) * (0.75 + random / 2)
}
