import type { Balancers } from '../balancer/balancers.ts'
import type { HeaderTable } from '../http/header-table.ts'
import { type OwnHeaders, ownHeaders } from '../http/own-headers.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import type { Settings } from '../settings/settings.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { namesOfOurs } from './answer.ts'
import { createForward, type Forward } from './forward.ts'
import { createTrust } from './forwarded.ts'
import type { Recorder } from './live-exchange.ts'
import { createRecorder, type StoredRows } from './log-record.ts'
import type { TrafficCounts } from './traffic-counts.ts'

/** What proxying needs. */
export interface ProxyOptions {
  readonly snapshot: () => Snapshot
  readonly balancers: Balancers
  readonly transport: Transport
  readonly runtime: Runtime
  readonly settings: Settings
  /** Where what passes is counted; nowhere when absent. */
  readonly counts?: TrafficCounts
  /** Where records look up what they name; nowhere when absent. */
  readonly rows?: StoredRows
}

/** All that is the same for every request. */
export interface Proxying {
  readonly options: ProxyOptions
  readonly settings: Settings
  readonly own: OwnHeaders
  readonly ours: HeaderTable<true>
  readonly trusts: (ip: string) => boolean
  readonly forward: Forward
  readonly record: Recorder
}

/** Prepares it. */
export function prepareProxy(options: ProxyOptions): Proxying {
  const { settings } = options
  const own = ownHeaders(settings)
  return {
    options,
    settings,
    own,
    ours: namesOfOurs(own),
    trusts: createTrust(settings.trustedIps),
    forward: createForward(options),
    record: createRecorder(options),
  }
}
