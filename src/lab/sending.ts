import type { Balancers } from '../balancer/balancers.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'

/** What the gateway's forwarding is joined with. */
export interface SendingPorts {
  readonly balancers: Balancers
  readonly transport: Transport
  readonly runtime: Runtime
  /** The name of the upstream. */
  readonly upstream: string
  readonly method: string
  /** The first try and the retries. */
  readonly attempts: number
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly readTimeout: number
}

/** Sends a request, to one peer after another if need be; the status its client gets. */
export type Send = (headers: readonly string[]) => Promise<number>

/** Makes what sends as the gateway does; brought by whoever knows the proxy, which this room does not. */
export type OpenSending = (ports: SendingPorts) => Send

/** The header that tells requests apart where an upstream hashes. */
export const KEY_HEADER = 'x-key'
