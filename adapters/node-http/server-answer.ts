import type { ServerResponse } from 'node:http'
import type { ByteStream } from '../../src/lib/bytes.ts'
import type { Answer } from '../../src/ports/server.ts'
import { MessageError } from './message-error.ts'
import { IS_BUN } from './quirks.ts'
import { dropBody, type Exchange } from './server-exchange.ts'
import { noteTrailers } from './server-handed.ts'
import { type AnswerPlan, planAnswer, trailersOf } from './server-head.ts'
import { cutSocket } from './server-socket.ts'
import { latin1Of } from './transport-request.ts'

/** Bodies up to here go out as one string with the head: one write, no second buffer. */
const SMALL_BODY = 8 * 1024
/** A request body no longer than this is read to its end to keep the connection. */
const SMALL_UPLOAD = 64 * 1024
/** What is read of a longer one, that its sender may see the answer before the connection ends. */
const LINGER = { bytes: 16 * 1024 * 1024, milliseconds: 2000 }

/** Writes an answer by the runtime's own response object. Throws when a header cannot be written. */
export function writeAnswer(exchange: Exchange, response: ServerResponse, answer: Answer): void {
  if (!exchange.accept(answer)) return
  const lingers = isUploading(exchange)
  const framed = exchange.httpVersion === '1.1' || isFramed(answer)
  const keepAlive = exchange.keepAlive && !exchange.client.closing && !lingers && framed
  const trailers = exchange.httpVersion === '1.1' && hasTrailers(answer)
  const plan = planAnswer(answer, { method: exchange.method, keepAlive, trailers })
  response.writeHead(plan.status, plan.reason, plan.headers)
  const { body } = answer
  if (!plan.hasBody) {
    dropBody(answer)
    end(exchange, response, lingers)
  } else if (body === undefined || body instanceof Uint8Array) {
    writeWhole(exchange, response, { answer, body, apart: lingers || trailers, lingers })
  } else {
    void writeStream(exchange, response, { answer, body, plan, lingers })
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

function writeWhole(
  exchange: Exchange,
  response: ServerResponse,
  {
    answer,
    body,
    apart,
    lingers,
  }: { answer: Answer; body: Uint8Array | undefined; apart: boolean; lingers: boolean },
): void {
  if (apart) {
    if (body !== undefined) response.write(body)
    addTrailers(exchange, response, answer)
    end(exchange, response, lingers)
    return
  }
  if (body === undefined || body.length === 0) response.end()
  else if (body.length <= SMALL_BODY) response.end(latin1Of(body), 'latin1')
  else response.end(body)
  settleWhenSent(exchange, response)
}

async function writeStream(
  exchange: Exchange,
  response: ServerResponse,
  {
    answer,
    body,
    plan,
    lingers,
  }: { answer: Answer; body: ByteStream; plan: AnswerPlan; lingers: boolean },
): Promise<void> {
  const reader = body[Symbol.asyncIterator]()
  exchange.reading(reader)
  let left = plan.length
  try {
    const first = reader.next()
    await flushUnlessReady(exchange, response, first)
    for (let step = await first; step.done !== true; step = await reader.next()) {
      if (exchange.over) return
      if (left !== undefined) left -= step.value.length
      // More or less than was promised is the same as broken.
      if (left !== undefined && left < 0) throw new MessageError('BODY_TOO_LONG')
      if (!response.write(step.value)) await exchange.paused((go) => response.once('drain', go))
      if (exchange.over) return
    }
    if (left !== undefined && left > 0) throw new MessageError('BODY_TOO_SHORT')
  } catch {
    exchange.settle(false)
    exchange.abandonBody()
    cutSocket(exchange.client.socket)
    return
  }
  addTrailers(exchange, response, answer)
  // Without a length the last chunk is the end, which must not wait.
  end(exchange, response, lingers && plan.length !== undefined)
}

/** Sends the head at once when the body lets us wait: an event stream may be silent for long. */
async function flushUnlessReady(
  { client }: Exchange,
  response: ServerResponse,
  first: Promise<unknown>,
): Promise<void> {
  let ready = false
  const set = () => {
    ready = true
  }
  first.then(set, set)
  await undefined
  if (ready) return
  // Node's flushHeaders would write the head as UTF-8; Bun sends nothing for an empty write.
  if (IS_BUN && !client.share.handed) response.flushHeaders()
  else response.write(EMPTY)
}

const EMPTY = new Uint8Array(0)

function addTrailers({ client }: Exchange, response: ServerResponse, answer: Answer): void {
  if (answer.trailers === undefined) return
  const trailers = trailersOf(answer)
  if (trailers.length === 0) return
  if (IS_BUN && client.share.handed) noteTrailers(client.socket, trailers)
  else response.addTrailers(trailers)
}

/** Ends an answer that is written; a client still sending gets time to see it. */
function end(exchange: Exchange, response: ServerResponse, lingers: boolean): void {
  const { body } = exchange
  if (lingers && body?.invited === true) {
    // node:http holds a head back until something is written behind it.
    if (!response.writableEnded) response.write(EMPTY)
    body.drop(LINGER, () => {
      response.end()
      settleWhenSent(exchange, response)
    })
    return
  }
  response.end()
  settleWhenSent(exchange, response)
}

function settleWhenSent(exchange: Exchange, response: ServerResponse): void {
  if (response.writableFinished) exchange.settle(true)
  else response.once('finish', () => exchange.settle(true))
}
