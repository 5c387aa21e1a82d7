import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { ByteStream } from '../../src/lib/bytes.ts'
import type { Failure, Incoming, Outgoing, Phase } from '../../src/ports/transport.ts'
import { toHttp2Headers } from './h2-headers.ts'
import { MessageError } from './message-error.ts'
import type { Timed, TimerWheel } from './timer-wheel.ts'
import { AnswerReader, type AnswerTaker } from './transport-h2-answer.ts'

/** What a call asks of the session it runs on. */
export interface StreamHost {
  readonly wheel: TimerWheel
  /** Whether the session has served another before. */
  readonly reused: boolean
  /** The stream has ended, in whatever way. */
  done(call: StreamCall): void
}

/** One request on a stream of a session: sends it, has its answer read, and knows how far it came. */
export class StreamCall implements AnswerTaker, Timed {
  readonly outgoing: Outgoing
  deadline = 0
  slot = 0
  place = 0
  readonly #host: StreamHost
  readonly #resolve: (result: Incoming | Failure) => void
  #stream: ClientHttp2Stream | undefined
  readonly #reader = new AnswerReader(this)
  #upload: AsyncIterator<Uint8Array> | undefined
  #drained: (() => void) | undefined
  #sent = false
  #over = false

  constructor(outgoing: Outgoing, host: StreamHost, resolve: (result: Incoming | Failure) => void) {
    this.outgoing = outgoing
    this.#host = host
    this.#resolve = resolve
    outgoing.client?.onGone(() => this.fail('CLIENT_GONE', { byClient: true }))
  }

  get streamId(): number {
    return this.#stream?.id ?? 0
  }

  get over(): boolean {
    return this.#over
  }

  /** Sends the request; the session stands. */
  start(session: ClientHttp2Session): void {
    if (this.#over) return
    const { body, trailers } = this.outgoing
    const isBare = body === undefined && trailers === undefined
    const stream = session.request(headersOf(this.outgoing), {
      endStream: isBare,
      // node:http2 ends a stream before it resets it; only one that waits for trailers is cut unended.
      waitForTrailers: !isBare,
    })
    this.#stream = stream
    this.#listen(stream)
    stream.on('wantTrailers', () => {
      if (!this.#over) stream.sendTrailers(toHttp2Headers(trailers?.() ?? []))
    })
    if (isBare) this.#allSent()
    else if (body === undefined) this.#end(stream)
    else if (body instanceof Uint8Array) {
      stream.write(body)
      this.#end(stream)
    } else void this.#sendStream(stream, body)
  }

  /** The stream was lost, timed out or spoke nonsense; its session may go on. */
  fail(
    code: string,
    options: { phase?: Phase; timeout?: boolean; byClient?: boolean; unprocessed?: boolean } = {},
  ): void {
    if (this.#over) return
    this.#finish()
    const { phase = this.#sent ? 'head' : 'send', timeout = false, unprocessed = false } = options
    // Closing it would end it first: half an upload must not look whole.
    this.#stream?.destroy(new MessageError(code))
    if (this.#reader.begun) {
      this.#reader.cut(code)
      return
    }
    const byClient = options.byClient === true || this.outgoing.client?.gone === true
    const reused = this.#host.reused
    this.#resolve({ ok: false, phase, code, timeout, reused, byClient, unprocessed })
  }

  answer(incoming: Incoming): void {
    this.#resolve(incoming)
  }

  moved(): void {
    if (this.#sent) this.#arm(this.outgoing.readTimeout)
  }

  complete(): void {
    this.#stopUpload()
  }

  expire(): void {
    this.fail('ETIMEDOUT', { timeout: true })
  }

  pause(): void {
    this.#host.wheel.disarm(this)
    this.#stream?.pause()
  }

  resume(): void {
    this.#stream?.resume()
    if (this.#sent && !this.#over) this.#arm(this.outgoing.readTimeout)
  }

  cancel(): void {
    if (this.#over) return
    this.#finish()
    this.#stream?.close(constants.NGHTTP2_CANCEL)
  }

  #listen(stream: ClientHttp2Stream): void {
    this.#reader.listen(stream)
    stream.on('drain', () => {
      const drained = this.#drained
      this.#drained = undefined
      drained?.()
    })
    stream.on('error', ignore)
    stream.on('close', () => this.#closed(stream.rstCode))
  }

  /** The last that is heard of the stream: whoever has not ended by now was cut. */
  #closed(code: number): void {
    if (this.#over) return
    if (this.#reader.whole) this.#finish()
    else if (code === constants.NGHTTP2_REFUSED_STREAM) {
      this.fail('REFUSED_STREAM', { unprocessed: true })
    } else this.fail(code === constants.NGHTTP2_NO_ERROR ? 'ECONNRESET' : `H2_RESET_${code}`)
  }

  async #sendStream(stream: ClientHttp2Stream, body: ByteStream): Promise<void> {
    const upload = body[Symbol.asyncIterator]()
    this.#upload = upload
    try {
      for (;;) {
        const { value, done } = await upload.next()
        if (this.#upload !== upload || this.#over) return
        if (done === true) break
        if (value.length > 0 && !stream.write(value)) await this.#drain()
        if (this.#upload !== upload || this.#over) return
      }
    } catch {
      // The client's fault: the stream is reset, so nothing looks whole.
      if (this.#upload === upload) this.fail('BROKEN_BODY', { byClient: true })
      return
    }
    this.#end(stream)
  }

  #drain(): Promise<void> {
    this.#arm(this.outgoing.writeTimeout)
    return new Promise((resolve) => {
      this.#drained = () => {
        // From here on the client is waited for, which is not the upstream's fault.
        this.#host.wheel.disarm(this)
        resolve()
      }
    })
  }

  #end(stream: ClientHttp2Stream): void {
    this.#upload = undefined
    this.#arm(this.outgoing.writeTimeout)
    stream.end(() => this.#allSent())
  }

  #allSent(): void {
    this.#sent = true
    if (!this.#over) this.#arm(this.outgoing.readTimeout)
  }

  #arm(milliseconds: number): void {
    this.#host.wheel.arm(this, milliseconds)
  }

  #stopUpload(): void {
    const upload = this.#upload
    this.#upload = undefined
    // A reader may wait for ever in an own stream; its own end is its own affair.
    upload?.return?.()?.then(undefined, ignore)
  }

  #finish(): void {
    this.#over = true
    this.#host.wheel.forget(this)
    this.#stopUpload()
    this.#host.done(this)
  }
}

function headersOf({ method, target, scheme, headers }: Outgoing): OutgoingHttpHeaders {
  let authority = ''
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') authority = headers[i + 1] ?? ''
  }
  const fields: Record<string, string> = Object.create(null)
  fields[':method'] = method
  fields[':path'] = target
  fields[':scheme'] = scheme
  fields[':authority'] = authority
  return toHttp2Headers(headers, fields)
}

function ignore(): void {}
