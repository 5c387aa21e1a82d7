/** A full turn of `fairTurns`: as long as the sum of the weights, which are whole. */
export function fairOrder(weights: readonly number[]): Uint16Array {
  const next = fairTurns(weights)
  const order = new Uint16Array(weights.reduce((sum, weight) => sum + weight, 0))
  return order.map(next)
}

/**
 * The order in which peers of these weights take their turns, without end: after every step each has
 * had its share to within one. Weights are whole, above 0.
 *
 * This is Tijdeman's solution of the chairman assignment problem: among those who are owed enough,
 * the one who would first be owed too much is next. Spreading each peer's slots evenly by
 * themselves is simpler, but many light peers then delay a heavy one by more than a turn.
 */
export function fairTurns(weights: readonly number[]): () => number {
  if (weights.length < 2) return () => 0
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  // What each is owed, in units of 1 / total; all of them together are owed nothing.
  const owed = weights.map(() => 0)
  const parts = 2 * weights.length - 2
  const most = total * (1 - 1 / parts)

  return () => {
    let next = -1
    let urgency = Number.POSITIVE_INFINITY
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] as number
      const due = (owed[i] as number) + weight
      owed[i] = due
      const slack = (most - due) / weight
      if (due * parts >= total && slack < urgency) {
        urgency = slack
        next = i
      }
    }
    owed[next] = (owed[next] as number) - total
    return next
  }
}

/** So many turns are remembered: more than a request that was tried before looks ahead. */
const REMEMBERED = 1024

/**
 * Who has a turn, by its number, where a full turn is too long to write down. Numbers come nearly in
 * order; a leap begins anew.
 */
export function turnsAsAsked(weights: readonly number[]): (turn: number) => number {
  const recent = new Uint32Array(REMEMBERED)
  let next = fairTurns(weights)
  let start = 0
  let end = 0

  return (turn) => {
    if (turn < Math.max(start, end - REMEMBERED) || turn >= end + REMEMBERED) {
      next = fairTurns(weights)
      start = turn
      end = turn
    }
    for (; end <= turn; end++) recent[end % REMEMBERED] = next()
    return recent[turn % REMEMBERED] as number
  }
}
