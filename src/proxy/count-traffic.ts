import type { Answer, ClientRequest } from '../ports/server.ts'
import { headSize, weigh } from './message-size.ts'
import type { Passing } from './passing.ts'
import type { TrafficCounts } from './traffic-counts.ts'

/** What counting needs of the moment; times in whole ms. */
export interface Moment {
  readonly counts: TrafficCounts
  readonly now: () => number
  readonly kong?: number
  readonly upstream?: number
}

/** Counts an upstream's answer once it has left. */
export function countProxied(answer: Answer, passing: Passing, moment: Moment): Answer {
  const { route, service, request, startedAt } = passing
  const { status, reason, headers, trailers, tunnel, unwatched, incoming, finished } = answer
  const { body, size } = weigh(answer.body, headers)
  // Written out: a spread costs more than all the counting.
  return {
    status,
    reason,
    headers,
    body,
    trailers,
    tunnel,
    unwatched,
    incoming,
    finished(whole) {
      finished?.(whole)
      if (route === undefined || service === undefined) return
      moment.counts.count({
        service,
        route,
        status,
        proxied: true,
        request: since(startedAt, moment.now()),
        upstream: moment.upstream,
        kong: moment.kong,
        ingress: requestSize(request),
        egress: answerHeadSize(answer) + size(),
      })
    },
  }
}

/** Counts an answer of ours, which is small and as good as gone. */
export function countRefused(answer: Answer, passing: Passing, { counts, now }: Moment): void {
  const { route, service, request, startedAt } = passing
  if (route === undefined || service === undefined) {
    counts.unserved(answer.status)
    return
  }
  const { size } = weigh(answer.body, answer.headers)
  counts.count({
    service,
    route,
    status: answer.status,
    proxied: false,
    request: since(startedAt, now()),
    upstream: undefined,
    kong: undefined,
    ingress: requestSize(request),
    egress: answerHeadSize(answer) + size(),
  })
}

function since(startedAt: number, now: number): number {
  return Math.max(0, Math.floor(now - startedAt))
}

/** `GET / HTTP/1.1` and CRLF, and what follows. A body of unknown length is passed over. */
function requestSize({ method, target, headers, body }: ClientRequest): number {
  return headSize(method.length + target.length + 12, headers) + (body?.length ?? 0)
}

/** `HTTP/1.1 200 OK` and CRLF, and the headers. */
function answerHeadSize({ reason, headers }: Answer): number {
  return headSize(15 + reason.length, headers)
}
