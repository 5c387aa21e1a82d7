import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
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

/** A client's body, untouched until someone reads it. */
export class Upload implements RequestBody, ByteSource, Timed {
  readonly length: number | undefined
  deadline = 0
  slot = 0
  place = 0
  /** The status its client earns by it: 400 not its length, 413 too large, 408 too slow, 0 none. */
  fault: 0 | 400 | 408 | 413 = 0
  /** HTTP/2's trailers, which come as an event of their own. */
  sentTrailers: HeaderList | undefined
  readonly #input: Readable
  readonly #options: UploadOptions
  #queue: ByteQueue | undefined
  #received = 0
  #ended = false
  #dropLeft = 0
  #settled: (() => void) | undefined

  constructor(input: Readable, options: UploadOptions) {
    this.length = options.length
    this.#input = input
    this.#options = options
  }

  /** All of it has come in, read or not. */
  get complete(): boolean {
    const input = this.#input
    return this.#ended || ('complete' in input && input.complete === true)
  }

  /** Someone has begun to read it, or the client needed no invitation. */
  get invited(): boolean {
    return this.#queue !== undefined || this.#options.invite === undefined
  }

  async bytes(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for await (const piece of this.stream()) pieces.push(piece)
    const [only] = pieces
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
  }

  stream(): ByteStream {
    if (this.#queue !== undefined) throw new TypeError('Cannot read a request body twice')
    const queue = new ByteQueue(this)
    this.#queue = queue
    this.#options.invite?.()
    this.#listen()
    this.#watch()
    return queue
  }

  /** What came behind its last chunk. */
  trailers(): HeaderList {
    if (this.sentTrailers !== undefined) return this.sentTrailers
    const input = this.#input
    return 'rawTrailers' in input && Array.isArray(input.rawTrailers) ? input.rawTrailers : []
  }

  /** Reads on without use, so that a client still sending sees its answer; calls back at the end. */
  drop(limits: { bytes: number; milliseconds: number }, settled: () => void): void {
    if (this.complete || this.#input.destroyed) {
      settled()
      return
    }
    if (this.#queue === undefined) this.#listen()
    this.#queue = new ByteQueue(this)
    this.#queue.end()
    this.#settled = settled
    this.#dropLeft = limits.bytes
    this.#options.wheel.arm(this, limits.milliseconds)
    this.#input.resume()
  }

  /** Nobody will read it any more; the rest must not stand before the next request. */
  release(): void {
    this.#options.wheel.forget(this)
    if (this.#ended || this.#input.destroyed) return
    if (this.#queue === undefined) this.#input.on('error', ignore)
    this.#queue?.end()
    this.#input.resume()
  }

  pause(): void {
    this.#options.wheel.disarm(this)
    this.#input.pause()
  }

  resume(): void {
    this.#watch()
    this.#input.resume()
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

  #listen(): void {
    this.#input.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#input.on('end', () => {
      if (isReset(this.#input)) {
        this.#cut()
        return
      }
      this.#ended = true
      const isShort = this.#settled === undefined && this.#received < (this.length ?? 0)
      if (isShort && this.#queue !== undefined) this.#breakOff()
      else this.#queue?.end()
      this.#settle()
    })
    this.#input.on('error', () => this.#cut())
    this.#input.on('close', () => this.#cut())
  }

  #take(chunk: Buffer): void {
    if (this.#settled !== undefined) {
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

  #breakOff(): void {
    this.fault = 400
    this.pause()
    this.#queue?.fail(new MessageError('BAD_LENGTH'))
  }

  /** Closed before its end: whoever reads must not take it for whole. */
  #cut(): void {
    if (!this.#ended) this.#queue?.fail(new MessageError('CLIENT_CUT'))
    this.#settle()
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

/** An HTTP/2 stream that is reset ends as if it were whole; one that is whole stays open for us. */
function isReset(input: Readable): boolean {
  return 'rstCode' in input && (input.closed || input.rstCode !== 0)
}

function ignore(): void {}
