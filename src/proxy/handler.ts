import type { Refusal } from '../http/error-body.ts'
import { requestIds } from '../http/request-id.ts'
import type { Answer, ClientRequest } from '../ports/server.ts'
import type { Chain } from '../snapshot/chain.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Asked } from './client-side.ts'
import { type Origin, originOf } from './forwarded.ts'
import { LiveExchange } from './live-exchange.ts'
import { leave, refuse } from './own-answer.ts'
import type { Passing } from './passing.ts'
import { askedOf, planOf, type Routed } from './plan.ts'
import { refuseProtocol } from './protocol.ts'
import { type Proxying, type ProxyOptions, prepareProxy } from './proxying.ts'
import {
  isTargetTooLong,
  type RequestParts,
  readRequest,
  readUnsound,
  withoutHeaders,
} from './read-request.ts'
import { answer } from './reply.ts'
import { type Ended, runAccess, runRewrite } from './run-chain.ts'

const BAD_REQUEST: Refusal = { status: 400, fromServer: true }
const NOT_ALLOWED: Refusal = { status: 405, fromServer: true }
const TOO_LONG: Refusal = { status: 414, fromServer: true }
const BROKEN: Refusal = { status: 500, fromServer: true }
const NO_ROUTE: Refusal = { status: 404, message: 'no Route matched with those values' }
const NO_SERVICE: Refusal = {
  status: 503,
  message: 'no Service found with those values',
  spelledOut: true,
}

/** Makes the way of a request: read, route, check, forward, answer. Never rejects. */
export function createProxy(options: ProxyOptions): (request: ClientRequest) => Promise<Answer> {
  const { runtime, counts } = options
  const proxy = prepareProxy(options)
  const newId = requestIds(runtime)

  const broken = (passing: Passing, error: unknown): Answer | Promise<Answer> => {
    runtime.log('error', 'Cannot serve a request', { error, requestId: passing.id })
    passing.exchange = undefined
    return refuse(proxy, passing, BROKEN)
  }

  return (request) => {
    const passing: Passing = {
      request,
      id: newId(),
      startedAt: runtime.now(),
      route: undefined,
      service: undefined,
      exchange: undefined,
    }
    counts?.arrived()
    try {
      const served = serve(proxy, passing)
      if (!(served instanceof Promise)) return Promise.resolve(served)
      return served.catch((error) => broken(passing, error))
    } catch (error) {
      return Promise.resolve(broken(passing, error))
    }
  }
}

/** None of these is async where nothing waits: each promise on the way costs every request. */
function serve(proxy: Proxying, passing: Passing): Answer | Promise<Answer> {
  const { request } = passing
  if (isTargetTooLong(request)) {
    return refuseUnread(proxy, { ...passing, request: withoutHeaders(request) }, TOO_LONG)
  }
  if (request.method === 'TRACE' || request.method === 'CONNECT') {
    return refuseUnread(proxy, passing, NOT_ALLOWED)
  }
  const read = readRequest(request)
  if (read === undefined) return refuseUnread(proxy, passing, BAD_REQUEST)

  const snapshot = proxy.options.snapshot()
  const parts: Read = { snapshot, read, origin: originOf(request, read, proxy) }
  const { global } = snapshot.chains
  if (global === undefined) return route(proxy, passing, parts)

  const asked = { read, origin: parts.origin, match: undefined }
  const exchange = exchangeOf(proxy, passing, { asked, chain: global })
  const ended = global.rewrites ? runRewrite(global, exchange, proxy.options.runtime) : undefined
  const next = () => route(proxy, passing, parts)
  return unlessEnded(ended, { proxy, passing, next })
}

/** Kong: global plugins see what is answered in front of it, all but their work on the request. */
function refuseUnread(
  proxy: Proxying,
  passing: Passing,
  refusal: Refusal,
): Answer | Promise<Answer> {
  const { request } = passing
  const { global } = proxy.options.snapshot().chains
  if (global?.attentive === true) {
    const read = readUnsound(request)
    const origin = originOf(request, read, proxy)
    exchangeOf(proxy, passing, { asked: { read, origin, match: undefined }, chain: global })
  }
  return refuse(proxy, passing, refusal)
}

interface Read {
  readonly snapshot: Snapshot
  readonly read: RequestParts
  readonly origin: Origin
}

function route(proxy: Proxying, passing: Passing, parts: Read): Answer | Promise<Answer> {
  const { request } = passing
  const { snapshot, read, origin } = parts
  const match = snapshot.router.match(askedOf(request, parts, proxy.settings))
  if (match === undefined) return refuse(proxy, passing, NO_ROUTE)
  passing.route = match.route
  const service = snapshot.serviceOf(match.route)
  passing.service = service

  const refusal = refuseProtocol(request, match.route, origin)
  if (refusal !== undefined) return refuse(proxy, passing, refusal)

  const routed = { match, service, origin, read }
  const chain = snapshot.chains.of(match.route)
  if (chain === undefined) return toService(proxy, passing, routed)
  const exchange = exchangeOf(proxy, passing, { asked: { read, origin, match }, chain })
  const ended = runAccess(chain, exchange, proxy.options.runtime)
  if (ended === undefined) return toService(proxy, passing, routed)
  return unlessEnded(ended, { proxy, passing, next: () => toService(proxy, passing, routed) })
}

interface Onward {
  readonly proxy: Proxying
  readonly passing: Passing
  readonly next: () => Answer | Promise<Answer>
}

/** Goes on unless a plugin has answered, at once where none of them waits. */
function unlessEnded(ended: Ended, { proxy, passing, next }: Onward): Answer | Promise<Answer> {
  if (ended instanceof Promise) {
    return ended.then((exit) => (exit === undefined ? next() : leave(proxy, passing, exit)))
  }
  return ended === undefined ? next() : leave(proxy, passing, ended)
}

function toService(proxy: Proxying, passing: Passing, routed: Routed): Answer | Promise<Answer> {
  const target = passing.exchange?.upstream.target
  if (routed.service === undefined && target === undefined) {
    return refuse(proxy, passing, NO_SERVICE)
  }
  return forward(proxy, passing, routed)
}

function forward(proxy: Proxying, passing: Passing, routed: Routed): Promise<Answer> {
  const plan = planOf(proxy, passing, routed)
  return proxy.forward(plan).then((result) => {
    if (result.ok) {
      const { service } = plan
      return answer(proxy, passing, { service, read: routed.read, delivered: result })
    }
    const overflow = passing.exchange?.request.overflow
    return overflow === undefined ? refuse(proxy, passing, result) : leave(proxy, passing, overflow)
  })
}

/** What plugins see, made once; what rewriting plugins did and told stays. */
function exchangeOf(proxy: Proxying, passing: Passing, { asked, chain }: Opening): LiveExchange {
  const { exchange } = passing
  if (exchange !== undefined) {
    exchange.routed(asked, chain)
    return exchange
  }
  const { maxQueryArgs } = proxy.settings
  const made = new LiveExchange({ passing, asked, record: proxy.record, chain, maxQueryArgs })
  passing.exchange = made
  return made
}

interface Opening {
  readonly asked: Asked
  readonly chain: Chain
}
