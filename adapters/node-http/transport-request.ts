import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Outgoing } from '../../src/ports/transport.ts'
import { isLength, isLineText, isToken } from './header-lines.ts'

/** A request head as it goes out, and how its body is framed. */
export interface EncodedHead {
  /** One char per byte; the empty line included. */
  readonly text: string
  /** Bytes of body to send; undefined when it goes out chunked. */
  readonly length: number | undefined
}

type Written = Pick<Outgoing, 'method' | 'target' | 'headers' | 'body'>

const BAD_TARGET = /[^\x21-\x7e\x80-\xff]/

/** Writes a request's head; undefined when it holds what no head may hold. */
export function encodeRequestHead(request: Written): EncodedHead | undefined {
  const { method, target, headers, body } = request
  if (!isToken(method) || target === '' || BAD_TARGET.test(target)) return undefined
  let text = `${method} ${target} HTTP/1.1\r\n`
  let length: number | undefined
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    const value = headers[i + 1] ?? ''
    if (!isToken(name) || !isLineText(value)) return undefined
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (length !== undefined || !isLength(value)) return undefined
      length = Number(value)
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      continue
    }
    text += `${name}: ${value}\r\n`
  }
  if (body === undefined) {
    return length === undefined || length === 0 ? { text: `${text}\r\n`, length: 0 } : undefined
  }
  if (body instanceof Uint8Array) {
    if (length === undefined) text += `Content-Length: ${body.length}\r\n`
    else if (length !== body.length) return undefined
    return { text: `${text}\r\n`, length: body.length }
  }
  if (length === undefined) text += 'Transfer-Encoding: chunked\r\n'
  return { text: `${text}\r\n`, length }
}

/** Bodies up to here ride in the head's string: one write, no second buffer. */
const SMALL_BODY = 8 * 1024

/** Writes head and whole body; false when the socket wants a pause. */
export function writeWhole(socket: Socket, head: string, body: Uint8Array | undefined): boolean {
  if (body === undefined || body.length === 0) return socket.write(head, 'latin1')
  if (body.length <= SMALL_BODY) return socket.write(head + latin1Of(body), 'latin1')
  socket.cork()
  socket.write(head, 'latin1')
  const flows = socket.write(body)
  socket.uncork()
  return flows
}

/** Writes one chunk of a chunked body. */
export function writeChunk(socket: Socket, chunk: Uint8Array): boolean {
  socket.cork()
  socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
  socket.write(chunk)
  const flows = socket.write('\r\n', 'latin1')
  socket.uncork()
  return flows
}

/** Bytes as a string of one char each. */
export function latin1Of(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.toString('latin1')
}
