import type { Body, ByteStream } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'

/** What tells that a client has left before its answer was whole. */
export interface Departure {
  readonly gone: boolean
  /** Calls back once, at the departure; never when the answer was sent whole. */
  onGone(listener: () => void): void
}

/** A request's body, not read until someone asks. */
export interface RequestBody {
  /** Content-Length in bytes; undefined when the length is not known (chunked). */
  readonly length: number | undefined
  /** Reads all of it; only for a known length that the caller finds small enough. Rejects when the client leaves. */
  bytes(): Promise<Uint8Array>
  /** Hands the body on as it arrives; may be called once, and not after `bytes`. */
  stream(): ByteStream
}

/** One request as a server adapter received it: exact bytes, nothing normalised. */
export interface ClientRequest extends Departure {
  readonly method: string
  /** The request target as received, one char per byte. */
  readonly target: string
  readonly headers: HeaderList
  readonly httpVersion: '1.0' | '1.1' | '2'
  readonly scheme: 'http' | 'https'
  /** The peer's address and port; empty and 0 when the socket was gone already. */
  readonly ip: string
  readonly port: number
  /** The listener's port. */
  readonly localPort: number
  /** The TLS server name the client asked for. */
  readonly sni?: string
  /** Undefined when the request has none. */
  readonly body: RequestBody | undefined
  /** Whether the client asks to upgrade to a WebSocket and the adapter can carry one. */
  readonly upgrade: boolean
}

/** Two joined raw connections after a 101; opaque to the core, which only hands it from transport to server. */
export interface Tunnel {
  readonly kind: string
}

/** What a server adapter writes back. */
export interface Answer {
  readonly status: number
  /** The reason phrase; empty for the status' usual one. */
  readonly reason: string
  /** As they are to be written, framing headers (Content-Length) included where known. */
  readonly headers: HeaderList
  readonly body: Body | undefined
  /** Trailers, read after the body's end. */
  readonly trailers?: () => HeaderList
  /** Present when status is 101: the connection to join with the client's. */
  readonly tunnel?: Tunnel
  /** Called once by the adapter when the answer has left whole (true) or was cut (false). */
  readonly finished?: (whole: boolean) => void
}
