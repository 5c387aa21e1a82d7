import type { Refusal } from '../http/error-body.ts'
import { dropBody } from '../lib/body-reading.ts'
import type { Answer } from '../ports/server.ts'
import type { CompiledService } from '../snapshot/compiled.ts'
import {
  type AnswerParts,
  dropOurs,
  finishedAnswer,
  proxiedAnswer,
  proxiedContent,
} from './answer.ts'
import { countProxied } from './count-traffic.ts'
import { debugHeaders } from './debug-headers.ts'
import { elapsed } from './elapsed.ts'
import type { Delivered } from './forward.ts'
import { asksTrailers } from './headers.ts'
import type { LiveExchange } from './live-exchange.ts'
import { refuse } from './own-answer.ts'
import type { Passing } from './passing.ts'
import type { Proxying } from './proxying.ts'
import type { RequestParts } from './read-request.ts'
import { logged, respond } from './respond.ts'

const BAD_ANSWER: Refusal = { status: 502, fromServer: true }

/** An upstream's answer, and what it answers. */
export interface Answered {
  readonly service: CompiledService
  readonly read: RequestParts
  readonly delivered: Delivered
}

/** Passes an upstream's answer on. */
export function answer(
  proxy: Proxying,
  passing: Passing,
  answered: Answered,
): Answer | Promise<Answer> {
  const { incoming, release } = answered.delivered
  if (!isSoundStatus(incoming.status, incoming.tunnel !== undefined && passing.request.upgrade)) {
    release()
    dropBody(incoming.body)
    return refuse(proxy, passing, { ...BAD_ANSWER, sentAt: answered.delivered.sentAt })
  }
  const { exchange } = passing
  const lose = (error: unknown): never => {
    release()
    dropBody(incoming.body)
    throw error
  }
  try {
    const parts = partsOf(proxy, passing, answered)
    if (exchange?.attentive === true) {
      const made = answerWithHooks(proxy, exchange, parts)
      return made instanceof Promise ? made.catch(lose) : made
    }
    return counted(proxy, passing, { made: proxiedAnswer(parts), parts })
  } catch (error) {
    return lose(error)
  }
}

function partsOf(
  proxy: Proxying,
  passing: Passing,
  { service, read, delivered }: Answered,
): AnswerParts {
  const { request, id, startedAt } = passing
  const { incoming, sentAt, answeredAt, cookie, release, unwatched } = delivered
  return {
    incoming,
    own: proxy.own,
    ours: proxy.ours,
    requestId: id,
    // HTTP/1.0 has no pieces for them to follow.
    trailers: request.httpVersion !== '1.0' && asksTrailers(read.client.te),
    upgrade: request.upgrade,
    head: request.method === 'HEAD',
    grpc: service.grpc,
    proxyLatency: elapsed(startedAt, sentAt),
    upstreamLatency: elapsed(sentAt, answeredAt),
    debug: debugHeaders(proxy, passing),
    cookie,
    finished: release,
    unwatched,
  }
}

/** A 101 that was not asked for, or any other interim status, is no answer. */
function isSoundStatus(status: number, tunnelled: boolean): boolean {
  return status >= 200 ? status <= 999 : status === 101 && tunnelled
}

/** The same with plugins between the upstream's headers and ours. */
function answerWithHooks(
  proxy: Proxying,
  exchange: LiveExchange,
  parts: AnswerParts,
): Answer | Promise<Answer> {
  const { content, upstream } = proxiedContent(parts)
  const serviceStatus = parts.incoming.status
  exchange.progress.kong = parts.proxyLatency
  exchange.progress.upstream = parts.upstreamLatency
  const finish = (): Answer => {
    dropOurs(content.headers, proxy.ours)
    const made = finishedAnswer(content, { parts, upstream })
    return logged(proxy, exchange, counted(proxy, exchange.passing, { made, parts }))
  }
  const waiting = respond(proxy, exchange, { content, source: 'service', serviceStatus })
  return waiting === undefined ? finish() : waiting.then(finish)
}

function counted(
  { options }: Proxying,
  passing: Passing,
  { made, parts }: { readonly made: Answer; readonly parts: AnswerParts },
): Answer {
  const { counts, runtime } = options
  if (counts === undefined) return made
  const { proxyLatency: kong, upstreamLatency: upstream } = parts
  return countProxied(made, passing, { counts, now: runtime.now, kong, upstream })
}
