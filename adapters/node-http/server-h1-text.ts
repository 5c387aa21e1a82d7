import { type HeaderList, headersOf } from '../../src/lib/header-list.ts'
import type { Answer } from '../../src/ports/server.ts'
import { isLineText, isToken } from './header-lines.ts'
import { MessageError } from './message-error.ts'
import { type AnswerPlan, planAnswer, trailersOf } from './server-head.ts'
import { latin1Of } from './transport-request.ts'

/** A head as text, the empty line included. Throws a MessageError when a line cannot be written. */
export function headText(plan: Pick<AnswerPlan, 'status' | 'reason' | 'headers'>): string {
  const { status, reason, headers } = plan
  if (!isLineText(reason)) throw new MessageError('BAD_ANSWER')
  let text = `HTTP/1.1 ${status} ${reason}\r\n`
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    const value = headers[i + 1] ?? ''
    if (!isToken(name) || !isLineText(value)) throw new MessageError('BAD_ANSWER')
    text += `${name}: ${value}\r\n`
  }
  return `${text}\r\n`
}

/** An answer whose body is whole, as the last text of a connection; empty when it cannot be written. */
export function lastText(answer: Answer): string {
  const plan = planAnswer(answer, { method: 'GET', keepAlive: false, trailers: false })
  addDate(plan.headers)
  try {
    const head = headText(plan)
    return answer.body instanceof Uint8Array ? head + latin1Of(answer.body) : head
  } catch {
    return ''
  }
}

/** The last chunk of a body, with what follows it. */
export function lastChunkText(answer: Answer): string {
  const lines = answer.trailers === undefined ? [] : trailersOf(answer)
  return `0\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** Early hints are links; what else an upstream says early is for nobody. Empty without any. */
export function hintsText(headers: HeaderList): string {
  const links = headersOf(headers, 'link').filter(isLineText)
  return links.length === 0 ? '' : `HTTP/1.1 103 Early Hints\r\nLink: ${links.join(', ')}\r\n\r\n`
}

/** What asks a client for its body. */
export const CONTINUE_TEXT = 'HTTP/1.1 100 Continue\r\n\r\n'

let second = 0
let date = ''

/** Adds a Date where there is none: made anew once a second. */
export function addDate(headers: string[]): void {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]
    if (name?.length === 4 && name.toLowerCase() === 'date') return
  }
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    date = new Date(now * 1000).toUTCString()
  }
  headers.push('Date', date)
}
