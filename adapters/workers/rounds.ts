/** How long a round goes on, in ms. */
const ROUND = 1000

/** Who has waited for less is likely to be answered soon, in ms. */
const YOUNG = 250

/** A round that should have ended so long ago has died with the request that held it, in ms. */
const OVERDUE = 1000

/** Platforms hold a request open for half a minute; another takes over before, in ms. */
const TERM = 20_000

/**
 * Somebody who waits, and wants to know when that takes long. Both are called on behalf of another
 * request, so they may touch plain memory, and resolve a promise, but no stream or timer.
 */
export interface Waiting {
  /** When it began to wait. */
  readonly since: number
  /** Has waited for a round; it is to leave when it hears of that. */
  late(): void
  /** Has not left a round after that: its client has, and the platform runs none of its code any more. */
  lost(): void
}

/** One timer a second for all that wait: a timer of its own costs a request a tenth of its price. */
export interface Rounds {
  /** Calls `late` when it waits still after a round, which may take one and a half. */
  join(one: Waiting): void
  leave(one: Waiting): void
}

/** The request that holds the rounds open. */
interface Keeper {
  readonly since: number
  endsAt: number
}

/** Makes them; `keep` holds the request that is being served open until the work is done. */
export function createRounds(keep: (work: Promise<unknown>) => void): Rounds {
  const waiting = new Set<Waiting>()
  const woken = new Set<Waiting>()
  let keeper: Keeper | undefined

  const run = async (own: Keeper): Promise<void> => {
    do {
      await new Promise((resolve) => setTimeout(resolve, ROUND))
      if (keeper !== own) return
      const now = Date.now()
      giveUp(woken)
      wake(waiting, woken, now - YOUNG)
      own.endsAt = now + ROUND
    } while (waiting.size + woken.size > 0)
    keeper = undefined
  }

  return {
    join(one) {
      waiting.add(one)
      const now = one.since
      if (keeper !== undefined && now < keeper.endsAt + OVERDUE && now < keeper.since + TERM) return
      keeper = { since: now, endsAt: now + ROUND }
      keep(run(keeper))
    },
    leave(one) {
      if (!waiting.delete(one)) woken.delete(one)
    },
  }
}

/** Those that began before, which are the first of them. */
function wake(waiting: Set<Waiting>, woken: Set<Waiting>, before: number): void {
  for (const one of waiting) {
    if (one.since > before) return
    waiting.delete(one)
    woken.add(one)
    one.late()
  }
}

function giveUp(woken: Set<Waiting>): void {
  for (const one of woken) {
    woken.delete(one)
    one.lost()
  }
}
