import type { Buffer } from 'node:buffer'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Answer } from '../../src/ports/server.ts'
import { writeAnswer } from './server-answer.ts'
import { Upload } from './server-body.ts'
import { inspectHead } from './server-check.ts'
import {
  createServerContext,
  defaultLimits,
  type Handlers,
  type ServerContext,
  type ServerLimits,
} from './server-context.ts'
import { dropBody, Exchange } from './server-exchange.ts'
import { encodeLast } from './server-raw.ts'
import { cutSocket, endSocket } from './server-socket.ts'
import { serveUpgrade } from './server-upgrade.ts'

/** Where and how to listen. */
export interface ListenOptions extends Handlers {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** PEM texts; without them plain HTTP is spoken. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined
  /** Connections the system keeps waiting. */
  readonly backlog?: number | undefined
  /** Bytes a request body may have; no limit without it. */
  readonly maxBody?: number | undefined
  readonly limits?: Partial<ServerLimits> | undefined
}

/** A listening port. */
export interface Listening {
  readonly port: number
  /** Takes no more connections, lets what runs end within the time, then cuts. */
  stop(graceMs: number): Promise<void>
}

/** Listens for HTTP/1.1; rejects with the system's error when the port cannot be had. */
export function listen(options: ListenOptions): Promise<Listening> {
  const { host, port, backlog, maxBody = defaultLimits.maxBody } = options
  const limits = { ...defaultLimits, maxBody, ...options.limits }
  const context = createServerContext(options, limits, port)
  const server = createHttpServer(options, limits)
  server.maxHeadersCount = 0
  attach(server, context)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, ...(backlog === undefined ? {} : { backlog }) }, () => {
      server.off('error', reject)
      // Failing accepts (too many open files) pass; the process goes on.
      server.on('error', ignore)
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      resolve({ port: bound, stop: (graceMs) => stop(server, context, graceMs) })
    })
  })
}

function createHttpServer({ tls }: ListenOptions, limits: ServerLimits): Server {
  const options = {
    maxHeaderSize: limits.maxHeaderSize,
    headersTimeout: limits.headersTimeout,
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(5000, limits.headersTimeout),
    keepAliveTimeout: limits.keepAliveTimeout,
    requireHostHeader: false,
    noDelay: true,
  }
  return tls === undefined ? createServer(options) : createTlsServer({ ...options, ...tls })
}

function attach(server: Server, context: ServerContext): void {
  const request = (message: IncomingMessage, response: ServerResponse) =>
    serve(context, message, { response, expects: 'nothing' })
  const track = (socket: Socket) => {
    socket.on('error', ignore)
    context.clientOf(socket)
  }
  server.on('request', request)
  server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) =>
    serve(context, message, { response, expects: 'continue' }),
  )
  server.on('checkExpectation', (message: IncomingMessage, response: ServerResponse) =>
    serve(context, message, { response, expects: 'unknown' }),
  )
  server.on('connection', track)
  server.on('secureConnection', track)
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
  if (client.socket.destroyed) {
    exchange.depart()
    return
  }
  let { status } = found
  // After a refusal nobody can be sure where the next request begins.
  if (status !== 0) client.refuse()
  else if (turn.expects === 'unknown') status = 417
  else if (length !== undefined && length > context.limits.maxBody) status = 413
  if (status !== 0) send(context, exchange, { response, answer: context.refusal(status) })
  else void run(context, exchange, response)
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
  let answer: Answer
  try {
    answer = await context.handle(exchange)
  } catch {
    answer = context.refusal(500)
  }
  const fault = exchange.body?.fault ?? 0
  if (fault !== 0) {
    letGo(answer)
    answer = context.refusal(fault)
  }
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

function letGo(answer: Answer): void {
  dropBody(answer)
  answer.finished?.(false)
}

/** Answers what the runtime's parser refuses. */
function refuseBytes(context: ServerContext, error: NodeJS.ErrnoException, socket: Socket): void {
  const { code = '' } = error
  if (!socket.writable || code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE') {
    socket.destroy()
    return
  }
  const client = context.clients.get(socket)
  const running = client?.exchanges.at(-1)
  if (client !== undefined && running !== undefined) {
    const isBody = running.body !== undefined && !running.body.complete
    if (!isBody) {
      // Nonsense behind a good request: that one is answered, and no other.
      client.closing = true
      return
    }
    // The refusal is on its way already; what else is wrong with these bytes changes nothing.
    if (client.refused) return
    const answering = running.answering
    running.depart()
    if (answering) {
      cutSocket(socket)
      return
    }
  }
  endSocket(socket, encodeLast(context.refusal(STATUS_OF[code] ?? 400)))
}

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 494,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** How long a keep-alive client may still come, to be told and not cut off. */
const FAREWELL = 1000

async function stop(server: Server, context: ServerContext, graceMs: number): Promise<void> {
  context.close()
  const closed = new Promise<void>((resolve) => {
    // Closing would cut idle connections on which a request may be under way: they get a farewell.
    server.closeIdleConnections = ignore
    server.close(() => resolve())
  })
  const farewell = setTimeout(() => cut(context, true), Math.min(graceMs, FAREWELL))
  const grace = setTimeout(() => {
    cut(context, false)
    server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(farewell)
  clearTimeout(grace)
}

function cut(context: ServerContext, idleOnly: boolean): void {
  for (const client of context.clients.values()) {
    if (!idleOnly || client.idle) client.socket.destroy()
  }
}

function ignore(): void {}
