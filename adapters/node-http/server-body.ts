import { Buffer } from 'node:buffer'
import type { ByteStream } from '../../src/lib/bytes.ts'
import type { HeaderList } from '../../src/lib/header-list.ts'
import type { RequestBody } from '../../src/ports/server.ts'
import { ByteQueue, type ByteSource } from './byte-queue.ts'
import { MessageError } from './message-error.ts'
import type { Timed, TimerWheel } from './timer-wheel.ts'

/** How a body is watched while it comes in. */
export interface UploadOptions {
  readonly length: number | undefined
  /** Bytes; more fail the reading and set `fault`. */
  readonly maxBody: number
  readonly wheel: TimerWheel
  /** Milliseconds a client may send nothing while someone waits for it. */
  readonly idleTimeout: number
  /** Asks the client for the body, which waits for a 100. */
  readonly invite?: () => void
}

/** Where an upload's pieces come from. */
export interface UploadSource {
  /** All of it has come in, handed on or not. */
  readonly complete: boolean
  /** Nothing more comes, whole or not. */
  readonly gone: boolean
  /** What came behind the last piece. */
  readonly trailers: HeaderList
  /** Hands on what has come, and from now on what comes: by `take`, `finish` and `cut`. */
  start(upload: Upload): void
  pause(): void
  resume(): void
  /** Reads on to the end and hands on nothing more. */
  drain(): void
  /** The whole body where it is there and nothing was handed on; it counts as handed on then. */
  whole?(): Uint8Array | undefined
}

/** A client's body, untouched until someone reads it. */
export class Upload implements RequestBody, ByteSource, Timed {
  readonly length: number | undefined
  deadline = 0
  slot = 0
  place = 0
  /** The status its client earns by it: 400 not its length, 413 too large, 408 too slow, 0 none. */
  fault: 0 | 400 | 408 | 413 = 0
  readonly #source: UploadSource
  readonly #options: UploadOptions
  #queue: ByteQueue | undefined
  #received = 0
  #ended = false
  /** Nobody reads it any more: its former reader has no say in how it comes. */
  #isLeft = false
  #dropLeft = 0
  #settled: (() => void) | undefined

  constructor(source: UploadSource, options: UploadOptions) {
    this.length = options.length
    this.#source = source
    this.#options = options
  }

  /** All of it has come in, read or not. */
  get complete(): boolean {
    return this.#ended || this.#source.complete
  }

  /** Someone has begun to read it, or the client needed no invitation. */
  get invited(): boolean {
    return this.#queue !== undefined || this.#options.invite === undefined
  }

  bytes(): Promise<Uint8Array> {
    const whole = this.#queue === undefined ? this.#source.whole?.() : undefined
    if (whole === undefined) return this.#gather()
    this.#queue = new ByteQueue(this)
    this.#ended = true
    return Promise.resolve(whole)
  }

  stream(): ByteStream {
    if (this.#queue !== undefined) throw new TypeError('Cannot read a request body twice')
    const queue = new ByteQueue(this)
    this.#queue = queue
    if (this.#isLeft) {
      queue.fail(new MessageError('ABANDONED'))
      return queue
    }
    this.#options.invite?.()
    this.#watch()
    this.#source.start(this)
    return queue
  }

  /** What came behind its last chunk. */
  trailers(): HeaderList {
    return this.#source.trailers
  }

  /** Reads on without use, so that a client still sending sees its answer; calls back at the end. */
  drop(limits: { bytes: number; milliseconds: number }, settled: () => void): void {
    if (this.complete || this.#source.gone) {
      settled()
      return
    }
    const isFirst = this.#queue === undefined
    this.#leave()
    this.#settled = settled
    this.#dropLeft = limits.bytes
    this.#options.wheel.arm(this, limits.milliseconds)
    if (isFirst) this.#source.start(this)
    this.#source.resume()
  }

  /** Nobody will read it any more; the rest must not stand before the next request. */
  release(): void {
    if (this.#settled !== undefined) return
    this.#options.wheel.forget(this)
    if (this.#ended || this.#source.gone) return
    this.#leave()
    this.#source.drain()
  }

  pause(): void {
    if (this.#isLeft) return
    this.#options.wheel.disarm(this)
    this.#source.pause()
  }

  resume(): void {
    if (this.#isLeft) return
    if (!this.complete) this.#watch()
    this.#source.resume()
  }

  cancel(): void {
    this.pause()
  }

  expire(): void {
    if (this.#settled === undefined) {
      this.fault = 408
      this.#queue?.fail(new MessageError('CLIENT_TIMEOUT'))
    } else {
      this.#settle()
    }
  }

  /** A piece has come. */
  take(chunk: Uint8Array): void {
    if (this.#isLeft) {
      this.#dropLeft -= chunk.length
      if (this.#dropLeft < 0) this.#settle()
      return
    }
    this.#received += chunk.length
    if (this.#received > this.#options.maxBody) {
      this.fault = 413
      this.pause()
      this.#queue?.fail(new MessageError('TOO_LARGE'))
      return
    }
    // HTTP/2 frames a body apart from its length, and not every runtime compares the two.
    if (this.length !== undefined && this.#received > this.length) {
      this.#breakOff()
      return
    }
    this.#watch()
    this.#queue?.push(chunk)
  }

  /** The last piece has come. */
  finish(): void {
    this.#ended = true
    const isShort = this.#settled === undefined && this.#received < (this.length ?? 0)
    if (isShort && this.#queue !== undefined) this.#breakOff()
    else this.#queue?.end()
    this.#settle()
  }

  /** Closed before its end: whoever reads must not take it for whole. */
  cut(): void {
    if (!this.#ended) this.#queue?.fail(new MessageError('CLIENT_CUT'))
    this.#settle()
  }

  async #gather(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for await (const piece of this.stream()) pieces.push(piece)
    const [only] = pieces
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
  }

  #leave(): void {
    this.#isLeft = true
    // Whoever still reads must not take it for whole.
    this.#queue?.fail(new MessageError('ABANDONED'))
  }

  #breakOff(): void {
    this.fault = 400
    this.pause()
    this.#queue?.fail(new MessageError('BAD_LENGTH'))
  }

  #watch(): void {
    this.#options.wheel.arm(this, this.#options.idleTimeout)
  }

  #settle(): void {
    this.#options.wheel.forget(this)
    const settled = this.#settled
    this.#settled = undefined
    settled?.()
  }
}
