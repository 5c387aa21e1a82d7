import type { ByteStream } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { ClientTls } from '../ports/server.ts'
import type { Exit } from './exit.ts'
import type { HeaderView, MutableHeaders } from './headers.ts'
import type { LogRecord } from './log-record.ts'

/** One request on its way: all that a plugin may see and touch of it. Parts bear the names of Kong's PDK. */
export interface Exchange {
  /** `X-Kong-Request-Id`. */
  readonly id: string
  /** Milliseconds since 1970 when the request came. */
  readonly startedAt: number
  readonly request: ClientSide
  readonly client: Client
  /** What the upstream is going to be asked. */
  readonly upstream: UpstreamSide
  /** The answer on its way to the client; from the phase `response` on. */
  readonly response: AnswerSide
  readonly route: Named | undefined
  readonly service: Named | undefined
  /** What plugins tell each other (`kong.ctx.shared`), and keep for themselves under a key of their own. */
  readonly shared: Map<unknown, unknown>
  /** What log plugins write (`kong.log.serialize`), whole in the phase `log`. */
  record(): LogRecord
}

/** A route or service, by what people know it by. */
export interface Named {
  readonly id: string
  readonly name: string | null
}

/** The client's request (`kong.request`). */
export interface ClientSide {
  readonly method: string
  readonly scheme: 'http' | 'https'
  readonly httpVersion: '1.0' | '1.1' | '2'
  /** In lower case, without port. */
  readonly host: string
  /** The listener's. */
  readonly port: number
  /** Normalised as for the router, one char per byte. */
  readonly path: string
  /** As received, without the query. */
  readonly rawPath: string
  /** Without its `?`. */
  readonly rawQuery: string
  /** Path and query as received, whatever plugins did to them since. */
  readonly rawTarget: string
  readonly headers: HeaderView
  /** Whether it comes from one of `trusted_ips`. */
  readonly fromTrusted: boolean
  /** As a trusted peer told them, else the request's own (`get_forwarded_*`). */
  readonly forwardedScheme: string
  readonly forwardedHost: string
  readonly forwardedPort: number
  readonly forwardedPath: string
  /** What a trusted peer or the route took off the path; undefined for nothing. */
  readonly forwardedPrefix: string | undefined
  /** Content-Length; undefined for none or an unknown one. */
  readonly bodyLength: number | undefined
  readonly hasBody: boolean
  /** Whether it asks for a WebSocket. */
  readonly upgrade: boolean
  /** What the route's regex path captured. */
  readonly captures: Captures
  /** Decoded values of an argument; one without a value is `true`. */
  queryArg(name: string): readonly (string | true)[]
  /** Decoded arguments in order. */
  queryArgs(): readonly (readonly [name: string, value: string | true])[]
  /**
   * The whole body, which goes on to the upstream all the same; undefined when it is longer than
   * `limit` bytes, and then it goes on as a stream. Rejects when the client leaves.
   */
  readBody(limit: number): Promise<Uint8Array | undefined>
  /**
   * Ends the request with an answer as soon as more bytes than `limit` have come; gives that answer
   * when a plugin before has read as many.
   */
  limitBody(limit: number, otherwise: Exit): Exit | undefined
}

/** Captures of a regex path. */
export interface Captures {
  readonly numbered: readonly (string | undefined)[]
  readonly named: Readonly<Record<string, string | undefined>>
}

/** Who asks (`kong.client`). */
export interface Client {
  /** After `trusted_ips` (`get_forwarded_ip`). */
  readonly ip: string
  /** Of the connection. */
  readonly peerIp: string
  readonly port: number
  /** Beside `ip`; undefined where nobody told it (`get_forwarded_port`). */
  readonly forwardedPort: number | undefined
  /** How the connection is encrypted; absent where it is not (`kong.client.tls`). */
  readonly tls?: ClientTls | undefined
  /** Known once an authentication plugin found it. */
  readonly consumer: Consumer | undefined
  readonly credential: Credential | undefined
  /** Says who asks. A credential without consumer is somebody known outside. */
  authenticate(consumer: Consumer | undefined, credential: Credential | undefined): void
}

/** A consumer, as stored. */
export interface Consumer {
  readonly id: string
  readonly username?: string | null
  readonly custom_id?: string | null
}

/** What proved a client's word; a row, or what stands for one. */
export interface Credential {
  readonly id: string
  /** Of one that a session kept; those of plugins' tables name a `consumer`. */
  readonly consumer_id?: string
}

/** The request to the upstream (`kong.service.request`). What frames or signs a message stays the proxy's. */
export interface UpstreamSide {
  /** The client's, without what is the proxy's to write. */
  readonly headers: MutableHeaders
  method: string
  /** As it is written, percent-encoded; of the service and the route unless set. */
  path: string
  /** Without its `?`. */
  rawQuery: string
  /** What the peer is called that was tried last: its upstream's `host_header`, or name or address. */
  readonly peerName: string | undefined
  /** Replaces the Host header that would be sent. */
  setHost(host: string): void
  setBody(bytes: Uint8Array): void
  /** Sends the request elsewhere (`kong.service.set_target`); an Upstream's name too. */
  setTarget(target: TargetOverride): void
  /** Reaches the service in another way (`kong.service.set_timeouts` …); what is not said stays. */
  setConnection(connection: ConnectionOverride): void
}

/** How a service is reached, where that is not as it is configured. */
export interface ConnectionOverride {
  readonly scheme?: 'http' | 'https'
  /** The first try is one of them. */
  readonly attempts?: number
  /** Milliseconds. */
  readonly connectTimeout?: number
  readonly writeTimeout?: number
  readonly readTimeout?: number
  readonly tlsVerify?: boolean
  readonly tlsVerifyDepth?: number
}

/** Where a request goes instead of to its service. */
export interface TargetOverride {
  readonly scheme?: 'http' | 'https'
  readonly host: string
  readonly port: number
  /** Milliseconds. */
  readonly timeout?: number
  readonly tlsVerify?: boolean
  readonly grpc?: boolean
}

/** The answer (`kong.response`, `kong.service.response`). */
export interface AnswerSide {
  status: number
  /** `service`: an upstream's; `exit`: a plugin's; `error`: the proxy's own. */
  readonly source: 'service' | 'exit' | 'error'
  /** Of the upstream; undefined when none was asked or none answered. */
  readonly serviceStatus: number | undefined
  readonly headers: MutableHeaders
  readonly hasBody: boolean
  /**
   * The whole body; undefined when it is longer than `limit` bytes, and then it goes on as a
   * stream. The client waits as long.
   */
  readBody(limit: number): Promise<Uint8Array | undefined>
  setBody(bytes: Uint8Array): void
  /** Passes the body through something on its way; its length is not told any more. */
  transform(through: (body: ByteStream) => ByteStream): void
  /** Watches the body pass, without a change to it. `end` says whether it was whole. */
  watch(watcher: BodyWatcher): void
  setTrailers(trailers: () => HeaderList): void
  /** The upstream's trailers, once the body has ended. */
  readonly trailers: (() => HeaderList) | undefined
}

/** Sees a body pass. */
export interface BodyWatcher {
  chunk(bytes: Uint8Array): void
  end(whole: boolean): void
}
