import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Body, ByteStream } from '../../src/lib/bytes.ts'
import type { Failure, Incoming, Outgoing, Phase } from '../../src/ports/transport.ts'
import type { PieceSink } from './body-decoder.ts'
import { ByteQueue, type ByteSource } from './byte-queue.ts'
import { MessageError } from './message-error.ts'
import { ResponseParser } from './transport-parser.ts'
import { type EncodedHead, writeChunk, writeWhole } from './transport-request.ts'
import type { SocketTunnel } from './tunnel.ts'

/** What a call asks of the connection it runs on. */
export interface CallHost {
  readonly socket: Socket
  arm(milliseconds: number): void
  disarm(): void
  destroy(): void
  /** The answer is whole; the connection may serve another call if `reusable`. */
  done(reusable: boolean, keepAliveSeconds: number | undefined): void
  /** Gives the socket up to a tunnel. */
  detach(leftover: Buffer | undefined, idleTimeout: number): SocketTunnel
}

/** One request on one connection: sends it, reads its answer, and knows how far it came. */
export class Call implements ByteSource, PieceSink {
  readonly outgoing: Outgoing
  readonly #head: EncodedHead
  readonly #host: CallHost
  readonly #reused: boolean
  readonly #resolve: (result: Incoming | Failure) => void
  readonly #parser: ResponseParser
  #phase: Phase = 'send'
  #sent = false
  /** Nothing more goes out, all of it or not: from here on the upstream is waited for. */
  #asked = false
  #seen = false
  #answered = false
  #over = false
  #paused = false
  #pieces: Buffer[] = []
  #queue: ByteQueue | undefined
  #upload: AsyncIterator<Uint8Array> | undefined
  #drained: (() => void) | undefined
  #tunnel: SocketTunnel | undefined

