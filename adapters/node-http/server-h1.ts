import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { HeaderList } from '../../src/lib/header-list.ts'
import type { Answer } from '../../src/ports/server.ts'
import { MessageError } from './message-error.ts'
import { ask, letGo } from './server-asking.ts'
import { Upload } from './server-body.ts'
import { type Inspection, inspectHead } from './server-check.ts'
import type { Client } from './server-client.ts'
import type { ServerContext } from './server-context.ts'
import { Exchange, type Outlet, type ParsedHead } from './server-exchange.ts'
import { type AnswerLine, writeAnswer } from './server-h1-answer.ts'
import { type BodyLine, BodyReader } from './server-h1-body.ts'
import { expectationOf, HeadReader, parseRequestHead } from './server-h1-head.ts'
import { CONTINUE_TEXT, hintsText, lastText } from './server-h1-text.ts'
import { type Handshake, joinTunnel } from './server-h1-upgrade.ts'
import { FAREWELL } from './server-listen.ts'
import { cutSocket } from './server-socket.ts'
import type { Timed } from './timer-wheel.ts'
import { SocketTunnel } from './tunnel.ts'

/** What a client may send ahead of its answer before it has to wait. */
const MOST_AHEAD = 64 * 1024
/** How long what is left of a connection is read after its last byte has left: a reset would take it back. */
const LINGER = 500

/** Serves HTTP/1 on a connection: one request after another, each answered before the next is read. */
export function serveHttp1(context: ServerContext, socket: Socket): void {
  new Http1Connection(context, context.clientOf(socket)).begin()
}

class Http1Connection implements AnswerLine, BodyLine, Outlet, Timed {
  deadline = 0
  slot = 0
  place = 0
  last = false
  written = false
  readonly socket: Socket
  readonly sent = (error?: Error | null): void => this.#sent(error)
  readonly #context: ServerContext
  readonly #client: Client
  readonly #head: HeadReader
  readonly #onData = (chunk: Buffer): void => this.#take(chunk)
  readonly #onEnd = (): void => this.#left()
  #exchange: Exchange | undefined
  /** The running request's body, until all of it has come. */
  #body: BodyReader | undefined
  /** What came behind the running request; behind a handshake it is the tunnel's. */
  #ahead: Buffer | undefined
  #isFirst = true
  /** The running deadline is a head's: what comes meanwhile does not put it off. */
  #isTimed = true
  /** A request is being begun: what ends meanwhile waits, or answers would nest without bound. */
  #beginning = false
  /** Nothing is read as a request any more. */
  #ended = false
  #paused = false

  constructor(context: ServerContext, client: Client) {
    this.socket = client.socket
    this.#context = context
    this.#client = client
    this.#head = new HeadReader(context.limits.maxHeaderSize)
  }

