import { countOf, numberOf, type TextOf } from './numbers.ts'

/** How connections to upstreams are kept for further requests. */
export interface KeepaliveSettings {
  /** Idle connections kept of each address; 0: every request has one of its own. */
  readonly poolSize: number
  /** Requests one connection serves. */
  readonly maxRequests: number
  /** Milliseconds it may be idle. */
  readonly idleTimeout: number
}

/** Reads the `upstream_keepalive_*` settings. Kong: 0 stands for no bound, but for the pool. */
export function readKeepalive(text: TextOf, errors: string[]): KeepaliveSettings {
  const idle = numberOf('upstream_keepalive_idle_timeout', text, errors) * 1000
  return {
    poolSize: countOf('upstream_keepalive_pool_size', text, errors),
    maxRequests:
      countOf('upstream_keepalive_max_requests', text, errors) || Number.POSITIVE_INFINITY,
    idleTimeout: idle || Number.POSITIVE_INFINITY,
  }
}
