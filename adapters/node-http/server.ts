import type { Buffer } from 'node:buffer'
import type { CountConnections } from '../../src/ports/connections.ts'
import type { CertificateSource } from '../../src/ports/server.ts'
import { connectionsOf } from './server-connections.ts'
import {
  createServerContext,
  defaultLimits,
  type Handlers,
  type ServerLimits,
} from './server-context.ts'
import { createFront } from './server-front.ts'
import { serveHttp1 } from './server-h1.ts'
import { createHttp2Door } from './server-h2.ts'
import { bind, stop } from './server-listen.ts'

/** Where and how to listen. */
export interface ListenOptions extends Handlers {
  readonly host?: string | undefined
  /** 0 for any free one. */
  readonly port?: number | undefined
  /** A socket in the file system, instead of host and port. */
  readonly path?: string | undefined
  /** What to show at handshakes, or the one pair to show; without it no TLS is spoken. */
  readonly tls?: CertificateSource | FixedPair | undefined
  /** Speaks HTTP/2 too: by ALPN over TLS, else to clients that begin with it. */
  readonly http2?: boolean | undefined
  /** Each connection begins with a PROXY protocol header; others are closed. */
  readonly proxyProtocol?: boolean | undefined
  /** Of an IPv6 address: leaves IPv4 to others, who may listen at the same port. */
  readonly ipv6Only?: boolean | undefined
  /** Another listener of ours has the same port of the other family. */
  readonly hasTwin?: boolean | undefined
  /** Connections the system keeps waiting. */
  readonly backlog?: number | undefined
  /** Bytes a request body may have; no limit without it. */
  readonly maxBody?: number | undefined
  readonly limits?: Partial<ServerLimits> | undefined
}

/** PEM texts that stay as they are. */
interface FixedPair {
  readonly cert: string | Buffer
  readonly key: string | Buffer
}

/** A listening port. */
export interface Listening {
  /** 0 for a socket in the file system. */
  readonly port: number
  /** How its clients' connections stand; absent where no HTTP is spoken. */
  readonly connections?: CountConnections
  /** Takes no more connections, lets what runs end within the time, then cuts. */
  stop(graceMs: number): Promise<void>
}

/** Listens for HTTP; rejects with the system's error when the port cannot be had. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { port = 0, path, maxBody = defaultLimits.maxBody } = options
  const limits = { ...defaultLimits, maxBody, ...options.limits }
  const { http2 = false, proxyProtocol = false } = options
  const tls = options.tls === undefined ? undefined : sourceOf(options.tls)
  const context = createServerContext(options, limits, { port, local: path !== undefined })
  const http2Door = http2 ? createHttp2Door(context) : undefined
  const front = createFront(context, {
    tls,
    http2,
    proxyProtocol,
    onHttp1: (socket) => serveHttp1(context, socket),
    onHttp2: (socket) => http2Door?.serve(socket),
  })
  const bound = await bind(front.server, options)
  return {
    port: bound.port,
    connections: () => connectionsOf(context, front),
    stop: (graceMs) => stop(context, { bound, front, http2: http2Door }, graceMs),
  }
}

function sourceOf(tls: CertificateSource | FixedPair): CertificateSource {
  if ('certificateFor' in tls) return tls
  const pair = { cert: String(tls.cert), key: String(tls.key) }
  return { certificateFor: () => pair }
}
