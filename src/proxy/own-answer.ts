import type { Content } from '../http/content.ts'
import {
  bareAnswer,
  bareContent,
  type ErrorOptions,
  errorAnswer,
  errorContent,
  pushOwn,
  type Reached,
  type Refusal,
} from '../http/error-body.ts'
import type { Exit } from '../pdk/exit.ts'
import type { Answer } from '../ports/server.ts'
import { countRefused } from './count-traffic.ts'
import { debugHeaders } from './debug-headers.ts'
import { elapsed } from './elapsed.ts'
import type { Passing } from './passing.ts'
import type { Proxying } from './proxying.ts'
import { contentOf, logged, respond } from './respond.ts'

/** Answers a request that goes nowhere. */
export function refuse(
  proxy: Proxying,
  passing: Passing,
  refusal: Refusal & { readonly bare?: true },
): Answer | Promise<Answer> {
  const error = errorOf(proxy, passing, refusal)
  if (passing.exchange?.attentive === true) {
    const content = refusal.bare === true ? bareContent(error) : errorContent(error)
    const { reached } = error
    return ownAnswer(proxy, passing, { content, source: 'error', ...(reached && { reached }) })
  }
  const made = refusal.bare === true ? bareAnswer(error) : errorAnswer(error)
  countOwn(proxy, passing, made)
  return made
}

function errorOf(proxy: Proxying, passing: Passing, refusal: Refusal): ErrorOptions {
  const { request, id, startedAt } = passing
  const { settings, runtime } = proxy.options
  const latency = elapsed(startedAt, runtime.now())
  const debug = debugHeaders(proxy, passing)
  const headers = debug === undefined ? {} : { headers: [...(refusal.headers ?? []), ...debug] }
  const reached = reachedOf(proxy, passing, refusal)
  return { ...refusal, ...headers, ...reached, request, requestId: id, settings, latency }
}

/** Kong: a request that came as far as to an upstream is proxied, even where that failed. */
function reachedOf(
  { options }: Proxying,
  { startedAt, service }: Passing,
  { status, sentAt }: Refusal,
): { readonly reached?: Reached } {
  if (sentAt === undefined) return {}
  const proxyLatency = elapsed(startedAt, sentAt)
  const upstreamLatency = elapsed(sentAt, options.runtime.now())
  return { reached: { status, proxyLatency, upstreamLatency, grpc: service?.grpc === true } }
}

/** Ends with a plugin's answer. */
export async function leave(proxy: Proxying, passing: Passing, exit: Exit): Promise<Answer> {
  const content = contentOf(proxy, passing, exit)
  const source = exit.failed === true ? 'error' : 'exit'
  const { kept } = exit
  return ownAnswer(proxy, passing, { content, source, ofPlugin: true, ...(kept && { kept }) })
}

interface Own {
  readonly content: Content
  readonly source: 'exit' | 'error'
  readonly reached?: Reached
  /** What there is to debug is not told in its headers yet. */
  readonly ofPlugin?: true
  readonly kept?: true
}

/** An answer of the gateway's own, plugins between its headers and those on every answer. */
async function ownAnswer(
  proxy: Proxying,
  passing: Passing,
  { content, source, kept, ...own }: Own,
): Promise<Answer> {
  const { id: requestId, startedAt } = passing
  const exchange = passing.exchange?.attentive === true ? passing.exchange : undefined
  const { settings, runtime } = proxy.options
  if (exchange !== undefined) {
    const serviceStatus = exchange.isAnswered ? exchange.response.serviceStatus : undefined
    await respond(proxy, exchange, { content, source, serviceStatus })
  }
  const latency = elapsed(startedAt, runtime.now())
  const reached = own.reached ?? (kept && keptReached(passing, latency))
  if (exchange !== undefined) {
    exchange.progress.kong ??= reached?.proxyLatency ?? latency
    exchange.progress.upstream ??= reached?.upstreamLatency
  }
  const { status, reason, headers, body, trailers } = content
  if (own.ofPlugin) headers.push(...(debugHeaders(proxy, passing) ?? []))
  pushOwn(headers, { settings, latency, requestId, ...(reached && { reached }) })
  const made: Answer = { status, reason, headers, body, ...(trailers ? { trailers } : {}) }
  countOwn(proxy, passing, made)
  return exchange === undefined ? made : logged(proxy, exchange, made)
}

/** Kong: an answer out of its cache bears the headers of a proxied one, but for the status. */
function keptReached({ service }: Passing, proxyLatency: number): Reached {
  return { status: undefined, proxyLatency, upstreamLatency: 0, grpc: service?.grpc === true }
}

function countOwn({ options }: Proxying, passing: Passing, made: Answer): void {
  const { counts, runtime } = options
  if (counts !== undefined) countRefused(made, passing, { counts, now: runtime.now })
}
