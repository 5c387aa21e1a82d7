/** Whether a trace belongs to that share of all, by its id: everybody who asks gets the same answer. */
export function isSampled(traceId: string, rate: number): boolean {
  if (rate >= 1) return true
  if (rate <= 0) return false
  // Kong: the first eight bytes, the last of them first.
  let share = 0
  for (let at = 0; at < 16; at += 2) {
    share = (share + Number.parseInt(traceId.slice(at, at + 2), 16)) / 256
  }
  return share < rate
}
