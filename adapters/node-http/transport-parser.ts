import { Buffer } from 'node:buffer'
import type { Departure } from '../../src/ports/server.ts'
import { BodyDecoder, type Framing, type PieceSink } from './body-decoder.ts'
import { MessageError } from './message-error.ts'
import { parseResponseHead, type ResponseHead } from './transport-head.ts'

const HEAD_LIMIT = 64 * 1024
/** Interim answers before the one that counts. */
export const MOST_INTERIM = 32
const HEAD_END = Buffer.from('\r\n\r\n', 'latin1')
const PROTOCOL = 'HTTP/1.'
const BARE_FEED = /(?:^|[^\r])\n/

/** Reads the answer to one request out of a connection's bytes. */
export class ResponseParser {
  /** The final head, once it is there. */
  head: ResponseHead | undefined
  /** The message is whole. */
  done = false
  /** Bytes came after the message's end; after a 101 they are the tunnel's first. */
  leftover: Buffer | undefined
  /** Whom to tell of heads that come before the final one. */
  informed: Departure | undefined
  readonly #method: string
  readonly #upgrade: boolean
  #partial: Buffer | undefined
  #rest: Buffer | undefined
  #interim = 0
  #body: BodyDecoder | undefined

  constructor(method: string, upgrade: boolean) {
    this.#method = method
    this.#upgrade = upgrade
  }

  get trailers(): string[] {
    return this.#body?.trailers ?? []
  }

  /** Takes what was read and hands the body's pieces on. Throws a MessageError on any doubt. */
  push(chunk: Buffer, sink: PieceSink): void {
    let at = 0
    if (this.head === undefined) {
      at = this.#readHeads(chunk)
      if (at === -1) return
      // Pieces kept from earlier reads are part of what #rest holds.
      this.#pushBody(this.#rest ?? chunk, at, sink)
      this.#rest = undefined
    } else {
      this.#pushBody(chunk, at, sink)
    }
  }

  /** The connection has ended: says whether the message is whole. */
  close(): boolean {
    if (this.#body?.close() === true) this.done = true
    return this.done
  }

  /** Returns where the body begins in #rest or the chunk, -1 while the head is not whole. */
  #readHeads(chunk: Buffer): number {
    const bytes = this.#partial === undefined ? chunk : Buffer.concat([this.#partial, chunk])
    let from = 0
    let at = 0
    while (this.head === undefined) {
      from = at
      const end = bytes.indexOf(HEAD_END, from)
      if (end === -1 || end - from > HEAD_LIMIT) {
        this.#keep(bytes.subarray(from))
        return -1
      }
      this.#takeHead(parseResponseHead(bytes.toString('latin1', from, end)))
      at = end + 4
    }
    this.#partial = undefined
    this.#rest = bytes
    return at
  }

  /** Keeps a head's beginning, unless it can never become one. */
  #keep(bytes: Buffer): void {
    if (bytes.length > HEAD_LIMIT) throw new MessageError('HEAD_TOO_LARGE')
    const text = bytes.toString('latin1')
    const isHttp =
      text.length < PROTOCOL.length ? PROTOCOL.startsWith(text) : text.startsWith(PROTOCOL)
    if (!isHttp) throw new MessageError('BAD_STATUS_LINE')
    if (BARE_FEED.test(text)) throw new MessageError('BARE_LINE_FEED')
    this.#partial = bytes
  }

  #takeHead(head: ResponseHead): void {
    if (head.status >= 200) {
      this.head = head
      this.#body = new BodyDecoder(this.#framingOf(head))
    } else if (head.status === 101) {
      if (!this.#upgrade) throw new MessageError('UNASKED_UPGRADE')
      this.head = head
      this.#body = new BodyDecoder(0)
    } else {
      if (++this.#interim > MOST_INTERIM) throw new MessageError('TOO_MANY_INTERIM')
      // 100 is for us: whether the client may send its body was settled before.
      if (head.status !== 100) this.informed?.inform?.(head.status, head.headers)
    }
  }

  #framingOf(head: ResponseHead): Framing {
    if (this.#method === 'HEAD' || head.status === 204 || head.status === 304) return 0
    if (head.chunked) return 'chunked'
    return head.length ?? 'close'
  }

  #pushBody(bytes: Buffer, from: number, sink: PieceSink): void {
    const body = this.#body
    if (body === undefined) return
    const end = body.push(bytes, from, sink)
    this.done = body.done
    if (end < bytes.length) this.leftover = bytes.subarray(end)
  }
}
