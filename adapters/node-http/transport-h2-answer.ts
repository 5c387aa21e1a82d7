import { type ClientHttp2Stream, constants } from 'node:http2'
import type { HeaderList } from '../../src/lib/header-list.ts'
import type { Incoming, Outgoing } from '../../src/ports/transport.ts'
import { ByteQueue, type ByteSource } from './byte-queue.ts'
import { withoutPseudo } from './h2-headers.ts'
import { isLength } from './header-lines.ts'
import { MessageError } from './message-error.ts'
import { MOST_INTERIM } from './transport-parser.ts'

/** What the reader of an answer tells the call it reads for. */
export interface AnswerTaker extends ByteSource {
  readonly outgoing: Outgoing
  /** Nothing more is wanted. */
  readonly over: boolean
  /** The answer's head is here; its body, where it has one, follows. */
  answer(incoming: Incoming): void
  /** The upstream is not silent. */
  moved(): void
  /** All of it is here. */
  complete(): void
  fail(code: string): void
}

/** Reads what comes on a stream as one answer, and holds its body to the length it was given. */
export class AnswerReader {
  /** Its head is here. */
  begun = false
  /** All of it is here. */
  whole = false
  readonly #taker: AnswerTaker
  // Deno may bring a body before its head.
  readonly #queue: ByteQueue
  #trailers: HeaderList = []
  #length: number | undefined
  #received = 0
  #interim = 0

  constructor(taker: AnswerTaker) {
    this.#taker = taker
    this.#queue = new ByteQueue(taker)
  }

  listen(stream: ClientHttp2Stream): void {
    stream.on('headers', (headers: { ':status'?: number }, _flags: unknown, raw: string[]) => {
      const status = headers[':status'] ?? 0
      if (++this.#interim > MOST_INTERIM) this.#taker.fail('TOO_MANY_INTERIM')
      else if (status > 101) this.#taker.outgoing.client?.inform?.(status, withoutPseudo(raw))
    })
    stream.on('response', (headers, flags: number, raw: string[] = listOf(headers)) =>
      this.#begin(Number(headers[':status']), flags, withoutPseudo(raw)),
    )
    stream.on('trailers', (trailers, _flags: unknown, raw: string[] = listOf(trailers)) => {
      this.#trailers = withoutPseudo(raw)
    })
    stream.on('data', (chunk: Uint8Array) => this.#take(chunk))
    // A stream that is reset ends too, as if it were whole.
    stream.on('end', () => {
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR) this.#ended()
    })
  }

  /** Cuts the body short for whoever reads it. */
  cut(code: string): void {
    this.#queue.fail(new MessageError(code))
  }

  #begin(status: number, flags: number, headers: HeaderList): void {
    const taker = this.#taker
    if (taker.over || this.begun) return
    this.begun = true
    const answer = { ok: true, status, reason: '', httpVersion: '2', headers } as const
    const isEmpty =
      (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0 || taker.outgoing.method === 'HEAD'
    if (isEmpty) {
      taker.answer({ ...answer, body: undefined })
      this.whole = true
      taker.complete()
      return
    }
    this.#length = lengthIn(headers)
    taker.moved()
    taker.answer({ ...answer, body: this.#queue, trailers: () => this.#trailers })
  }

  #take(chunk: Uint8Array): void {
    if (this.#taker.over) return
    this.#received += chunk.length
    if (this.#length !== undefined && this.#received > this.#length) {
      this.#taker.fail('BODY_TOO_LONG')
      return
    }
    this.#taker.moved()
    this.#queue.push(chunk)
  }

  #ended(): void {
    // An end without a head is none; what it was, the close tells.
    if (this.#taker.over || this.whole || !this.begun) return
    if (this.#length !== undefined && this.#received < this.#length) {
      this.#taker.fail('BODY_TOO_SHORT')
      return
    }
    this.whole = true
    this.#taker.complete()
    this.#queue.end()
  }
}

function lengthIn(headers: HeaderList): number | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const value = headers[i + 1] ?? ''
    if (headers[i] === 'content-length' && isLength(value)) return Number(value)
  }
  return undefined
}

/** For a runtime that gives headers only as an object. */
function listOf(headers: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => [name, String(one)]),
  )
}
