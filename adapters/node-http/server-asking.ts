import type { Answer } from '../../src/ports/server.ts'
import type { ServerContext } from './server-context.ts'
import { dropBody, type Exchange } from './server-exchange.ts'

/** What the core answers; a refusal when it fails, or when the request's body turned out broken. */
export async function answerTo(context: ServerContext, exchange: Exchange): Promise<Answer> {
  let answer: Answer
  try {
    answer = await context.handle(exchange)
  } catch {
    return context.refusal(brokenBy(exchange) || 500)
  }
  const fault = brokenBy(exchange)
  if (fault === 0) return answer
  letGo(answer)
  return context.refusal(fault)
}

/** The status for a body that breaks the protocol; 0 for none. */
function brokenBy({ body }: Exchange): number {
  return body?.fault ?? 0
}

/** Tells an answer's source that nobody gets it. */
export function letGo(answer: Answer): void {
  dropBody(answer)
  answer.finished?.(false)
}
