import type { Algorithm, MeasuredPeer } from './algorithm.ts'
import { lowestOf } from './lowest.ts'

/** Kong: gives a request to the peer with the fewest in flight for its weight, this one counted. */
export const leastConnections: Algorithm = () => (ready) => (info) => lowestOf(ready, info, load)

function load({ inFlight, effectiveWeight }: MeasuredPeer): number {
  return (inFlight + 1) / effectiveWeight
}
