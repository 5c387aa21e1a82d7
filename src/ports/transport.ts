import type { Body } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { Departure, Tunnel } from './server.ts'

/** How to speak TLS to an address. */
export interface UpstreamTls {
  /** SNI, and the name a verified certificate must bear. */
  readonly serverName: string
  readonly verify: boolean
  /** How many certificates a chain may have above the leaf; undefined for the runtime's own limit. */
  readonly verifyDepth?: number | undefined
  /** Authorities to trust instead of the runtime's own, as PEM texts. */
  readonly ca?: readonly string[] | undefined
  /** What is shown to an upstream that asks who we are. */
  readonly clientCertificate?: ClientCertificate | undefined
}

/** A certificate of ours, in PEM texts; connections are kept apart by its id. */
export interface ClientCertificate {
  readonly id: string
  readonly cert: string
  readonly key: string
}

/** An HTTP proxy that a request goes by. What is secure passes it in a tunnel it cannot look into. */
export interface HttpProxy {
  readonly host: string
  readonly port: number
  /** What it is told as `Proxy-Authorization`; the address behind it never is. */
  readonly authorization?: string | undefined
}

/** One request to one address, written as given. */
export interface Outgoing {
  readonly scheme: 'http' | 'https'
  /** Name or address to connect to. */
  readonly host: string
  readonly port: number
  readonly method: string
  /** The request target, one char per byte. */
  readonly target: string
  /** Host and Content-Length included; Transfer-Encoding is the transport's. */
  readonly headers: HeaderList
  /** A stream without Content-Length among the headers goes out chunked. */
  readonly body: Body | undefined
  /** Trailers, asked for after the body's end; HTTP/2 alone sends them. */
  readonly trailers?: (() => HeaderList) | undefined
  /** Speaks HTTP/2: by ALPN over TLS, else with prior knowledge. gRPC needs it. */
  readonly http2?: boolean | undefined
  /** Milliseconds; write and read count idle time, as Kong's timeouts do. */
  readonly connectTimeout: number
  readonly writeTimeout: number
  readonly readTimeout: number
  readonly tls?: UpstreamTls | undefined
  /** Reaches the address by this, which looks its name up; not with `http2`. */
  readonly proxy?: HttpProxy | undefined
  /** Asks for a WebSocket: a 101 answer carries a tunnel. */
  readonly upgrade: boolean
  /** Not to be sent on a pooled connection: the last one was stale. */
  readonly fresh: boolean
  /** The client; its departure ends the call. */
  readonly client?: Departure
  /**
   * Called in place of an outcome when the client has left and its request's code runs no more, be it
   * a while later. A transport that is given it need not listen to the client, and its promise may
   * stay open.
   */
  readonly lost?: (() => void) | undefined
}

/** The answer's head, and its body as it comes. A body cut short throws while it is read. */
export interface Incoming {
  readonly ok: true
  readonly status: number
  readonly reason: string
  readonly httpVersion: string
  readonly headers: HeaderList
  readonly body: Body | undefined
  readonly trailers?: () => HeaderList
  readonly tunnel?: Tunnel
}

/** Where a call was when it failed; nothing had been sent before `send`. */
export type Phase = 'dns' | 'connect' | 'tls' | 'send' | 'head'

/** Why there is no answer. The proxy decides on retries and status from these alone. */
export interface Failure {
  readonly ok: false
  readonly phase: Phase
  /** The runtime's code, for the log: `ECONNREFUSED`. */
  readonly code: string
  readonly timeout: boolean
  /** On a pooled connection, before the first byte of an answer: it may have been stale. */
  readonly reused: boolean
  /** The client left or sent a broken body: nobody's fault upstream. */
  readonly byClient: boolean
  /** The upstream has said that it did nothing with the request: any method may go elsewhere. */
  readonly unprocessed?: boolean
}

/** What a transport can do; what it cannot is refused when configured. */
export interface TransportCaps {
  /** Host may differ from the address. */
  readonly hostHeader: boolean
  readonly ipTargets: boolean
  readonly verifyOff: boolean
  readonly customCa: boolean
  readonly clientCertificate: boolean
  /** Connect failures can be told from lost requests, so a POST that was never sent may be retried. */
  readonly phases: boolean
  readonly tcpProbe: boolean
  /** HTTP/2 to upstreams, with trailers; absent means no. */
  readonly http2?: boolean
  /** Requests by an HTTP proxy; absent means no. */
  readonly proxy?: boolean
  /** To hear of a client's departure at once has its price; absent means it costs nothing. */
  readonly dearDepartures?: boolean
}

/** Sends requests to addresses. Expected failures are values; a throw is a bug. */
export interface Sender {
  readonly caps: TransportCaps
  send(outgoing: Outgoing): Promise<Incoming | Failure>
}

/** What reaches addresses by other ways, too. */
export interface Transport extends Sender {
  /** Opens and closes a TCP connection. */
  probe(host: string, port: number, timeout: number): Promise<Failure | undefined>
  close(): Promise<void>
}
