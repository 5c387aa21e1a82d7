import type { Named } from '../pdk/exchange.ts'
import type { TryRecord } from '../pdk/log-record.ts'
import { changedLogRecord, logValuesOf } from '../pdk/log-values.ts'
import type { Session, SessionClient, SessionRecord } from '../pdk/session.ts'
import type { StreamFigures } from '../ports/stream.ts'
import type { Connection } from '../router/stream.ts'
import type { Row } from '../schema/entity.ts'
import { type StoredRows, tlsRecord } from './log-record.ts'
import { loggedRow } from './logged-row.ts'

/** What a session is made of. */
export interface SessionParts {
  readonly connection: Connection
  /** Of the connection itself, whoever sent what it brings. */
  readonly peerIp: string
  readonly route: Named
  readonly service: Named
  readonly rows: StoredRows | undefined
  readonly now: () => number
}

/** One session on its way, as plugins see it, and what became of it, as the proxy sees it. */
export class LiveSession implements Session {
  readonly #parts: SessionParts
  readonly startedAt: number
  client: SessionClient
  /** Peers that were tried. */
  readonly tries: TryRecord[] = []
  /** nginx' for a session that ended as its ends wanted. */
  status = 200
  /** When the last peer was chosen. */
  sentAt: number | undefined
  #shared: Map<unknown, unknown> | undefined
  #endedAt: number | undefined
  #figures: StreamFigures = NOTHING

  constructor(parts: SessionParts) {
    const { connection, peerIp, now } = parts
    this.#parts = parts
    this.startedAt = now()
    this.client = { ip: connection.sourceIp, peerIp, port: connection.sourcePort }
  }

  get protocol(): Session['protocol'] {
    return this.#parts.connection.protocol
  }

  get sni(): string | undefined {
    return this.#parts.connection.sni
  }

  get route(): Named {
    return this.#parts.route
  }

  get service(): Named {
    return this.#parts.service
  }

  get shared(): Map<unknown, unknown> {
    this.#shared ??= new Map()
    return this.#shared
  }

  /** It is over. */
  ended(figures: StreamFigures): void {
    this.#figures = figures
    this.client = { ...this.client, tls: figures.tls }
    this.#endedAt = this.#parts.now()
  }

  record(): SessionRecord {
    return changedLogRecord(this, { ...this.facts(), ...logValuesOf(this) })
  }

  facts(): SessionRecord {
    const { received, sent, upstreamReceived, upstreamSent, tls } = this.#figures
    const { connection, rows, now } = this.#parts
    const route = rows?.get('routes', this.route.id)
    const service = rows?.get('services', this.service.id)
    const took = (until: number) => Math.max(0, Math.floor(until - this.startedAt))
    return {
      session: {
        ...(tls === undefined ? {} : { tls: tlsRecord(tls) }),
        received,
        sent,
        status: this.status,
        server_port: connection.destinationPort,
      },
      upstream: { received: upstreamReceived, sent: upstreamSent },
      latencies: {
        kong: this.sentAt === undefined ? 0 : took(this.sentAt),
        session: took(this.#endedAt ?? now()),
      },
      tries: this.tries,
      client_ip: this.client.ip,
      started_at: Math.floor(this.startedAt),
      ...named('route', route),
      ...named('service', service),
    }
  }
}

function named(key: 'route' | 'service', row: Row | undefined) {
  return row === undefined ? {} : { [key]: loggedRow(row) }
}

const NOTHING: StreamFigures = { received: 0, sent: 0, upstreamReceived: 0, upstreamSent: 0 }
