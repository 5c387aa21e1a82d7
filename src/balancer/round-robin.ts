import { fairOrder, turnsAsAsked } from '../lib/fair-order.ts'
import type { Algorithm, MeasuredPeer, Picker } from './algorithm.ts'

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
  return picker(peers, turnsAsAsked(weights))
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

function isEqual(weights: readonly number[]): boolean {
  return weights.every((weight) => weight === weights[0])
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}