  begin(): void {
    const { socket } = this
    const { wheel, limits } = this.#context
    if (socket.destroyed) return
    wheel.arm(this, limits.headersTimeout)
    socket.on('data', this.#onData).on('end', this.#onEnd)
    socket.on('close', () => {
      this.#ended = true
      wheel.forget(this)
      this.#body?.lose()
    })
  }

  inform(status: number, headers: HeaderList): void {
    if (status !== 103 || this.#exchange?.httpVersion !== '1.1') return
    const hints = hintsText(headers)
    const { socket } = this
    // Hints are not worth waiting for, nor piling up for a client that does not read.
    if (hints !== '' && socket.writable && !socket.writableNeedDrain) socket.write(hints, 'latin1')
  }

  cut(): void {
    this.#ended = true
    cutSocket(this.socket)
  }

  pauseBody(): void {
    this.#paused = true
    this.socket.pause()
  }

  resumeBody(): void {
    if (!this.#paused) return
    this.#paused = false
    this.socket.resume()
  }

  /** A head never came, or the rest of a body, or the client's own end. */
  expire(): void {
    const isIdle = this.#exchange === undefined && this.#body === undefined
    if (!this.#ended && isIdle && (this.#isFirst || this.#head.begun)) this.#refuse(408)
    else this.socket.destroy()
  }

  #take(chunk: Buffer): void {
    // What comes behind the last answer is read for its sender's sake alone.
    if (this.#ended) return
    if (this.#body !== undefined) this.#readBody(this.#body, chunk)
    else if (this.#exchange !== undefined) this.#keepAhead(chunk)
    else this.#readHead(chunk)
  }

  #readHead(chunk: Buffer): void {
    const { limits, wheel } = this.#context
    try {
      const found = this.#head.push(chunk)
      this.#client.begun = found === undefined && this.#head.begun
      if (found !== undefined) {
        this.#serve(parseRequestHead(found.text), found.rest)
      } else if (this.#head.begun && !this.#isTimed) {
        this.#isTimed = true
        wheel.arm(this, limits.headersTimeout)
      }
    } catch (error) {
      if (!(error instanceof MessageError)) throw error
      this.#refuse(error.code === 'HEAD_TOO_LARGE' ? 494 : 400)
    }
  }

  #serve(head: ParsedHead, rest: Buffer | undefined): void {
    const context = this.#context
    const found = inspectHead(head.rawHeaders, head.httpVersion)
    const { status, length, websocket } = found
    const hasBody = found.chunked || (length ?? 0) > 0
    if (status !== 0 || head.method === 'CONNECT' || (websocket && hasBody)) {
      this.#refuse(status !== 0 ? status : head.method === 'CONNECT' ? 405 : 400)
      return
    }
    context.wheel.disarm(this)
    this.#isFirst = false
    this.written = false
    const expects = expectationOf(head)
    const exchange = hasBody
      ? this.#withBody(head, found, expects !== 'nothing')
      : new Exchange(head, this.#client, websocket && head.method === 'GET' ? UPGRADE : NO_BODY)
    exchange.keepAlive = found.keepAlive && !exchange.upgrade
    exchange.outlet = this
    this.#exchange = exchange
    if (rest !== undefined) this.#take(rest)
    // Its body may have turned out broken.
    if (this.#exchange !== exchange || this.#ended) return
    this.#beginning = true
    if (expects === 'unknown') this.#send(exchange, context.refusal(417))
    else if ((length ?? 0) > context.limits.maxBody) this.#send(exchange, context.refusal(413))
    else ask(context, exchange, (answer) => this.#send(exchange, answer))
    this.#beginning = false
  }

  #withBody(head: ParsedHead, found: Inspection, expects: boolean): Exchange {
    const reader = new BodyReader(found.length ?? 'chunked', this)
    this.#body = reader
    const invite = expects ? { invite: () => this.#invite(reader) } : {}
    const body = new Upload(reader, { ...this.#context.uploadOptions(found.length), ...invite })
    return new Exchange(head, this.#client, { body, upgrade: false })
  }

  #invite(reader: BodyReader): void {
    // One that is asked for late is there already, or has made room for the next request.
    const isRunning = this.#body === reader && this.#exchange?.answering === false
    if (isRunning && this.socket.writable) this.socket.write(CONTINUE_TEXT, 'latin1')
  }

  #readBody(body: BodyReader, chunk: Buffer): void {
    let end = 0
    try {
      end = body.push(chunk)
    } catch {
      this.#breakOff(body)
      return
    }
    if (!body.complete) return
    this.#body = undefined
    if (end < chunk.length) this.#keepAhead(chunk.subarray(end))
    if (this.#exchange === undefined) this.#next()
  }

  /** The body breaks its framing: nobody can be sure where it ends, nor what was meant. */
  #breakOff(body: BodyReader): void {
    const exchange = this.#exchange
    this.#body = undefined
    if (exchange === undefined || exchange.answering) {
      this.cut()
    } else {
      exchange.depart()
      this.#refuse(400)
    }
    body.lose()
  }

  #keepAhead(chunk: Buffer): void {
    this.#ahead = this.#ahead === undefined ? chunk : Buffer.concat([this.#ahead, chunk])
    if (this.#ahead.length > MOST_AHEAD) this.pauseBody()
  }

  #send(exchange: Exchange, answer: Answer): void {
    if (answer.tunnel instanceof SocketTunnel && exchange.upgrade) {
      this.#join(exchange, { answer, tunnel: answer.tunnel, early: this.#ahead })
      return
    }
    try {
      writeAnswer(this, exchange, answer)
    } catch {
      // A header that no head may hold, from a plugin: not the client's affair.
      letGo(answer)
      if (!exchange.over) writeAnswer(this, exchange, this.#context.refusal(500))
    }
  }

  /** The answer has left. */
  #sent(error: Error | null | undefined): void {
    // Node reports what was pending when a socket was destroyed as written.
    if ((error !== null && error !== undefined) || this.socket.destroyed) return
    if (this.#beginning) {
      queueMicrotask(this.sent)
      return
    }
    const exchange = this.#exchange
    if (exchange === undefined || (exchange.over && !this.last)) return
    this.#exchange = undefined
    exchange.settle(true)
    if (this.last) this.#close()
    else if (this.#body === undefined) this.#next()
    else this.#context.wheel.arm(this, this.#context.limits.bodyTimeout)
  }

  #next(): void {
    if (this.#ended) return
    const { wheel, limits } = this.#context
    const { keepAliveTimeout } = limits
    this.#isTimed = false
    // An answer begun before the end of service has promised that the connection stays.
    wheel.arm(this, this.#client.closing ? Math.min(FAREWELL, keepAliveTimeout) : keepAliveTimeout)
    const ahead = this.#ahead
    this.#ahead = undefined
    this.resumeBody()
    if (ahead !== undefined) this.#readHead(ahead)
  }

  /** The client has closed its side: one that waits is gone, one that was answered gets the rest. */
  #left(): void {
    if (this.#ended) return
    if (this.#exchange === undefined) {
      this.#close()
    } else if (this.written) {
      this.last = true
      this.#body?.lose()
    } else {
      this.socket.destroy()
    }
  }

  #refuse(status: number): void {
    this.#client.closing = true
    this.#close(lastText(this.#context.refusal(status)))
  }

  #close(last = ''): void {
    const { socket } = this
    this.#ended = true
    if (last === '') socket.end()
    else socket.end(last, 'latin1')
    socket.resume()
    this.#context.wheel.arm(this, LINGER)
  }

  /** The tunnel has the connection now, and tells how it ends. */
  #join(exchange: Exchange, handshake: Handshake): void {
    if (!exchange.accept(handshake.answer)) return
    this.#ended = true
    this.#exchange = undefined
    this.#context.wheel.forget(this)
    this.socket.off('data', this.#onData).off('end', this.#onEnd)
    joinTunnel(exchange, handshake)
  }
}

const NO_BODY = { upgrade: false }
const UPGRADE = { upgrade: true }
