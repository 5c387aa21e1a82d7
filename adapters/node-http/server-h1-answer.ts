import type { Socket } from 'node:net'
import type { ByteStream } from '../../src/lib/bytes.ts'
import type { Answer } from '../../src/ports/server.ts'
import { MessageError } from './message-error.ts'
import type { Upload } from './server-body.ts'
import { dropBody, type Exchange } from './server-exchange.ts'
import { addDate, headText, lastChunkText } from './server-h1-text.ts'
import { type AnswerPlan, planAnswer } from './server-head.ts'
import { latin1Of, writeChunk } from './transport-request.ts'

/** Bodies from here on go out in slices: a client's time begins anew with each, however slow it is. */
const LARGE_BODY = 128 * 1024
const SLICE = 64 * 1024
/** Bodies up to here go out as one string with the head: one write, no second buffer. */
const SMALL_BODY = 8 * 1024
/** A request body no longer than this is read to its end to keep the connection. */
const SMALL_UPLOAD = 64 * 1024
/** What is read of a longer one, that its sender may see the answer before the connection ends. */
const LINGER = { bytes: 16 * 1024 * 1024, milliseconds: 2000 }

/** The connection an answer goes out by. */
export interface AnswerLine {
  readonly socket: Socket
  /** To be given to the answer's last write: the answer has left. */
  readonly sent: (error?: Error | null) => void
  /** Nothing is read as a request after this answer. */
  last: boolean
  /** The answer's last byte was given to the socket. */
  written: boolean
  /** Breaks the answer off so that nobody takes it for whole. */
  cut(): void
}

/** How one answer goes out. */
interface Going {
  readonly line: AnswerLine
  readonly exchange: Exchange
  readonly answer: Answer
  readonly plan: AnswerPlan
  readonly chunked: boolean
  readonly lingers: boolean
}

/** Writes an answer. Throws, before anything is written, when its head cannot be. */
export function writeAnswer(line: AnswerLine, exchange: Exchange, answer: Answer): void {
  if (!exchange.accept(answer)) return
  const lingers = isUploading(exchange)
  const is11 = exchange.httpVersion === '1.1'
  const framed = is11 || isFramed(answer)
  // What stands behind an interim status is read as another answer.
  const final = answer.status >= 200
  const keepAlive = exchange.keepAlive && !exchange.client.closing && !lingers && framed && final
  const trailers = is11 && hasTrailers(answer)
  const plan = planAnswer(answer, { method: exchange.method, keepAlive, trailers })
  if (Number.isNaN(plan.length)) throw new MessageError('BAD_ANSWER')
  const chunked = is11 && plan.hasBody && !plan.framed
  addDate(plan.headers)
  if (chunked) plan.headers.push('Transfer-Encoding', 'chunked')
  const head = headText(plan)
  line.last = !keepAlive
  const going = { line, exchange, answer, plan, chunked, lingers }
  const { body } = answer
  if (!plan.hasBody) {
    dropBody(answer)
    writeLast(going, head)
  } else if (body === undefined || body instanceof Uint8Array) {
    if (body === undefined || body.length < LARGE_BODY) writeWhole(going, head, body)
    else writeSlices(going, head, body)
  } else {
    void writeStream(going, head, body)
  }
}

/** Whether a body known whole must still go out chunked, for what follows it. */
function hasTrailers(answer: Answer): boolean {
  return (
    answer.trailers !== undefined &&
    (answer.body === undefined || answer.body instanceof Uint8Array) &&
    answer.trailers().length > 0
  )
}

/** Whether the end of this answer can be told without closing the connection. */
function isFramed({ body, headers }: Answer): boolean {
  if (body === undefined || body instanceof Uint8Array) return true
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.length === 14 && headers[i]?.toLowerCase() === 'content-length') return true
  }
  return false
}

/** Whether so much of the request may still come that its connection cannot be kept. */
function isUploading({ body }: Exchange): boolean {
  if (body === undefined || body.complete) return false
  return (
    body.fault !== 0 || !body.invited || body.length === undefined || body.length > SMALL_UPLOAD
  )
}

function writeWhole(going: Going, head: string, body: Uint8Array | undefined): void {
  const { socket } = going.line
  if (going.chunked) {
    socket.cork()
    socket.write(head, 'latin1')
    if (body !== undefined && body.length > 0) writeChunk(socket, body)
    writeLast(going, lastChunkText(going.answer))
    socket.uncork()
  } else if (body === undefined || body.length === 0) {
    writeLast(going, head)
  } else if (body.length <= SMALL_BODY) {
    writeLast(going, head + latin1Of(body))
  } else {
    socket.cork()
    socket.write(head, 'latin1')
    writeLast(going, body)
    socket.uncork()
  }
}

