import type { Content } from '../http/content.ts'
import { errorContent, grpcHeaders, isGrpcRequest } from '../http/error-body.ts'
import { dropBody } from '../lib/body-reading.ts'
import { headerOf } from '../lib/header-list.ts'
import { charsOf } from '../lib/latin1.ts'
import type { Exit } from '../pdk/exit.ts'
import type { Answer } from '../ports/server.ts'
import type { LiveExchange } from './live-exchange.ts'
import { headSize, weigh } from './message-size.ts'
import type { Passing } from './passing.ts'
import type { Proxying } from './proxying.ts'
import { runLog, runResponse } from './run-chain.ts'

/** An answer that plugins are to see. */
export interface Responding {
  readonly content: Content
  readonly source: 'service' | 'exit' | 'error'
  readonly serviceStatus: number | undefined
}

/** Lets plugins see and change an answer; a promise only where one of them waits. */
export function respond(
  proxy: Proxying,
  exchange: LiveExchange,
  { content, source, serviceStatus }: Responding,
): Promise<void> | undefined {
  exchange.answered(content, { source, serviceStatus })
  const replace = (exit: Exit): void => {
    dropBody(content.body)
    replaceContent(content, contentOf(proxy, exchange.passing, exit))
  }
  return runResponse(exchange, replace, proxy.options.runtime)
}

function replaceContent(content: Content, by: Content): void {
  content.status = by.status
  content.reason = by.reason
  content.body = by.body
  content.trailers = by.trailers
  content.headers.splice(0, content.headers.length, ...by.headers)
}

/** Log plugins run once the answer has left. */
export function logged(proxy: Proxying, exchange: LiveExchange, made: Answer): Answer {
  if (!exchange.hooks.some(({ log }) => log !== undefined)) return made
  const { status, reason, headers, trailers, tunnel, incoming, finished } = made
  const { runtime } = proxy.options
  const { body, size } = weigh(made.body, headers)
  return {
    status,
    reason,
    headers,
    body,
    ...(trailers === undefined ? {} : { trailers }),
    ...(tunnel === undefined ? {} : { tunnel }),
    incoming,
    finished(whole) {
      finished?.(whole)
      exchange.progress.endedAt = runtime.now()
      exchange.progress.sent = headSize(15 + made.reason.length, made.headers) + size()
      runLog(exchange, runtime)
    },
  }
}

/** A plugin's answer as it goes out. */
export function contentOf(proxy: Proxying, passing: Passing, exit: Exit): Content {
  const { message, status, headers } = exit
  if (message !== undefined) {
    const { settings } = proxy
    const { request, id: requestId } = passing
    return errorContent({ status, message, headers, request, requestId, settings })
  }
  if (isGrpcRequest(passing.request) && isToldInHeaders(exit)) {
    return grpcContent(proxy, passing, exit)
  }
  return exitContent(passing, exit)
}

/** Kong: a value is, and what names no type of its own. */
function isToldInHeaders({ headers, body, table, kept }: Exit): boolean {
  if (table !== undefined) return true
  if (kept === true || (body !== undefined && !(body instanceof Uint8Array))) return false
  return TYPED.every((name) => headerOf(headers, name) === undefined)
}

const TYPED: readonly string[] = ['content-type', 'grpc-status']

/** What is told anew. */
const OF_GRPC: ReadonlySet<string | undefined> = new Set(['content-type', 'grpc-message'])

/** Kong: it becomes `grpc-status` and `grpc-message`; the plugin's own headers stay. */
function grpcContent(proxy: Proxying, passing: Passing, exit: Exit): Content {
  const { status, headers } = exit
  const { settings } = proxy
  const { request, id: requestId } = passing
  const kept = headers.filter((_, i) => !OF_GRPC.has(headers[i - (i % 2)]?.toLowerCase()))
  const message = messageOf(exit) ?? headerOf(headers, 'grpc-message')
  const told = message === undefined ? {} : ({ message, spelledOut: true } as const)
  return errorContent({ status, ...told, headers: kept, request, requestId, settings })
}

function messageOf({ table, body }: Exit): string | undefined {
  if (table !== undefined) return table.message
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no header can hold them
  return body instanceof Uint8Array ? charsOf(body).replace(/[\x00-\x1f\x7f]/g, ' ') : undefined
}

function exitContent({ request }: Passing, exit: Exit): Content {
  const { status, headers, body, trailers, kept } = exit
  const list = [...headers]
  const isGrpc = headerOf(list, 'content-type')?.startsWith('application/grpc') === true
  if (isGrpc && kept !== true) list.push(...grpcHeaders(status, list))
  const bare = status === 204 || status === 304
  const length = body === undefined ? 0 : body instanceof Uint8Array ? body.length : undefined
  if (!bare && length !== undefined && headerOf(list, 'content-length') === undefined) {
    list.push('Content-Length', `${length}`)
  }
  const head = request.method === 'HEAD'
  const shown = head || bare ? undefined : body
  return { status, reason: '', headers: list, body: shown, trailers, tunnel: undefined, head }
}
