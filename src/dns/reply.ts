import type { Answer, LookupFailure } from '../ports/resolver.ts'
import { decodeMessage, type Query, TYPE_NUMBERS } from './message.ts'

/** What bytes mean that came in answer to a query; undefined when they answer something else. */
export type Reply = Answer | 'truncated' | undefined

const NO_ERROR = 0

/** Kong asks no further either: a name that is not there is told from a server that cannot say. */
const FAILURES: ReadonlyMap<number, LookupFailure> = new Map([
  [3, 'nxdomain'],
  [5, 'refused'],
])

/** Reads an answer, and believes it only when it repeats number and question. */
export function readReply(bytes: Uint8Array, query: Query): Reply {
  const message = decodeMessage(bytes)
  if (message === undefined || !message.isResponse || message.id !== query.id) return undefined

  const { question, code } = message
  const reason = code === NO_ERROR ? undefined : (FAILURES.get(code) ?? 'servfail')
  const isSure = reason === undefined || reason === 'nxdomain'
  // A server that cannot read a question may leave it out.
  if (question === undefined ? isSure : !isAsked(question, query)) return undefined

  if (message.truncated) return 'truncated'
  if (reason !== undefined) return { ok: false, reason }
  const { answers, extra } = message
  return answers.length > 0 ? { ok: true, records: answers, extra } : { ok: false, reason: 'empty' }
}

function isAsked(question: { name: string; type: number }, query: Query): boolean {
  const name = query.name.toLowerCase().replace(/\.$/, '')
  return question.name === name && question.type === TYPE_NUMBERS[query.type]
}
