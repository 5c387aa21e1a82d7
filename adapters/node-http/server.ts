import type { Buffer } from 'node:buffer'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { CountConnections } from '../../src/ports/connections.ts'
import type { Answer, CertificateSource } from '../../src/ports/server.ts'
import { writeAnswer } from './server-answer.ts'
import { answerTo, letGo } from './server-asking.ts'
import { Upload } from './server-body.ts'
import { inspectHead } from './server-check.ts'
import { connectionsOf } from './server-connections.ts'
import {
  createServerContext,
  defaultLimits,
  type Handlers,
  type ServerContext,
  type ServerLimits,
} from './server-context.ts'
import { Exchange } from './server-exchange.ts'
import { createFront } from './server-front.ts'
import { createHttp2Door } from './server-h2.ts'
import { mendHanded } from './server-handed.ts'
import { bind, stop } from './server-listen.ts'
import { encodeLast } from './server-raw.ts'
import { refuseBytes } from './server-refuse.ts'
import { endSocket } from './server-socket.ts'
import { serveUpgrade } from './server-upgrade.ts'

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
  const handed = tls !== undefined || http2 || proxyProtocol
  const context = createServerContext(options, limits, { port, local: path !== undefined, handed })
  const http1 = createHttp1(context)
  // Nothing stands before the first request of a plain connection: no way is shorter.
  if (!handed) {
    const bound = await bind(http1, options)
    return {
      port: bound,
      connections: () => connectionsOf(context),
      stop: (graceMs) => stop(context, { door: http1, http1 }, graceMs),
    }
  }

  const http2Door = http2 ? createHttp2Door(context) : undefined
  standIn(http1)
  const front = createFront(context, {
    tls,
    http2,
    proxyProtocol,
    onHttp1: (socket) => http1.emit('connection', socket),
    onHttp2: (socket) => http2Door?.serve(socket),
  })
  const bound = await bind(front.server, options)
  const doors = { door: front.server, http1, http2: http2Door, front }
  return {
    port: bound,
    connections: () => connectionsOf(context, front),
    stop: (graceMs) => stop(context, doors, graceMs),
  }
}

function sourceOf(tls: CertificateSource | FixedPair): CertificateSource {
  if ('certificateFor' in tls) return tls
  const pair = { cert: String(tls.cert), key: String(tls.key) }
  return { certificateFor: () => pair }
}

function createHttp1(context: ServerContext): Server {
  const { maxHeaderSize, headersTimeout, keepAliveTimeout } = context.limits
  const server = createServer({
    maxHeaderSize,
    headersTimeout,
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(5000, headersTimeout),
    keepAliveTimeout,
    requireHostHeader: false,
    noDelay: true,
  })
  server.maxHeadersCount = 0
  attach(server, context)
  return server
}

/** Readies a server for connections it is handed: Node times heads, and Deno keeps alive, only when it listens. */
function standIn(server: Server): void {
  Object.defineProperty(server, 'listening', { value: true })
  server.emit('listening')
}

function attach(server: Server, context: ServerContext): void {
  const request = (message: IncomingMessage, response: ServerResponse) =>
    serve(context, message, { response, expects: 'nothing' })
  server.on('request', request)
  server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) =>
    serve(context, message, { response, expects: 'continue' }),
  )
  server.on('checkExpectation', (message: IncomingMessage, response: ServerResponse) =>
    serve(context, message, { response, expects: 'unknown' }),
  )
  server.on('connection', (socket: Socket) => {
    socket.on('error', ignore)
    if (!context.handed) context.tally.accepted++
    if (context.clients.size >= context.limits.maxConnections) {
      context.tally.refused++
      socket.destroy()
    } else if (context.handed) mendHanded(context, context.clientOf(socket))
    else context.clientOf(socket)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    // Proof: an http server's connections are net or tls sockets.
    refuseBytes(context, error, socket as Socket),
  )
  server.on('connect', (_message, socket) => {
    socket.on('error', ignore)
    // Proof: as above.
    endSocket(socket as Socket, encodeLast(context.refusal(405)))
  })
  server.on('upgrade', (message, socket, first) =>
    // Proof: as above.
    serveUpgrade(context, message, { socket: socket as Socket, first }),
  )
}

interface Turn {
  readonly response: ServerResponse
  readonly expects: 'nothing' | 'continue' | 'unknown'
}

function serve(context: ServerContext, message: IncomingMessage, turn: Turn): void {
  const { response } = turn
  const found = inspectHead(message.rawHeaders, message.httpVersion)
  const { length } = found
  const client = context.clientOf(message.socket)
  let exchange: Exchange
  if (found.chunked || (length ?? 0) > 0) {
    const invite = turn.expects === 'continue' ? { invite: () => invited(response) } : {}
    const body = new Upload(message, { ...context.uploadOptions(length), ...invite })
    exchange = new Exchange(message, client, { body, upgrade: false })
  } else {
    exchange = new Exchange(message, client, NO_BODY)
  }
  exchange.keepAlive = found.keepAlive
  if (exchange.httpVersion === '1.1') exchange.response = response
  if (client.socket.destroyed || client.refused) {
    exchange.depart()
    return
  }
  let { status } = found
  // After a refusal nobody can be sure where the next request begins.
  if (status !== 0) client.refuse()
  else if (turn.expects === 'unknown') status = 417
  else if (length !== undefined && length > context.limits.maxBody) status = 413
  if (status !== 0) send(context, exchange, { response, answer: context.refusal(status) })
  else client.inTurn(exchange, () => void run(context, exchange, response))
}

const NO_BODY = { upgrade: false }

function invited(response: ServerResponse): void {
  if (!response.headersSent && !response.destroyed) response.writeContinue()
}

async function run(
  context: ServerContext,
  exchange: Exchange,
  response: ServerResponse,
): Promise<void> {
  const answer = await answerTo(context, exchange)
  send(context, exchange, { response, answer })
}

function send(
  context: ServerContext,
  exchange: Exchange,
  { response, answer }: { response: ServerResponse; answer: Answer },
): void {
  try {
    writeAnswer(exchange, response, answer)
  } catch {
    // A header that no head may hold, from a plugin: not the client's affair.
    letGo(answer)
    if (response.headersSent) exchange.client.socket.destroy()
    else writeAnswer(exchange, response, context.refusal(500))
  }
}

function ignore(): void {}
