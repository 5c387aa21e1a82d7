import type { Answer } from '../../src/ports/server.ts'
import type { ServerContext } from './server-context.ts'
import { dropBody, type Exchange } from './server-exchange.ts'

/**
 * Asks the core and hands its answer on, at once where nothing waits: a refusal when it fails, or
 * when the request's body turned out broken.
 */
export function ask(
  context: ServerContext,
  exchange: Exchange,
  send: (answer: Answer) => void,
): void {
  const failed = () => send(context.refusal(exchange.body?.fault || 500))
  const answered = (answer: Answer) => send(unlessBroken(context, exchange, answer))
  let answer: Answer | Promise<Answer>
  try {
    answer = context.handle(exchange)
  } catch {
    failed()
    return
  }
  if (answer instanceof Promise) answer.then(answered, failed)
  else answered(answer)
}

function unlessBroken(context: ServerContext, { body }: Exchange, answer: Answer): Answer {
  const fault = body?.fault ?? 0
  if (fault === 0) return answer
  letGo(answer)
  return context.refusal(fault)
}

/** Tells an answer's source that nobody gets it. */
export function letGo(answer: Answer): void {
  dropBody(answer)
  answer.finished?.(false)
}
