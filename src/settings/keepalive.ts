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
  const read = (name: string, as: typeof countOf): number => {
    if (!/^-\d/.test(text(name))) return as(name, text, errors)
    errors.push(`${name} must be 0 or greater`)
    return 0
  }
  const idle = read('upstream_keepalive_idle_timeout', numberOf) * 1000
  return {
    poolSize: read('upstream_keepalive_pool_size', countOf),
    maxRequests: read('upstream_keepalive_max_requests', countOf) || Number.POSITIVE_INFINITY,
    idleTimeout: idle || Number.POSITIVE_INFINITY,
  }
}
