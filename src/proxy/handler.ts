import type { Answer, ClientRequest } from '../ports/server.ts'
import type { Chain } from '../snapshot/chain.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Asked } from './client-side.ts'
import type { Refusal } from './error-body.ts'
import { type Origin, originOf } from './forwarded.ts'
import { LiveExchange } from './live-exchange.ts'
import { leave, refuse } from './own-answer.ts'
import type { Passing } from './passing.ts'
import { askedOf, planOf, type Routed } from './plan.ts'
import { refuseProtocol } from './protocol.ts'
import { type Proxying, type ProxyOptions, prepareProxy } from './proxying.ts'
import { type RequestParts, readRequest } from './read-request.ts'
import { answer } from './reply.ts'
import { requestIds } from './request-id.ts'
import { runAccess, runRewrite } from './run-chain.ts'

const BAD_REQUEST: Refusal = { status: 400, fromServer: true }
const NOT_ALLOWED: Refusal = { status: 405, fromServer: true }
const BROKEN: Refusal = { status: 500, fromServer: true }
const NO_ROUTE: Refusal = { status: 404, message: 'no Route matched with those values' }
const NO_SERVICE: Refusal = { status: 503, message: 'no Service found with those values' }

/** Makes the way of a request: read, route, check, forward, answer. Never rejects. */
export function createProxy(options: ProxyOptions): (request: ClientRequest) => Promise<Answer> {
  const { runtime, counts } = options
  const proxy = prepareProxy(options)
  const newId = requestIds(runtime)

  return async (request) => {
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
      return await serve(proxy, passing)
    } catch (error) {
      runtime.log('error', 'Cannot serve a request', { error, requestId: passing.id })
      passing.exchange = undefined
      return refuse(proxy, passing, BROKEN)
    }
  }
}

async function serve(proxy: Proxying, passing: Passing): Promise<Answer> {
  const { request } = passing
  if (request.method === 'TRACE' || request.method === 'CONNECT') {
    return refuse(proxy, passing, NOT_ALLOWED)
  }
  const read = readRequest(request)
  if (read === undefined) return refuse(proxy, passing, BAD_REQUEST)

  const snapshot = proxy.options.snapshot()
  const { global } = snapshot.chains
  const origin = originOf(request, originParts(read), proxy)
  if (global !== undefined) {
    const unrouted = { read, origin, match: undefined }
    const exchange = exchangeOf(proxy, passing, { asked: unrouted, chain: global })
    const ended = global.rewrites ? runRewrite(global, exchange, proxy.options.runtime) : undefined
    const exit = ended instanceof Promise ? await ended : ended
    if (exit !== undefined) return leave(proxy, passing, exit)
  }
  return route(proxy, passing, { snapshot, read, origin })
}

interface Read {
  readonly snapshot: Snapshot
  readonly read: RequestParts
  readonly origin: Origin
}

async function route(proxy: Proxying, passing: Passing, parts: Read): Promise<Answer> {
  const { request } = passing
  const { snapshot, read, origin } = parts
  const match = snapshot.router.match(askedOf(request, read))
  if (match === undefined) return refuse(proxy, passing, NO_ROUTE)
  passing.route = match.route
  const service = snapshot.serviceOf(match.route)
  passing.service = service

  const refusal = refuseProtocol(request, match.route, origin)
  if (refusal !== undefined) return refuse(proxy, passing, refusal)

  const chain = snapshot.chains.of(match.route)
  if (chain !== undefined) {
    const exchange = exchangeOf(proxy, passing, { asked: { read, origin, match }, chain })
    const ended = runAccess(chain, exchange, proxy.options.runtime)
    const exit = ended instanceof Promise ? await ended : ended
    if (exit !== undefined) return leave(proxy, passing, exit)
  }
  const target = passing.exchange?.upstream.target
  if (service === undefined && target === undefined) return refuse(proxy, passing, NO_SERVICE)
  return forward(proxy, passing, { match, service, origin, read })
}

async function forward(proxy: Proxying, passing: Passing, routed: Routed): Promise<Answer> {
  const plan = planOf(proxy, passing, routed)
  const result = await proxy.forward(plan)
  if (!result.ok) {
    const overflow = passing.exchange?.request.overflow
    return overflow === undefined ? refuse(proxy, passing, result) : leave(proxy, passing, overflow)
  }
  return answer(proxy, passing, { service: plan.service, read: routed.read, delivered: result })
}

function originParts({ client, host, target }: RequestParts) {
  return { client, host, rawPath: target.rawPath }
}

/** What plugins see, made once; what rewriting plugins did and told stays. */
function exchangeOf(proxy: Proxying, passing: Passing, { asked, chain }: Opening): LiveExchange {
  const { exchange } = passing
  if (exchange !== undefined) {
    exchange.routed(asked, chain)
    return exchange
  }
  const made = new LiveExchange({ passing, asked, record: proxy.record, chain })
  passing.exchange = made
  return made
}

interface Opening {
  readonly asked: Asked
  readonly chain: Chain
}
