import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { Answer } from '../../src/ports/server.ts'
import { checkedHttp2Headers, toHttp2Headers } from './h2-headers.ts'
import { MessageError } from './message-error.ts'
import { dropBody, type Exchange, type Outlet } from './server-exchange.ts'
import { planAnswer, trailersOf } from './server-head.ts'

/** What is written at once of a body that is whole: the client's window need not take more. */
const SLICE = 64 * 1024

/** What an HTTP/2 answer goes out by. */
export function streamOutlet(stream: ServerHttp2Stream): Outlet {
  return {
    inform(status, headers) {
      // 100 is ours to send, when the body is wanted; 101 does not exist here.
      if (stream.destroyed || stream.headersSent || status < 102 || status > 199) return
      const fields = checkedHttp2Headers(headers)
      if (fields === undefined) return
      fields[':status'] = status
      stream.additionalHeaders(fields)
    },
    cut() {
      // Closing it would end it first, as if it were whole; an error resets it on every runtime.
      stream.destroy(new MessageError('CUT'))
    },
  }
}

/** Writes an answer to a stream. Throws when a header cannot be written. */
export function writeStreamAnswer(
  exchange: Exchange,
  stream: ServerHttp2Stream,
  answer: Answer,
): void {
  if (!exchange.accept(answer)) return
  const { method } = exchange
  const { body } = answer
  const plan = planAnswer(answer, { method, keepAlive: true, trailers: false })
  const fields = checkedHttp2Headers(plan.headers)
  if (fields === undefined || plan.status < 200) throw new MessageError('BAD_ANSWER')
  fields[':status'] = plan.status
  stream.on('finish', () => {
    exchange.settle(true)
    // The answer is whole; what the client still sends nobody needs.
    if (exchange.body?.complete === false) stream.close(constants.NGHTTP2_NO_ERROR)
  })
  const trailers = answer.trailers !== undefined && plan.hasBody
  const isEmpty = body === undefined || (body instanceof Uint8Array && body.length === 0)
  if (!plan.hasBody || (isEmpty && !trailers)) {
    dropBody(answer)
    stream.respond(fields, { endStream: true })
    return
  }
  if (body instanceof Uint8Array && body.length <= SLICE && !trailers) {
    stream.respond(fields)
    stream.end(body)
    // Its end goes out with its last byte: what is cut before that has none.
    if (!exchange.over) exchange.watch()
    return
  }
  // node:http2 ends a stream before it resets it; only one that waits for trailers is cut unended.
  stream.once('wantTrailers', () => {
    if (!stream.closed && !stream.destroyed) stream.sendTrailers(trailersFor(answer))
  })
  stream.respond(fields, { waitForTrailers: true })
  if (body === undefined) stream.end()
  else {
    const pieces = body instanceof Uint8Array ? slicesOf(body) : body
    void writeBody(exchange, stream, { body: pieces, length: plan.length })
  }
}

async function writeBody(
  exchange: Exchange,
  stream: ServerHttp2Stream,
  { body, length }: { body: AsyncIterable<Uint8Array>; length: number | undefined },
): Promise<void> {
  const reader = body[Symbol.asyncIterator]()
  exchange.reading(reader)
  let left = length
  try {
    for (let step = await reader.next(); step.done !== true; step = await reader.next()) {
      if (exchange.over) return
      if (left !== undefined) left -= step.value.length
      if (left !== undefined && left < 0) throw new MessageError('BODY_TOO_LONG')
      if (!stream.write(step.value)) await exchange.paused((go) => stream.once('drain', go))
      if (exchange.over) return
    }
    if (left !== undefined && left > 0) throw new MessageError('BODY_TOO_SHORT')
  } catch {
    exchange.settle(false)
    exchange.abandonBody()
    exchange.outlet?.cut()
    return
  }
  stream.end()
  if (!exchange.over) exchange.watch()
}

async function* slicesOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += SLICE) yield body.subarray(at, at + SLICE)
}

function trailersFor(answer: Answer): OutgoingHttpHeaders {
  return toHttp2Headers(trailersOf(answer).flat())
}
