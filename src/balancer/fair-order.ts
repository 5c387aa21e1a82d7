/**
 * The order in which peers of these weights take their turns: after every step each has had its
 * share to within one. Weights are whole, above 0; the order is as long as their sum.
 *
 * This is Tijdeman's solution of the chairman assignment problem: among those who are owed enough,
 * the one who would first be owed too much is next. Spreading each peer's slots evenly by
 * themselves is simpler, but many light peers then delay a heavy one by more than a turn.
 */
export function fairOrder(weights: readonly number[]): Uint16Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const order = new Uint16Array(total)
  if (weights.length < 2) return order

  // What each is owed, in units of 1 / total; all of them together are owed nothing.
  const owed = weights.map(() => 0)
  const parts = 2 * weights.length - 2
  const most = total * (1 - 1 / parts)
  for (let step = 0; step < total; step++) {
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
    order[step] = next
    owed[next] = (owed[next] as number) - total
  }
  return order
}