function writeSlices(going: Going, head: string, body: Uint8Array): void {
  // Nothing is waited for but the client.
  going.line.written = true
  void writeStream(going, head, slicesOf(body))
}

async function* slicesOf(body: Uint8Array): ByteStream {
  for (let at = 0; at < body.length; at += SLICE) yield body.subarray(at, at + SLICE)
}

/** Writes an answer's end; a client still sending gets time to see it. */
function writeLast({ line, exchange, lingers }: Going, last: string | Uint8Array): void {
  const { body } = exchange
  line.written = true
  const isDropping = lingers && body?.invited === true
  const sent = isDropping ? () => dropRest(line, exchange, body) : line.sent
  const flows =
    typeof last === 'string'
      ? line.socket.write(last, 'latin1', sent)
      : line.socket.write(last, sent)
  // The system may take nothing, however little it is.
  if (!flows || line.socket.writableLength > 0) exchange.watch()
}

/** The answer is whole now; what its client does with the rest of the request changes nothing. */
function dropRest(line: AnswerLine, exchange: Exchange, body: Upload): void {
  if (exchange.over || line.socket.destroyed) return
  body.drop(LINGER, () => line.sent())
  exchange.settle(true)
}

async function writeStream(going: Going, head: string, body: ByteStream): Promise<void> {
  const { line, exchange, answer, plan, chunked } = going
  const { socket } = line
  const reader = body[Symbol.asyncIterator]()
  exchange.reading(reader)
  let unsent = head
  let { length: left } = plan
  try {
    const first = reader.next()
    // The head leaves at once when the body lets us wait: an event stream may be silent for long.
    if (!(await isReady(first))) {
      socket.write(unsent, 'latin1')
      unsent = ''
    }
    for (let step = await first; step.done !== true; step = await reader.next()) {
      if (exchange.over) return
      const piece = step.value
      if (piece.length === 0) continue
      if (left !== undefined) left -= piece.length
      // More than was promised is the same as broken.
      if (left !== undefined && left < 0) throw new MessageError('BODY_TOO_LONG')
      if (left === 0) {
        writeEnd(going, unsent, piece)
        await readEnd(reader)
        return
      }
      const flows = writePiece(socket, unsent, { piece, chunked })
      unsent = ''
      if (!flows) await exchange.paused((go) => socket.once('drain', go))
      if (exchange.over) return
    }
    if (exchange.over) return
    if (left !== undefined && left > 0) throw new MessageError('BODY_TOO_SHORT')
    // Without a length the connection's end is the body's.
    if (chunked) writeLast({ ...going, lingers: false }, unsent + lastChunkText(answer))
    else writeLast(going, unsent)
  } catch {
    breakOff(going)
  }
}

function breakOff({ exchange, line }: Going): void {
  // It has left whole before, and the connection serves the next request.
  const isLate = exchange.over
  exchange.settle(false)
  exchange.abandonBody()
  if (!isLate) line.cut()
}

function writeEnd(going: Going, head: string, piece: Uint8Array): void {
  const { socket } = going.line
  if (head === '') {
    writeLast(going, piece)
    return
  }
  if (piece.length <= SMALL_BODY) {
    writeLast(going, head + latin1Of(piece))
    return
  }
  socket.cork()
  socket.write(head, 'latin1')
  writeLast(going, piece)
  socket.uncork()
}

function writePiece(
  socket: Socket,
  head: string,
  { piece, chunked }: { piece: Uint8Array; chunked: boolean },
): boolean {
  if (head === '') return chunked ? writeChunk(socket, piece) : socket.write(piece)
  socket.cork()
  socket.write(head, 'latin1')
  const flows = chunked ? writeChunk(socket, piece) : socket.write(piece)
  socket.uncork()
  return flows
}

/** The client has it all; whoever made the body hears that it was read to its end. */
async function readEnd(reader: AsyncIterator<Uint8Array>): Promise<void> {
  const { done, value } = await reader.next()
  if (done !== true && value.length > 0) throw new MessageError('BODY_TOO_LONG')
}

async function isReady(first: Promise<unknown>): Promise<boolean> {
  let ready = false
  const set = () => {
    ready = true
  }
  first.then(set, set)
  await undefined
  return ready
}