  constructor(
    outgoing: Outgoing,
    head: EncodedHead,
    options: { host: CallHost; reused: boolean; resolve: (result: Incoming | Failure) => void },
  ) {
    this.outgoing = outgoing
    this.#head = head
    this.#host = options.host
    this.#reused = options.reused
    this.#resolve = options.resolve
    this.#parser = new ResponseParser(outgoing.method, outgoing.upgrade)
    this.#parser.informed = outgoing.client
    outgoing.client?.onGone(() => this.#clientGone())
  }

  /** Sends the request; the connection stands. */
  start(): void {
    if (this.#over) return
    const { body } = this.outgoing
    const { socket } = this.#host
    if (body === undefined || body instanceof Uint8Array) {
      if (writeWhole(socket, this.#head.text, body)) {
        this.#allSent()
      } else {
        this.#drained = () => this.#allSent()
        this.#host.arm(this.outgoing.writeTimeout)
      }
      return
    }
    this.#host.disarm()
    socket.write(this.#head.text, 'latin1')
    void this.#sendStream(body)
  }

  /** Bytes have come. */
  read(chunk: Buffer): void {
    this.#seen = true
    try {
      this.#parser.push(chunk, this)
    } catch (error) {
      this.fail(codeOf(error))
      return
    }
    if (!this.#answered && this.#parser.head !== undefined) this.#answer()
    if (this.#over) return
    if (this.#parser.done) this.#finish(true)
    else if (this.#asked && !this.#paused) this.#host.arm(this.outgoing.readTimeout)
  }

  /** The upstream has closed its side. */
  end(): void {
    if (this.#over) return
    if (this.#parser.close()) this.#finish(false)
    else this.fail('ECONNRESET')
  }

  /** What was written has left. */
  drained(): void {
    const drained = this.#drained
    this.#drained = undefined
    if (this.#over) return
    drained?.()
  }

  /** The connection was lost, timed out or spoke nonsense. */
  fail(code: string, options: { phase?: Phase; timeout?: boolean; byClient?: boolean } = {}): void {
    if (this.#over) return
    this.#over = true
    const { phase = this.#phase, timeout = false } = options
    this.#stopUpload()
    this.#host.destroy()
    if (this.#answered) {
      this.#queue?.fail(new MessageError(code))
      return
    }
    const byClient = options.byClient === true || this.outgoing.client?.gone === true
    const reused = this.#reused && !this.#seen
    this.#resolve({ ok: false, phase, code, timeout, reused, byClient })
  }

  take(piece: Buffer): void {
    if (this.#queue === undefined) this.#pieces.push(piece)
    else this.#queue.push(piece)
  }

  pause(): void {
    if (this.#over) return
    this.#paused = true
    this.#host.disarm()
    this.#host.socket.pause()
  }

  resume(): void {
    if (this.#over || !this.#paused) return
    this.#paused = false
    this.#host.socket.resume()
    if (this.#asked) this.#host.arm(this.outgoing.readTimeout)
  }

  cancel(): void {
    if (this.#over) return
    this.#over = true
    this.#stopUpload()
    this.#host.destroy()
  }

  #allSent(): void {
    this.#sent = true
    this.#asked = true
    this.#upload = undefined
    if (!this.#answered) this.#phase = 'head'
    if (!this.#paused) this.#host.arm(this.outgoing.readTimeout)
  }

  async #sendStream(body: ByteStream): Promise<void> {
    const upload = body[Symbol.asyncIterator]()
    this.#upload = upload
    let left = this.#head.length
    try {
      for (;;) {
        const { value, done } = await upload.next()
        if (this.#upload !== upload) return
        if (done === true) break
        if (left !== undefined) left -= value.length
        if (left !== undefined && left < 0) throw new MessageError('BODY_TOO_LONG')
        if (value.length > 0 && !this.#write(value)) await this.#drain()
        if (this.#upload !== upload) return
      }
      if (left !== undefined && left > 0) throw new MessageError('BODY_TOO_SHORT')
    } catch (error) {
      // The client's fault: the connection goes without the last chunk, so nothing looks whole.
      if (this.#upload === upload) this.fail(codeOf(error), { byClient: true })
      return
    }
    if (left === undefined) this.#host.socket.write('0\r\n\r\n', 'latin1')
    this.#allSent()
  }

  #write(chunk: Uint8Array): boolean {
    const { socket } = this.#host
    return this.#head.length === undefined ? writeChunk(socket, chunk) : socket.write(chunk)
  }

  #drain(): Promise<void> {
    this.#host.arm(this.outgoing.writeTimeout)
    return new Promise((resolve) => {
      this.#drained = () => {
        // From here on the client is waited for, which is not the upstream's fault.
        this.#host.disarm()
        resolve()
      }
    })
  }

  #stopUpload(): void {
    const upload = this.#upload
    this.#upload = undefined
    if (upload === undefined) return
    // A reader may wait for ever in an own stream; its own end is its own affair.
    upload.return?.()?.then(undefined, ignore)
  }

  #answer(): void {
    const head = this.#parser.head
    if (head === undefined) return
    this.#answered = true
    const { status, reason, httpVersion, headers } = head
    if (status === 101) {
      this.#over = true
      this.#stopUpload()
      this.#tunnel = this.#host.detach(this.#parser.leftover, this.outgoing.readTimeout)
      const tunnel = this.#tunnel
      this.#resolve({ ok: true, status, reason, httpVersion, headers, body: undefined, tunnel })
      return
    }
    // An upstream that refuses early does not want the rest.
    if (status >= 300 && this.#upload !== undefined) {
      this.#stopUpload()
      this.#drained = undefined
      this.#asked = true
    }
    const body = this.#takeBody()
    const parser = this.#parser
    // Written out: a spread that adds a property costs V8 more than all the rest here.
    if (!head.chunked || (parser.done && parser.trailers.length === 0)) {
      this.#resolve({ ok: true, status, reason, httpVersion, headers, body })
    } else {
      const trailers = () => parser.trailers
      this.#resolve({ ok: true, status, reason, httpVersion, headers, body, trailers })
    }
  }

  #takeBody(): Body | undefined {
    const pieces = this.#pieces
    if (this.#parser.done) {
      return pieces.length < 2 ? pieces[0] : Buffer.concat(pieces)
    }
    const queue = new ByteQueue(this)
    this.#queue = queue
    this.#pieces = []
    for (const piece of pieces) queue.push(piece)
    return queue
  }

  #finish(mayReuse: boolean): void {
    this.#over = true
    const { head, leftover } = this.#parser
    const reusable = mayReuse && this.#sent && leftover === undefined && head?.keepAlive === true
    this.#stopUpload()
    if (this.#paused) this.#host.socket.resume()
    this.#host.done(reusable, head?.keepAliveSeconds)
    this.#queue?.end()
  }

  #clientGone(): void {
    if (this.#tunnel !== undefined && !this.#tunnel.joined) this.#tunnel.socket.destroy()
    this.fail('CLIENT_GONE', { byClient: true })
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return 'BROKEN_BODY'
}

function ignore(): void {}
