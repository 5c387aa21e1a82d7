import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import type { Answer } from '../../src/ports/server.ts'
import { MOST_HEADERS } from './header-lines.ts'
import { ask, letGo } from './server-asking.ts'
import { Upload } from './server-body.ts'
import type { Client } from './server-client.ts'
import type { ServerContext } from './server-context.ts'
import { Exchange } from './server-exchange.ts'
import { streamOutlet, writeStreamAnswer } from './server-h2-answer.ts'
import { StreamReader } from './server-h2-body.ts'
import { readStreamHead, type StreamHead } from './server-h2-head.ts'
import { peerOf } from './server-names.ts'
import type { Timed } from './timer-wheel.ts'
import { endLater } from './transport-h2-ending.ts'

/** Speaks HTTP/2 on connections it is handed. */
export interface Http2Door {
  serve(socket: Socket): void
  /** Tells every client that no further request is taken. */
  close(): void
}

/** What a whole connection may have under way unread, in each direction. */
const CONNECTION_WINDOW = 1024 * 1024

/** One more than we take: what is beyond gets our answer, not the runtime's. */
const MOST_PAIRS = MOST_HEADERS + 1

/** Makes one for a listener. */
export function createHttp2Door(context: ServerContext): Http2Door {
  const { maxStreams, maxHeaderSize } = context.limits
  const server: Http2Server = createServer({
    maxHeaderListPairs: MOST_PAIRS,
    settings: { maxConcurrentStreams: maxStreams, maxHeaderListSize: maxHeaderSize },
  })
  const sessions = new Set<ServerHttp2Session>()
  const arriving = new Map<string, Socket[]>()
  server.on('sessionError', ignore)
  server.on('session', (session) => {
    endLater(session)
    const key = session.socket === undefined ? '' : peerOf(session.socket)
    const waiting = arriving.get(key) ?? []
    const socket = waiting.shift()
    if (waiting.length === 0) arriving.delete(key)
    if (socket === undefined) {
      session.destroy()
      return
    }
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    serveSession(context, session, context.clientOf(socket))
  })

  return {
    serve(socket) {
      // An HTTP/2 client that has closed its side is gone.
      socket.allowHalfOpen = false
      // Bun may tell of the session later, when bytes were put back.
      const key = peerOf(socket)
      const waiting = arriving.get(key)
      if (waiting === undefined) arriving.set(key, [socket])
      else waiting.push(socket)
      socket.on('close', () => arriving.delete(key))
      server.emit('connection', socket)
    },
    close() {
      for (const session of sessions) session.close()
    },
  }
}

const RESET_WINDOW = 1000

function serveSession(context: ServerContext, session: ServerHttp2Session, client: Client): void {
  const { limits, wheel } = context
  const idle: Timed = { deadline: 0, slot: 0, place: 0, expire: () => session.close() }
  let resets = 0
  let since = 0
  session.on('error', ignore)
  session.on('close', () => {
    wheel.forget(idle)
    client.socket.destroy()
  })
  // Not every runtime can; then the window is as small as the protocol's own.
  if (typeof session.setLocalWindowSize === 'function')
    session.setLocalWindowSize(CONNECTION_WINDOW)
  wheel.arm(idle, limits.keepAliveTimeout)
  session.on(
    'stream',
    (stream: ServerHttp2Stream, _headers: unknown, flags: number, raw: string[]) => {
      stream.on('error', ignore)
      if (client.exchanges.length >= limits.maxStreams) {
        stream.close(constants.NGHTTP2_REFUSED_STREAM)
        return
      }
      wheel.disarm(idle)
      const hasBody = (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0
      const exchange = serveStream(context, client, {
        stream,
        head: readStreamHead(raw, limits.maxHeaderSize),
        hasBody,
      })
      stream.on('close', () => {
        const isTakenBack = !exchange.over
        exchange.depart()
        if (client.idle) wheel.arm(idle, limits.keepAliveTimeout)
        if (!isTakenBack) return
        const now = performance.now()
        if (now - since > RESET_WINDOW) {
          since = now
          resets = 0
        }
        // Asked for and taken back faster than anybody means it: CVE-2023-44487.
        if (++resets > limits.maxResets)
          session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM)
      })
    },
  )
}

function serveStream(
  context: ServerContext,
  client: Client,
  { stream, head, hasBody }: { stream: ServerHttp2Stream; head: StreamHead; hasBody: boolean },
): Exchange {
  const options = hasBody ? { body: bodyOf(context, stream, head), upgrade: false } : NO_BODY
  const exchange = new Exchange(head, client, options)
  exchange.outlet = streamOutlet(stream)
  let { status } = head
  if (status === 0 && (head.length ?? 0) > context.limits.maxBody) status = 413
  if (status !== 0) send(context, exchange, { stream, answer: context.refusal(status) })
  else ask(context, exchange, (answer) => send(context, exchange, { stream, answer }))
  return exchange
}

const NO_BODY = { upgrade: false }

function bodyOf(context: ServerContext, stream: ServerHttp2Stream, head: StreamHead): Upload {
  const asks = head.rawHeaders.some((text, i) => i % 2 === 0 && text === 'expect')
  const invite = asks ? { invite: () => invited(stream) } : {}
  const reader = new StreamReader(stream)
  return new Upload(reader, { ...context.uploadOptions(head.length), ...invite })
}

function invited(stream: ServerHttp2Stream): void {
  if (!stream.headersSent && !stream.destroyed) stream.additionalHeaders({ ':status': 100 })
}

function send(
  context: ServerContext,
  exchange: Exchange,
  { stream, answer }: { stream: ServerHttp2Stream; answer: Answer },
): void {
  try {
    writeStreamAnswer(exchange, stream, answer)
  } catch {
    // A header that no head may hold, from a plugin: not the client's affair.
    letGo(answer)
    if (stream.headersSent || stream.destroyed) exchange.outlet?.cut()
    else writeStreamAnswer(exchange, stream, context.refusal(500))
  }
}

function ignore(): void {}
