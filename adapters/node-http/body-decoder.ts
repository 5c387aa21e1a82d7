import { Buffer } from 'node:buffer'
import type { HeaderList } from '../../src/lib/header-list.ts'
import { parseHeaderLines } from './header-lines.ts'
import { MessageError } from './message-error.ts'

/** Who takes a body's pieces. */
export interface PieceSink {
  take(piece: Buffer): void
}

/** How a body ends: after its length, by its last chunk, or with the connection. */
export type Framing = number | 'chunked' | 'close'

type State = 'bytes' | 'size' | 'data' | 'data-end' | 'trailers' | 'done'

const CHUNK_LINE = /^([0-9a-fA-F]{1,13})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n$/
const LONGEST_LINE = 4096
const MOST_TRAILER_BYTES = 64 * 1024
/** Pieces below this are put together: each costs far more than its bytes. */
const SMALL_PIECE = 1024

/** Cuts a body out of what a connection brings; strict, as both sides of a gateway must agree. */
export class BodyDecoder {
  trailers: HeaderList = []
  readonly #framing: Framing
  #state: State
  #left: number
  #line = ''
  #trailerText = ''
  readonly #small: Buffer[] = []

  constructor(framing: Framing) {
    this.#framing = framing
    this.#left = typeof framing === 'number' ? framing : Number.POSITIVE_INFINITY
    this.#state = framing === 'chunked' ? 'size' : 'bytes'
    if (framing === 0) this.#state = 'done'
  }

  get done(): boolean {
    return this.#state === 'done'
  }

  /** Hands each piece of the body on; returns where in `chunk` the body ended, or its length. */
  push(chunk: Buffer, from: number, sink: PieceSink): number {
    let at = from
    try {
      while (at < chunk.length && this.#state !== 'done') {
        if (this.#state === 'data') at = this.#gatherBytes(chunk, at, sink)
        else if (this.#state === 'bytes') at = this.#giveBytes(chunk, at, sink)
        else at = this.#readLine(chunk, at)
      }
    } finally {
      if (this.#small.length > 0) this.#giveSmall(chunk, sink)
    }
    return at
  }

  /** The connection has ended: says whether that ends the body too. */
  close(): boolean {
    if (this.#framing === 'close') this.#state = 'done'
    return this.#state === 'done'
  }

  #gatherBytes(chunk: Buffer, at: number, sink: PieceSink): number {
    const end = Math.min(chunk.length, at + this.#left)
    if (end - at >= SMALL_PIECE) {
      if (this.#small.length > 0) this.#giveSmall(chunk, sink)
      return this.#giveBytes(chunk, at, sink)
    }
    this.#small.push(chunk.subarray(at, end))
    this.#left -= end - at
    if (this.#left === 0) this.#state = 'data-end'
    return end
  }

  /** Small pieces of one read, as one that does not keep the read in memory. */
  #giveSmall(chunk: Buffer, sink: PieceSink): void {
    const [only] = this.#small
    const isMost = this.#small.length === 1 && only !== undefined && 4 * only.length > chunk.length
    const piece = isMost ? only : Buffer.concat(this.#small)
    this.#small.length = 0
    sink.take(piece)
  }

  #giveBytes(chunk: Buffer, at: number, sink: PieceSink): number {
    const end = Math.min(chunk.length, at + this.#left)
    sink.take(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end))
    this.#left -= end - at
    if (this.#left === 0) this.#state = this.#state === 'data' ? 'data-end' : 'done'
    return end
  }

  #readLine(chunk: Buffer, at: number): number {
    const feed = chunk.indexOf(10, at)
    const end = feed === -1 ? chunk.length : feed + 1
    const limit = this.#state === 'trailers' ? MOST_TRAILER_BYTES : LONGEST_LINE
    this.#line += chunk.toString('latin1', at, Math.min(end, at + limit + 1))
    if (this.#line.length > limit) throw new MessageError('LONG_LINE')
    if (feed !== -1) {
      const line = this.#line
      this.#line = ''
      this.#takeLine(line)
    }
    return end
  }

  #takeLine(line: string): void {
    if (this.#state === 'data-end') {
      if (line !== '\r\n') throw new MessageError('BAD_CHUNK')
      this.#state = 'size'
    } else if (this.#state === 'size') {
      const parts = CHUNK_LINE.exec(line)
      if (parts === null) throw new MessageError('BAD_CHUNK')
      this.#left = Number.parseInt(parts[1] ?? '', 16)
      this.#state = this.#left === 0 ? 'trailers' : 'data'
    } else {
      this.#takeTrailer(line)
    }
  }

  #takeTrailer(line: string): void {
    if (line === '\r\n') {
      this.trailers = this.#trailerText === '' ? [] : parseHeaderLines(this.#trailerText, 0)
      this.#state = 'done'
      return
    }
    if (!line.endsWith('\r\n')) throw new MessageError('BAD_TRAILER')
    this.#trailerText += line
    if (this.#trailerText.length > MOST_TRAILER_BYTES) throw new MessageError('LONG_TRAILERS')
  }
}
