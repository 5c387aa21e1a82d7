import type { UpstreamTls } from './transport.ts'

/** A place to connect to. */
export interface SocketPlace {
  /** Name or address; no brackets. */
  readonly host: string
  readonly port: number
  /** A Unix socket, in place of host and port. */
  readonly path?: string
  /** How to speak TLS with it; absent for bytes as they are. */
  readonly tls?: UpstreamTls
  /** Whether TLS may begin later; some runtimes have to know it now. */
  readonly startTls?: boolean
  /** Milliseconds until the connection stands, the handshake included. */
  readonly connectTimeout: number
}

/** A connection of bytes both ways. */
export interface ByteSocket {
  readonly open: boolean
  /** Resolves when the bytes are taken over; rejects with a SocketError when the connection is broken. */
  write(bytes: Uint8Array): Promise<void>
  /** Sets who gets what comes in; what came before goes to the first one, up to 64 KiB. */
  onData(listener: (bytes: Uint8Array) => void): void
  /** Sets who is told of the end, once, late ones too; with an error unless an end was agreed on. */
  onClose(listener: (error?: SocketError) => void): void
  /** Ends it at once; what `write` has not taken over is lost. */
  close(): void
  /**
   * Speaks TLS from here on, as STARTTLS agreed: the socket it gives takes this one's place. Absent
   * without `caps.startTls`. Rejects with a SocketError, and the connection is at its end then.
   */
  startTls?(tls: UpstreamTls, timeout: number): Promise<ByteSocket>
  /** Whether it alone keeps the process going; it does at first. Absent where there is no such thing. */
  hold?(holds: boolean): void
}

/** What sockets can do; what they cannot is refused when configured. */
export interface SocketCaps {
  readonly tcp: boolean
  readonly udp: boolean
  readonly unix: boolean
  /** A connection may outlive the request it was opened in. */
  readonly pooled: boolean
  /** TLS without looking at the certificate. */
  readonly verifyOff: boolean
  /** TLS with authorities or a certificate of our own. */
  readonly ownCertificates: boolean
  /** TLS may begin on a connection that stands. */
  readonly startTls?: boolean
}

/** Opens connections for plugins, and sends datagrams. */
export interface Sockets {
  readonly caps: SocketCaps
  /** Rejects with a SocketError. */
  connect(place: SocketPlace): Promise<ByteSocket>
  /** Resolves when the datagram has left; nobody knows whether it arrives. Absent without `caps.udp`. */
  sendDatagram?(place: DatagramPlace, bytes: Uint8Array): Promise<void>
  /** Gives back what is shared between calls; connections are their openers'. */
  close(): Promise<void>
}

/** Where a datagram goes. */
export type DatagramPlace = Pick<SocketPlace, 'host' | 'port'>

/** Why there is no connection, or no longer; `code` is the runtime's, such as `ECONNREFUSED`. */
export class SocketError extends Error {
  override readonly name = 'SocketError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
