import type { Algorithm } from './algorithm.ts'
import { consistentHashing } from './consistent-hashing.ts'
import { latency } from './latency.ts'
import { leastConnections } from './least-connections.ts'
import { roundRobin } from './round-robin.ts'

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['round-robin', roundRobin],
  ['consistent-hashing', consistentHashing],
  ['least-connections', leastConnections],
  ['latency', latency],
])

/** The strategy an upstream asks for. */
export function algorithmOf(name: string | null | undefined): Algorithm {
  return ALGORITHMS.get(name ?? '') ?? roundRobin
}
