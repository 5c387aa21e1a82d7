import type { Peer } from '../balancer/algorithm.ts'
import type { PeerOutcome } from '../balancer/judge.ts'
import type { TryRecord } from '../pdk/log-record.ts'

/** One try of a peer; times in milliseconds since 1970. */
export interface Tried {
  readonly peer: Peer
  /** What it is called. */
  readonly name: string
  readonly outcome: PeerOutcome
  readonly startedAt: number
  readonly endedAt: number
}

/** Writes down one try. */
export function tryRecord({ peer, outcome, startedAt, endedAt }: Omit<Tried, 'name'>): TryRecord {
  const started = Math.floor(startedAt)
  const took = Math.max(0, Math.floor(endedAt - startedAt))
  const record = {
    ip: peer.address,
    port: peer.port,
    balancer_start: started,
    balancer_start_ns: Math.floor(startedAt * 1_000_000),
    balancer_latency: took,
    balancer_latency_ns: Math.max(0, Math.floor((endedAt - startedAt) * 1_000_000)),
  }
  return outcome.kind === 'status' ? record : { ...record, state: 'failed', code: codeOf(outcome) }
}

/** nginx' number for a try that brought no answer. */
function codeOf({ kind }: PeerOutcome): number {
  return kind === 'timeout' ? 504 : 502
}
