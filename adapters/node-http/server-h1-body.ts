import { Buffer } from 'node:buffer'
import type { HeaderList } from '../../src/lib/header-list.ts'
import { BodyDecoder, type PieceSink } from './body-decoder.ts'
import type { Upload, UploadSource } from './server-body.ts'

/** The connection a body comes by, as far as the body slows it down. */
export interface BodyLine {
  pauseBody(): void
  resumeBody(): void
}

/** What is kept of a body that nobody reads yet. */
const MOST_HELD = 64 * 1024
/** What a piece costs beside its bytes, roughly. */
const PIECE_COST = 128

/** A request's body as an HTTP/1 connection brings it: a little is kept until someone asks. */
export class BodyReader implements UploadSource, PieceSink {
  gone = false
  readonly #decoder: BodyDecoder
  readonly #line: BodyLine
  readonly #held: Buffer[] = []
  #heldSize = 0
  #upload: Upload | undefined
  #drained = false

  constructor(framing: number | 'chunked', line: BodyLine) {
    this.#decoder = new BodyDecoder(framing)
    this.#line = line
  }

  get complete(): boolean {
    return this.#decoder.done
  }

  get trailers(): HeaderList {
    return this.#decoder.trailers
  }

  /** Takes what was read; returns where the body ended, or the length. Throws a MessageError. */
  push(bytes: Buffer): number {
    const end = this.#decoder.push(bytes, 0, this)
    if (this.#decoder.done) this.#upload?.finish()
    return end
  }

  take(piece: Buffer): void {
    if (this.#drained) return
    if (this.#upload !== undefined) {
      this.#upload.take(piece)
      return
    }
    this.#held.push(piece)
    this.#heldSize += piece.length + PIECE_COST
    if (this.#heldSize >= MOST_HELD) this.#line.pauseBody()
  }

  /** The connection is gone. */
  lose(): void {
    this.gone = true
    if (!this.complete) this.#upload?.cut()
  }

  start(upload: Upload): void {
    this.#upload = upload
    if (this.#heldSize >= MOST_HELD) this.#line.resumeBody()
    this.#heldSize = 0
    for (const piece of this.#held.splice(0)) upload.take(piece)
    if (this.complete) upload.finish()
    else if (this.gone) upload.cut()
  }

  pause(): void {
    this.#line.pauseBody()
  }

  resume(): void {
    this.#line.resumeBody()
  }

  drain(): void {
    this.#drained = true
    this.#held.length = 0
    this.#line.resumeBody()
  }

  whole(): Uint8Array | undefined {
    if (!this.complete || this.#upload !== undefined || this.#drained) return undefined
    const [only] = this.#held
    const whole = this.#held.length === 1 && only !== undefined ? only : Buffer.concat(this.#held)
    this.drain()
    return whole
  }
}
