/**
 * Keeps retries that help nobody a small part of the live requests, so that they never bury a
 * struggling upstream. Those that are answered are free: when one target of two hangs, every other
 * request needs one, and many at the same moment.
 */
export interface RetryBudget {
  /** A request begins. */
  enter(): void
  /** It ended; `retried` when it had taken from the budget, `answered` when a retry was. */
  leave(retried: boolean, answered?: boolean): void
  /** Takes leave to retry; once for a request, however often it tries. */
  take(): boolean
}

/** Few retries at once are always fine. */
const AT_LEAST = 10
const SHARE = 0.2

/** How much one retry's end counts among those before it: seven failures in a row make them scarce. */
const NEWS = 0.1

/** A budget of a fifth of the requests under way, ten in any case, and all while retries are answered. */
export function createRetryBudget(): RetryBudget {
  let live = 0
  let retrying = 0
  /** The share of retries that were answered of late. */
  let answering = 1

  return {
    enter() {
      live++
    },
    leave(retried, answered = false) {
      live--
      if (!retried) return
      retrying--
      answering += ((answered ? 1 : 0) - answering) * NEWS
    },
    take() {
      if (answering < 0.5 && retrying >= Math.max(AT_LEAST, live * SHARE)) return false
      retrying++
      return true
    },
  }
}
