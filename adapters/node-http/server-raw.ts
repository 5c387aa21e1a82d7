import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { Answer } from '../../src/ports/server.ts'
import { BodyDecoder } from './body-decoder.ts'
import { MessageError } from './message-error.ts'
import { dropBody, type Exchange } from './server-exchange.ts'
import { type AnswerPlan, planAnswer } from './server-head.ts'
import { cutSocket, endSocket } from './server-socket.ts'
import { latin1Of, writeChunk } from './transport-request.ts'

const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/

/** A head as text, the empty line included; undefined when a line cannot be written. */
export function encodeHead(
  plan: Pick<AnswerPlan, 'status' | 'reason' | 'headers'>,
): string | undefined {
  let text = `HTTP/1.1 ${plan.status} ${plan.reason}\r\n`
  if (BAD_VALUE.test(plan.reason)) return undefined
  for (let i = 0; i < plan.headers.length; i += 2) {
    const line = `${plan.headers[i]}: ${plan.headers[i + 1]}`
    if (BAD_VALUE.test(line)) return undefined
    text += `${line}\r\n`
  }
  return `${text}\r\n`
}

/** An answer whose body is whole, as the last text of a connection. */
export function encodeLast(answer: Answer): string {
  const plan = planAnswer(answer, { method: 'GET', keepAlive: false, trailers: false })
  const head = encodeHead({ ...plan, headers: withDate(plan.headers) })
  if (head === undefined) return ''
  return answer.body instanceof Uint8Array ? head + latin1Of(answer.body) : head
}

/** Writes an answer to a socket the runtime's server has let go of, and closes it. */
export async function writeRaw(exchange: Exchange, socket: Socket, answer: Answer): Promise<void> {
  if (!exchange.accept(answer)) return
  const { body } = answer
  const options = { method: exchange.method, keepAlive: false, trailers: false }
  const plan = planAnswer(answer, options)
  const chunked = plan.length === undefined && plan.hasBody
  const headers = withDate(plan.headers)
  if (chunked) headers.push('Transfer-Encoding', 'chunked')
  const head = encodeHead({ ...plan, headers })
  if (head === undefined || !plan.hasBody || body === undefined || body instanceof Uint8Array) {
    const whole = head !== undefined && plan.hasBody && body instanceof Uint8Array
    if (!whole) dropBody(answer)
    socket.once('finish', () => exchange.settle(head !== undefined))
    endSocket(socket, whole ? head + latin1Of(body) : (head ?? ''))
    return
  }
  socket.write(head, 'latin1')
  await writeStream(exchange, socket, { answer: body, left: plan.length })
}

async function writeStream(
  exchange: Exchange,
  socket: Socket,
  options: { answer: AsyncIterable<Uint8Array>; left: number | undefined },
): Promise<void> {
  const reader = options.answer[Symbol.asyncIterator]()
  exchange.reading(reader)
  let { left } = options
  try {
    for (let step = await reader.next(); step.done !== true; step = await reader.next()) {
      if (left !== undefined) left -= step.value.length
      if (exchange.over || (left !== undefined && left < 0)) throw new MessageError('CUT')
      if (step.value.length === 0) continue
      const flows = left === undefined ? writeChunk(socket, step.value) : socket.write(step.value)
      if (!flows) await exchange.paused((go) => socket.once('drain', go))
    }
    if (left !== undefined && left > 0) throw new MessageError('BODY_TOO_SHORT')
  } catch {
    exchange.settle(false)
    exchange.abandonBody()
    cutSocket(socket)
    return
  }
  socket.once('finish', () => exchange.settle(true))
  endSocket(socket, left === undefined ? '0\r\n\r\n' : '')
}

/** Reads a body off a socket the runtime's server has let go of. */
export function readRawBody(socket: Socket, first: Buffer, framing: number | 'chunked'): Readable {
  const decoder = new BodyDecoder(framing)
  const body = new Readable({ read: () => socket.resume() })
  const sink = {
    take(piece: Buffer) {
      if (!body.push(piece)) socket.pause()
    },
  }
  const take = (chunk: Buffer) => {
    if (decoder.done) return
    try {
      decoder.push(chunk, 0, sink)
      if (decoder.done) body.push(null)
    } catch {
      body.destroy(new MessageError('BAD_BODY'))
    }
  }
  socket.on('data', take)
  socket.on('close', () => {
    if (!decoder.done) body.destroy(new MessageError('CLIENT_CUT'))
  })
  take(first)
  return body
}

function withDate(headers: readonly string[]): string[] {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() === 'date') return [...headers]
  }
  return [...headers, 'Date', new Date().toUTCString()]
}
