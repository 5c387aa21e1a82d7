import { Buffer } from 'node:buffer'
import { parseHeaderLines } from './header-lines.ts'
import { MessageError } from './message-error.ts'
import type { ParsedHead } from './server-exchange.ts'

const METHOD = /^[A-Z_-]+$/
/** A path, the star, or an absolute URL; of their bytes only controls and the space are never meant. */
const TARGET = /^(?:\/|\*|[A-Za-z][A-Za-z0-9+.-]*:\/\/)[\x21-\x7e\x80-\xff]*$/
const HEAD_END = Buffer.from('\r\n\r\n', 'latin1')
const CR = 13
const LF = 10
/** What no head holds, wherever it is cut: a control, or a line feed that ends no line. */
const HOPELESS = /[^\t\r\n\x20-\x7e\x80-\xff]|[^\r]\n|\r[^\n]/
const FIRST_ROOM = 1024

/**
 * Reads a request's head, without the empty line that ends it: one space between the parts of the
 * first line, a method as nginx takes it, HTTP/1.0 or 1.1. Throws a MessageError on any doubt.
 */
export function parseRequestHead(text: string): ParsedHead {
  const firstEnd = text.indexOf('\r\n')
  const line = firstEnd === -1 ? text : text.slice(0, firstEnd)
  const methodEnd = line.indexOf(' ')
  const targetEnd = line.length - 9
  const version = line.slice(targetEnd)
  const is11 = version === ' HTTP/1.1'
  if (!is11 && version !== ' HTTP/1.0') throw new MessageError('BAD_REQUEST_LINE')
  const method = line.slice(0, methodEnd)
  const url = line.slice(methodEnd + 1, targetEnd)
  if (!METHOD.test(method)) throw new MessageError('BAD_METHOD')
  // The target of CONNECT has a form of its own; nobody looks at it.
  if (!TARGET.test(url) && method !== 'CONNECT') throw new MessageError('BAD_TARGET')
  const rawHeaders = firstEnd === -1 ? [] : parseHeaderLines(text, firstEnd + 2)
  return { method, url, rawHeaders, httpVersion: is11 ? '1.1' : '1.0' }
}

const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i

/** What a client waits for before it sends its body; in HTTP/1.0 there is no such thing. */
export function expectationOf({ rawHeaders, httpVersion }: ParsedHead): Expectation {
  if (httpVersion !== '1.1') return 'nothing'
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length !== 6 || name.toLowerCase() !== 'expect') continue
    return CONTINUE.test(rawHeaders[i + 1] ?? '') ? 'continue' : 'unknown'
  }
  return 'nothing'
}

type Expectation = 'nothing' | 'continue' | 'unknown'

/** Gathers a connection's bytes until a request's head is whole among them. */
export class HeadReader {
  readonly #limit: number
  #bytes: Buffer = Buffer.alloc(0)
  #size = 0
  /** How far the head's end was looked for. */
  #searched = 0

  /** `limit` is the most bytes a head may have. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Some of a head has come. */
  get begun(): boolean {
    return this.#size > 0
  }

  /**
   * The head's text and what came behind it; undefined when more must come. Throws a MessageError
   * when the head is too large, or can never become one.
   */
  push(chunk: Buffer): { text: string; rest: Buffer | undefined } | undefined {
    const bytes = this.#gather(chunk)
    let from = 0
    // RFC 9112, 2.2: empty lines in front of a request are passed over.
    while (bytes[from] === CR && bytes[from + 1] === LF) from += 2
    const end = bytes.indexOf(HEAD_END, Math.max(from, this.#searched - 3))
    const length = (end === -1 ? bytes.length : end) - from
    if (length > this.#limit) throw new MessageError('HEAD_TOO_LARGE')
    if (end === -1) {
      this.#keep(bytes, from)
      return undefined
    }
    this.#bytes = EMPTY
    this.#size = 0
    this.#searched = 0
    const next = end + HEAD_END.length
    const rest = next === bytes.length ? undefined : bytes.subarray(next)
    return { text: bytes.toString('latin1', from, end), rest }
  }

  /** One piece stays as it is; more are copied together, into room that doubles. */
  #gather(chunk: Buffer): Buffer {
    if (this.#size === 0) return chunk
    const size = this.#size + chunk.length
    if (size > this.#bytes.length) {
      const room = Buffer.allocUnsafe(Math.max(FIRST_ROOM, 2 * size))
      this.#bytes.copy(room, 0, 0, this.#size)
      this.#bytes = room
    }
    chunk.copy(this.#bytes, this.#size)
    return this.#bytes.subarray(0, size)
  }

  #keep(bytes: Buffer, from: number): void {
    const at = Math.max(from, this.#searched - 1)
    const fresh = bytes.toString('latin1', at)
    if (HOPELESS.test(fresh) || (at === from && fresh.startsWith('\n'))) {
      throw new MessageError('BAD_HEAD')
    }
    if (this.#size === 0) {
      this.#bytes = bytes.subarray(from)
      this.#size = this.#bytes.length
    } else {
      this.#bytes.copyWithin(0, from, bytes.length)
      this.#size = bytes.length - from
    }
    this.#searched = this.#size
  }
}

const EMPTY = Buffer.alloc(0)
