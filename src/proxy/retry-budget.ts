/** Keeps retries a small part of the live requests, so that they never bury a struggling upstream. */
export interface RetryBudget {
  /** A request begins. */
  enter(): void
  /** It ended; `retried` when it had taken from the budget. */
  leave(retried: boolean): void
  /** Takes leave to retry; once for a request, however often it tries. */
  take(): boolean
}

/** Few retries at once are always fine. */
const AT_LEAST = 10
const SHARE = 0.2

/** A budget of a fifth of the requests under way, and of ten in any case. */
export function createRetryBudget(): RetryBudget {
  let live = 0
  let retrying = 0

  return {
    enter() {
      live++
    },
    leave(retried) {
      live--
      if (retried) retrying--
    },
    take() {
      if (retrying >= Math.max(AT_LEAST, live * SHARE)) return false
      retrying++
      return true
    },
  }
}
