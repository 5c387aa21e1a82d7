import { STATUS_CODES } from 'node:http'
import type { Answer } from '../../src/ports/server.ts'
import { IS_BUN } from './quirks.ts'

/** How an answer goes out. */
export interface AnswerPlan {
  readonly status: number
  readonly reason: string
  readonly headers: string[]
  /** Bytes the body must have; undefined when only its end tells. */
  readonly length: number | undefined
  /** Whether any byte of the body goes out at all. */
  readonly hasBody: boolean
}

/** Bun writes a phrase of its own for none. */
const NO_REASON = IS_BUN ? ' ' : ''

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
  let hasLength = false
  let hasConnection = false
  for (let i = 0; i < answer.headers.length; i += 2) {
    const name = answer.headers[i] ?? ''
    let value = answer.headers[i + 1] ?? ''
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (hasLength || status === 204) continue
      hasLength = true
      if (hasBody && length !== undefined) value = String(length)
      else length = Number(value)
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      continue
    } else if (name.length === 10 && name.toLowerCase() === 'connection') {
      hasConnection = true
      if (!options.keepAlive) value += ', close'
    }
    headers.push(name, value)
  }
  if (hasBody && !hasLength && length !== undefined && !options.trailers) {
    headers.push('Content-Length', String(length))
  }
  if (!hasConnection) headers.push('Connection', options.keepAlive ? 'keep-alive' : 'close')
  const reason = answer.reason !== '' ? answer.reason : (STATUS_CODES[status] ?? NO_REASON)
  return { status, reason, headers, length, hasBody }
}

/** Trailers that may go out: none that frame or route the message. */
export function trailersOf(answer: Answer): [string, string][] {
  const list = answer.trailers?.() ?? []
  const pairs: [string, string][] = []
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] ?? ''
    if (!NOT_IN_TRAILERS.has(name.toLowerCase())) pairs.push([name, list[i + 1] ?? ''])
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
