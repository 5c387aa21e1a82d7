import type { Algorithm, MeasuredPeer, Picker } from './algorithm.ts'
import { fairOrder } from './fair-order.ts'

/** Gives every peer its turn as often as its weight asks. The turn itself is the balancer's. */
export const roundRobin: Algorithm = () => (peers) => {
  const unit = peers.reduce((divisor, peer) => gcd(divisor, peer.effectiveWeight), 0)
  const weights = peers.map((peer) => peer.effectiveWeight / unit)
  const total = weights.reduce((sum, weight) => sum + weight, 0)

  if (isEqual(weights)) return picker(peers, (turn) => turn % peers.length)
  if (total <= MOST_SLOTS && total * peers.length <= MOST_STEPS) {
    const wheel = fairOrder(weights)
    return picker(peers, (turn) => wheel[turn % total] as number)
  }
  return picker(peers, stride(weights, total))
}

/** A wheel of this size is 128 kB, and is made within some milliseconds. */
const MOST_SLOTS = 65_536
const MOST_STEPS = 1_048_576

/** So far the order is followed past tried peers; then any other will do. */
const MOST_SKIPS = 256

function picker(peers: readonly MeasuredPeer[], indexAt: (turn: number) => number): Picker {
  return ({ turn, tried }) => {
    const first = peers[indexAt(turn)]
    if (first === undefined || !tried.has(first)) return first

    for (let step = 1; step < MOST_SKIPS; step++) {
      const peer = peers[indexAt(turn + step)]
      if (peer !== undefined && !tried.has(peer)) return peer
    }
    return peers.find((peer) => !tried.has(peer))
  }
}

/**
 * The order for a wheel too large to build: it visits each of its slots once per turn, so
 * proportions are exact all the same, in strides near the golden section, so each peer's slots
 * come well spread.
 */
function stride(weights: readonly number[], total: number): (turn: number) => number {
  const ends: number[] = []
  for (const weight of weights) ends.push(weight + (ends.at(-1) ?? 0))
  const step = stepFor(total)

  return (turn) => {
    const slot = multiply(turn % total, step, total)
    let low = 0
    let high = ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (slot < (ends[middle] as number)) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** So many strides near the golden section are looked at. */
const CANDIDATES = 200

/** As good as a stride of the section itself. */
const GOOD = 5

/**
 * A stride that visits each slot. One near the section may still come back almost to its start after
 * some steps and then dwell there: such show by a large term of their continued fraction.
 */
function stepFor(total: number): number {
  const ideal = Math.round(total * 0.618_033_988_75)
  let best = 1
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < CANDIDATES && least > GOOD; i++) {
    const step = Math.max(1, ideal + (i % 2 === 0 ? i / 2 : -(i + 1) / 2))
    const term = largestTerm(step, total)
    if (term >= least) continue
    best = step
    least = term
  }
  return best
}

/** Infinite for numbers with a common divisor. */
function largestTerm(a: number, b: number): number {
  let [x, y, largest] = [b, a, 0]
  while (y !== 0) {
    largest = Math.max(largest, Math.floor(x / y))
    ;[x, y] = [y, x % y]
  }
  return x === 1 ? largest : Number.POSITIVE_INFINITY
}

/** `a * b % modulus` for operands whose product may pass 2^53, but not that of one and 2^20. */
function multiply(a: number, b: number, modulus: number): number {
  const high = Math.floor(a / 1_048_576)
  return (((high * b) % modulus) * 1_048_576 + (a % 1_048_576) * b) % modulus
}

function isEqual(weights: readonly number[]): boolean {
  return weights.every((weight) => weight === weights[0])
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}
