import type { HeaderList } from '../../src/lib/header-list.ts'
import { isLength, isLineText, parseHeaderLines } from './header-lines.ts'
import { MessageError } from './message-error.ts'

/** A response's head, and what it says of the body and the connection. */
export interface ResponseHead {
  readonly status: number
  readonly reason: string
  readonly httpVersion: '1.0' | '1.1'
  readonly headers: HeaderList
  /** Content-Length; undefined when absent. */
  readonly length: number | undefined
  readonly chunked: boolean
  readonly keepAlive: boolean
  /** How long the server says it keeps an idle connection, in seconds. */
  readonly keepAliveSeconds: number | undefined
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: (.*))?$/

/** Reads a whole head, without the empty line that ends it. Throws a MessageError on any doubt. */
export function parseResponseHead(text: string): ResponseHead {
  const firstEnd = text.indexOf('\r\n')
  const line = firstEnd === -1 ? text : text.slice(0, firstEnd)
  const parts = STATUS_LINE.exec(line)
  if (parts === null || !isLineText(line)) throw new MessageError('BAD_STATUS_LINE')
  const headers = firstEnd === -1 ? [] : parseHeaderLines(text, firstEnd + 2)
  return headOf(parts[1] === '1' ? '1.1' : '1.0', Number(parts[2]), parts[3] ?? '', headers)
}

function headOf(
  httpVersion: '1.0' | '1.1',
  status: number,
  reason: string,
  headers: HeaderList,
): ResponseHead {
  let length: number | undefined
  let chunked = false
  let keepAlive = httpVersion === '1.1'
  let keepAliveSeconds: number | undefined
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    const value = headers[i + 1] ?? ''
    // Only names of these lengths matter here.
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (length !== undefined || !isLength(value)) throw new MessageError('BAD_CONTENT_LENGTH')
      length = Number(value)
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (chunked || value.toLowerCase() !== 'chunked') throw new MessageError('BAD_ENCODING')
      chunked = true
    } else if (name.length === 10) {
      const lower = name.toLowerCase()
      if (lower === 'connection') keepAlive = staysOpen(value, keepAlive)
      else if (lower === 'keep-alive') keepAliveSeconds = secondsIn(value)
    }
  }
  if (chunked && (length !== undefined || httpVersion === '1.0')) {
    throw new MessageError('AMBIGUOUS_LENGTH')
  }
  return { status, reason, httpVersion, headers, length, chunked, keepAlive, keepAliveSeconds }
}

function staysOpen(connection: string, before: boolean): boolean {
  if (connection === 'keep-alive') return true
  const options = connection.toLowerCase().split(',')
  for (const option of options) {
    const word = option.trim()
    if (word === 'close') return false
    if (word === 'keep-alive') return true
  }
  return before
}

function secondsIn(keepAlive: string): number | undefined {
  const parts = /(?:^|[\s,])timeout\s*=\s*(\d{1,6})/i.exec(keepAlive)
  return parts === null ? undefined : Number(parts[1])
}
