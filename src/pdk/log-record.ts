import type { Row } from '../schema/entity.ts'

/** What log plugins write of a request, in Kong's words (`kong.log.serialize`). Times in ms, sizes in bytes. */
export interface LogRecord {
  readonly request: RequestRecord
  readonly response: {
    readonly status: number
    readonly size: number
    readonly headers: HeaderRecord
  }
  readonly latencies: {
    readonly kong: number
    /** -1 when no upstream was asked. */
    readonly proxy: number
    readonly request: number
    readonly receive: number
  }
  /** Absent where no route was found, and so nobody to try. */
  readonly tries?: readonly TryRecord[]
  readonly client_ip: string
  readonly started_at: number
  readonly upstream_uri: string
  /** Empty when no upstream answered. */
  readonly upstream_status: string
  readonly source: 'upstream' | 'kong'
  readonly workspace: string
  readonly workspace_name: string
  readonly route?: Row
  readonly service?: Row
  readonly consumer?: Row
  readonly authenticated_entity?: { readonly id: string; readonly consumer_id?: string }
  [field: string]: unknown
}

/** The request's part of it. */
export interface RequestRecord {
  readonly method: string
  readonly uri: string
  readonly url: string
  readonly id: string
  readonly size: number
  readonly querystring: Readonly<Record<string, unknown>>
  readonly headers: HeaderRecord
  readonly tls?: {
    readonly version: string
    readonly cipher: string
    readonly client_verify: string
  }
}

/** Values by lower-case name; several of a name are a list. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[]>>

/** One try at a peer. */
export interface TryRecord {
  readonly ip: string
  readonly port: number
  readonly balancer_start: number
  readonly balancer_latency: number
  readonly balancer_start_ns: number
  readonly balancer_latency_ns: number
  /** Kong: `failed` where it failed to connect; absent for the one that answered. */
  readonly state?: 'failed'
  readonly code?: number
}
