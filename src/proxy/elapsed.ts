/** Whole milliseconds between two moments; none when the clock went back. */
export function elapsed(from: number, to: number): number {
  return Math.max(0, Math.floor(to - from))
}
