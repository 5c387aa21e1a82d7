import type { TrackedPeer } from './tracked-peer.ts'
import { LATENCY_BOUNDS, percentile } from './traffic.ts'

/** What was counted and measured of a peer since it is known here; times in milliseconds. */
export interface PeerStats {
  /** The target's id. */
  readonly target: string
  /** `host:port`, or `address:port (host)`. */
  readonly peer: string
  readonly weight: number
  readonly inFlight: number
  /** Requests sent there, retries included. */
  readonly requests: number
  /** Those without an answer, or with a status from 500 on. */
  readonly failures: number
  /** What the algorithm `latency` goes by; undefined before the first answer. */
  readonly ewma: number | undefined
  /** The time to an answer's head. */
  readonly latency: {
    readonly p50: number | undefined
    readonly p99: number | undefined
    /** Upper bounds of the buckets, in ms; one more bucket is open. */
    readonly bounds: readonly number[]
    readonly counts: readonly number[]
  }
  /** Weight 0 and nothing in flight: it can be removed without anybody noticing. */
  readonly drained: boolean
}

/** Shows a peer's figures. */
export function peerStats(peer: TrackedPeer): PeerStats {
  const { targetId, id, weight, inFlight, requests, failures, ewma, buckets } = peer
  return {
    target: targetId,
    peer: id,
    weight,
    inFlight,
    requests,
    failures,
    ewma,
    latency: {
      p50: percentile(peer, 0.5),
      p99: percentile(peer, 0.99),
      bounds: LATENCY_BOUNDS,
      counts: buckets === undefined ? LATENCY_BOUNDS.map(() => 0).concat(0) : Array.from(buckets),
    },
    drained: weight === 0 && inFlight === 0,
  }
}
