/**
 * A number in (0, 1) for each throw, the same whenever it is asked for. So all algorithms meet the
 * same requests, of the same cost, in whatever order they send them.
 */
export type Dice = (index: number, turn?: number) => number

/** What dice are thrown for; those of one purpose tell nothing of another's. */
export type Purpose = 'arrivals' | 'keys' | 'latency' | 'latency too' | 'errors' | 'balancer'

const PURPOSES: readonly Purpose[] = [
  'arrivals',
  'keys',
  'latency',
  'latency too',
  'errors',
  'balancer',
]

/** Makes the dice of one purpose. */
export function createDice(seed: number, purpose: Purpose): Dice {
  const start = scramble(scramble(seed) + PURPOSES.indexOf(purpose) + 1)
  return (index, turn = 0) => {
    const hash = scramble(scramble(start ^ index) + turn)
    return ((hash >>> 0) + 0.5) / 4_294_967_296
  }
}

/** The finish of MurmurHash3: a change of any bit changes each other one half of the time. */
function scramble(value: number): number {
  let hash = (value + 0x9e3779b9) | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
