import type { Address, ClientTls } from './server.ts'
import type { UpstreamTls } from './transport.ts'

/** A client's connection, or its first datagram, as a listener received it. */
export interface StreamClient {
  /** `tls` where the client began with a TLS hello, whoever is to end it. */
  readonly protocol: 'tcp' | 'tls' | 'udp'
  readonly source: Address
  readonly destination: Address
  /** The TLS server name it asked for. */
  readonly sni?: string | undefined
  /** What a PROXY protocol header in front of it said of the source. */
  readonly proxied?: Address | undefined
}

/** Where a stream is to go. */
export interface StreamPlace {
  /** Name or address to connect to; no brackets. */
  readonly host: string
  readonly port: number
  /** Milliseconds until the connection stands, the handshake included. */
  readonly connectTimeout: number
  /** What is to be spoken with it; undefined for what the client sends, as it is. */
  readonly tls: UpstreamTls | undefined
}

/** What came of connecting: `left` when the client was gone before. */
export type Dialled<S> =
  | { readonly ok: true; readonly socket: S }
  | { readonly ok: false; readonly failure: 'tcp' | 'timeout' | 'left'; readonly code: string }

/** Connects to a place; never rejects. */
export type Dial<S> = (place: StreamPlace) => Promise<Dialled<S>>

/** A socket to an upstream, whose connection counts until `release` is called. */
export interface OpenStream<S> {
  readonly socket: S
  readonly release: () => void
}

/** What passed over a connection, in bytes without TLS. */
export interface StreamFigures {
  /** From and to the client. */
  readonly received: number
  readonly sent: number
  readonly upstreamReceived: number
  readonly upstreamSent: number
  /** Absent where no TLS was ended. */
  readonly tls?: ClientTls | undefined
}

/** What is to become of a connection. */
export interface StreamPlan {
  /** TLS is left to the upstream to end. */
  readonly passthrough: boolean
  /** Milliseconds without a byte either way, and without one being taken. */
  readonly readTimeout: number
  readonly writeTimeout: number
  /** Asked before `open`, where plugins look at sessions: what to say to a client that stays out. Never rejects. */
  admit?(): Promise<Uint8Array | undefined>
  /** To be told once what passed, however it ended, where plugins look at sessions. Never throws. */
  ended?(figures: StreamFigures): void
  /** Connects to one peer after another until one is there; undefined when none is. Never rejects. */
  open<S>(dial: Dial<S>): Promise<OpenStream<S> | undefined>
}

/** Finds what is to become of a connection; undefined when no route wants it. */
export type PlanStream = (client: StreamClient) => StreamPlan | undefined
