import type { ClientTls } from '../ports/server.ts'
import type { Row } from '../schema/entity.ts'
import type { Named } from './exchange.ts'
import type { TryRecord } from './log-record.ts'

/** A client's connection, or what one sender of datagrams sends, as plugins see it. */
export interface Session {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** `tls` where the client began with a TLS hello, whoever is to end it. */
  readonly protocol: 'tcp' | 'tls' | 'udp'
  readonly client: SessionClient
  /** The TLS server name it asked for. */
  readonly sni: string | undefined
  readonly route: Named
  readonly service: Named
  /** What plugins tell each other (`kong.ctx.shared`), and keep for themselves under a key of their own. */
  readonly shared: Map<unknown, unknown>
  /** What log plugins write (`kong.log.serialize`), whole in `logSession`. */
  record(): SessionRecord
  /** The same, whatever plugins had changed of it. */
  facts(): SessionRecord
}

/** Whose session it is. */
export interface SessionClient {
  /** Where it comes from: what a PROXY header said, when a trusted peer sent it. */
  readonly ip: string
  /** Of the connection itself. */
  readonly peerIp: string
  readonly port: number
  /** How the connection was encrypted, once it has ended; absent where no TLS was ended here. */
  readonly tls?: ClientTls | undefined
}

/** How a session ends before any peer is asked. */
export interface Refused {
  /** What its record tells. */
  readonly status: number
  /** Said to the client, where it can be; empty for nothing. */
  readonly said: Uint8Array
}

/** What log plugins write of a session, in Kong's words. Times in ms, sizes in bytes without TLS. */
export interface SessionRecord {
  readonly session: {
    readonly tls?: {
      readonly version: string
      readonly cipher: string
      readonly client_verify: string
    }
    readonly received: number
    readonly sent: number
    readonly status: number
    readonly server_port: number
  }
  readonly upstream: { readonly received: number; readonly sent: number }
  readonly latencies: { readonly kong: number; readonly session: number }
  readonly tries: readonly TryRecord[]
  readonly client_ip: string
  readonly started_at: number
  readonly route?: Row
  readonly service?: Row
  [field: string]: unknown
}
