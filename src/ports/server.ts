import type { Body, ByteStream } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { Incoming } from './transport.ts'

/** What tells that a client has left before its answer was whole. */
export interface Departure {
  readonly gone: boolean
  /** Calls back once, at the departure; never when the answer was sent whole. */
  onGone(listener: () => void): void
  /** Passes an interim answer (103) on; absent where the client's protocol has none. */
  inform?(status: number, headers: HeaderList): void
}

/** A request's body, not read until someone asks. */
export interface RequestBody {
  /** Content-Length in bytes; undefined when the length is not known (chunked). */
  readonly length: number | undefined
  /** Reads all of it; only for a known length that the caller finds small enough. Rejects when the client leaves. */
  bytes(): Promise<Uint8Array>
  /** Hands the body on as it arrives; may be called once, and not after `bytes`. */
  stream(): ByteStream
  /** Trailers, read after the body's end; absent where there can be none. */
  trailers?(): HeaderList
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
  /** The address the client has connected to; absent where connections have none. */
  readonly localIp?: string | undefined
  /** The listener's port. */
  readonly localPort: number
  /** The TLS server name the client asked for. */
  readonly sni?: string
  /** How the connection is encrypted; absent where it is not, or nobody tells. */
  readonly tls?: ClientTls
  /** The client's address as a PROXY protocol header in front of the connection told it. */
  readonly proxied?: Address
  /** Undefined when the request has none. */
  readonly body: RequestBody | undefined
  /** Whether the client asks to upgrade to a WebSocket and the adapter can carry one. */
  readonly upgrade: boolean
}

/** How a client's connection is encrypted. */
export interface ClientTls {
  /** `TLSv1.3`. */
  readonly version: string
  /** By OpenSSL's name. */
  readonly cipher: string
  /** What the client has shown; absent where it was not asked, or showed none. */
  readonly certificate?: ClientCertificate | undefined
}

/** A client's certificate, the key of which it has. */
export interface ClientCertificate {
  /** In PEM; those it was sent with stand below it. */
  readonly chain: string
  /** Why it is not trusted, in OpenSSL's words. */
  readonly error: string
}

/** An address and a port, as somebody told it. */
export interface Address {
  readonly ip: string
  readonly port: number
}

/** A certificate to show, in PEM texts, and maybe another for a different kind of key. */
export interface ServerCertificate {
  readonly cert: string
  readonly key: string
  readonly cert_alt?: string | null | undefined
  readonly key_alt?: string | null | undefined
}

/** Says at each handshake which certificate to show. */
export interface CertificateSource {
  /**
   * For a server name in lower case; undefined when the client named none. The same object as long
   * as the certificate is the same: what a runtime makes of it is kept with the object.
   */
  certificateFor(serverName: string | undefined): ServerCertificate | undefined
  /** Gives who decides on handshakes with the listeners of a kind, as of now; undefined where all go on. */
  admit?(listener: 'http' | 'stream'): Admit | undefined
}

/** Decides on a handshake by the name that is asked for, in lower case; undefined when the client named none. */
export type Admit = (serverName: string | undefined) => Admittance

/** What becomes of a handshake; one that is `asking` goes on, and asks the client for a certificate. */
export type Admittance = 'refused' | 'admitted' | 'asking'

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
  readonly trailers?: (() => HeaderList) | undefined
  /** Present when status is 101: the connection to join with the client's. */
  readonly tunnel?: Tunnel | undefined
  /** Called once by the adapter when the answer has left whole (true) or was cut (false). */
  readonly finished?: (whole: boolean) => void
  /** Nothing goes by the moment of its end: `finished` may be called once a small body is on its way. */
  readonly unwatched?: boolean | undefined
  /** The upstream's answer it is made of; an adapter that has it still may copy what is the same. */
  readonly incoming?: Incoming | undefined
}
