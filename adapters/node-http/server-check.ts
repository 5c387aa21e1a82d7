import { isNamed } from '../../src/lib/header-list.ts'
import { isHost, isLength, MOST_HEADERS, onceBit } from './header-lines.ts'

/** What a look at a request's raw head tells before anyone acts on it. */
export interface Inspection {
  /** The status to refuse it with; 0 when nothing is wrong. */
  readonly status: number
  /** Content-Length; undefined when absent. */
  readonly length: number | undefined
  readonly chunked: boolean
  readonly websocket: boolean
  /** The client wants to use the connection again. */
  readonly keepAlive: boolean
}

const UPGRADE = /[,\s]upgrade\s*(?:,|$)/i
const CLOSE = /[,\s]close\s*(?:,|$)/i
const KEEP_ALIVE = /[,\s]keep-alive\s*(?:,|$)/i

/**
 * Checks what the runtimes' parsers let pass or differ in: one Host, one length, one Authorization, no encoding but
 * chunked, none in HTTP/1.0. Two parsers that disagree on these are how requests are smuggled.
 */
export function inspectHead(headers: readonly string[], httpVersion: string): Inspection {
  let hosts = 0
  let once = 0
  let length: number | undefined
  let chunked = false
  let status = headers.length > 2 * MOST_HEADERS ? 494 : 0
  let upgrade: string | undefined
  let connection = ''
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    const bit = onceBit(name)
    if ((once & bit) !== 0) status ||= 400
    once |= bit
    switch (name.length) {
      case 4:
        if (!isNamed(name, 'host')) break
        if (++hosts > 1 || !isHost(headers[i + 1] ?? '')) status ||= 400
        break
      case 7:
        if (isNamed(name, 'upgrade')) upgrade = headers[i + 1]
        break
      case 10:
        if (isNamed(name, 'connection')) connection += `,${headers[i + 1]}`
        break
      case 14:
        if (!isNamed(name, 'content-length')) break
        if (length !== undefined || !isLength(headers[i + 1] ?? '')) status ||= 400
        length = Number(headers[i + 1])
        break
      case 17:
        if (!isNamed(name, 'transfer-encoding')) break
        if (chunked || headers[i + 1]?.toLowerCase() !== 'chunked') status ||= 400
        chunked = true
    }
  }
  const is11 = httpVersion === '1.1'
  // The runtimes' parsers take 0.9 and 2.0 too.
  if (!is11 && httpVersion !== '1.0') status ||= 400
  if (is11 ? hosts === 0 || (chunked && length !== undefined) : chunked) status ||= 400
  const websocket = is11 && upgrade?.toLowerCase() === 'websocket' && UPGRADE.test(connection)
  const keepAlive = is11
    ? connection === '' || !CLOSE.test(connection)
    : KEEP_ALIVE.test(connection) && !CLOSE.test(connection)
  return { status, length, chunked, websocket, keepAlive }
}

/** Kong's words for a status the server itself answers with; 494 goes out as 400. */
export function reasonOf(status: number): string {
  return REASONS[status] ?? 'Bad request'
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad request',
  405: 'Method not allowed',
  408: 'Request timeout',
  413: 'Payload too large',
  417: 'Expectation failed',
  500: 'An unexpected error occurred',
}
