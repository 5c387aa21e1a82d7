import { STATUS_CODES } from 'node:http'
import type { Answer } from '../../src/ports/server.ts'
import { isLineText, isToken } from './header-lines.ts'

/** How an answer goes out. */
export interface AnswerPlan {
  readonly status: number
  readonly reason: string
  readonly headers: string[]
  /** Bytes the body must have; undefined when only its end tells. */
  readonly length: number | undefined
  /** A Content-Length stands among the headers. */
  readonly framed: boolean
  /** Whether any byte of the body goes out at all. */
  readonly hasBody: boolean
}

/** Makes an answer's head: the given headers in their order, framing and Connection set right. */
export function planAnswer(
  answer: Answer,
  options: { method: string; keepAlive: boolean; trailers: boolean },
): AnswerPlan {
  const { status, body } = answer
  const bodiless = status === 204 || status === 304
  const hasBody = !bodiless && options.method !== 'HEAD'
  const headers: string[] = []
  let length: number | undefined =
    body === undefined || body instanceof Uint8Array ? (body?.length ?? 0) : undefined
  let framed = false
  let hasConnection = false
  for (let i = 0; i < answer.headers.length; i += 2) {
    const name = answer.headers[i] ?? ''
    let value = answer.headers[i + 1] ?? ''
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (framed || status === 204) continue
      framed = true
      if (hasBody && length !== undefined) value = String(length)
      else length = Number(value)
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      continue
    } else if (name.length === 10 && name.toLowerCase() === 'connection') {
      // Kong: what happens to the connection stands in a line of its own beside `Upgrade` and the like.
      if (value.toLowerCase() === 'keep-alive') continue
      if (value.toLowerCase() === 'close') hasConnection = true
    }
    headers.push(name, value)
  }
  if (hasBody && !framed && length !== undefined && !options.trailers) {
    headers.push('Content-Length', String(length))
    framed = true
  }
  if (!hasConnection) headers.push('Connection', options.keepAlive ? 'keep-alive' : 'close')
  const reason = answer.reason !== '' ? answer.reason : (STATUS_CODES[status] ?? '')
  return { status, reason, headers, length, framed, hasBody }
}

/** Trailers that may go out: none that frame or route the message, none that cannot be written. */
export function trailersOf(answer: Answer): [string, string][] {
  const list = answer.trailers?.() ?? []
  const pairs: [string, string][] = []
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] ?? ''
    const value = list[i + 1] ?? ''
    if (NOT_IN_TRAILERS.has(name.toLowerCase()) || !isToken(name) || !isLineText(value)) continue
    pairs.push([name, value])
  }
  return pairs
}

const NOT_IN_TRAILERS = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
