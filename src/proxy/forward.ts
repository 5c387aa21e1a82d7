import type { Peer } from '../balancer/algorithm.ts'
import type { Balancer, PeerOutcome } from '../balancer/balancer.ts'
import type { Balancers } from '../balancer/balancers.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Failure, Incoming, Transport } from '../ports/transport.ts'
import type { Refusal } from './error-body.ts'
import { type Call, outgoingFor, type Plan } from './outgoing.ts'
import { beforeSend, type FailedTry, isIdempotent, mayTryAnother, wasStale } from './retry.ts'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'
import { NO_BODY, type SendableBody, sendableBody } from './sendable-body.ts'

/** An upstream's answer, whose connection counts until `release` is called. */
export interface Delivered {
  readonly ok: true
  readonly incoming: Incoming
  /** When the first try began. */
  readonly sentAt: number
  readonly release: () => void
}

/** Sends a plan to one peer after another until one answers. */
export type Forward = (plan: Plan) => Promise<Delivered | ({ readonly ok: false } & Refusal)>

/** What forwarding needs of the outside. */
export interface ForwardOptions {
  readonly transport: Transport
  readonly runtime: Runtime
  readonly balancers: Balancers
}

const NO_PEER = 'failure to get a peer from the ring-balancer'
const BAD_REQUEST: Refusal = { status: 400, fromServer: true }
const NO_NAME = 'name resolution failed'

/** Makes the one place where peers are tried, counted and reported. */
export function createForward({ transport, runtime, balancers }: ForwardOptions): Forward {
  const budgets = new WeakMap<Balancer, RetryBudget>()

  return async (plan) => {
    const { host, port } = plan.service
    const named = balancers.find(host)
    const balancer = named ?? balancers.single(host, port)

    const body = plan.request.body === undefined ? NO_BODY : await bodyOf(plan)
    if (body === undefined) return { ok: false, ...BAD_REQUEST }

    const sentAt = runtime.now()
    const call = { plan, balancer, transport, body }
    const result = await tryPeers(call, budgetOf(budgets, balancer))
    if (result?.ok === true) {
      const { incoming, release } = result
      return { ok: true, incoming, release, sentAt }
    }
    if (result !== undefined) logFailure(runtime, plan, result)
    return { ok: false, ...refusalFor(result, named !== undefined) }
  }
}

/** The body, or undefined when the client left or broke it while it was read. */
async function bodyOf({ request, buffering }: Plan): Promise<SendableBody | undefined> {
  if (request.body === undefined) return NO_BODY
  return sendableBody(request.body, buffering).catch(() => undefined)
}

function budgetOf(budgets: WeakMap<Balancer, RetryBudget>, balancer: Balancer): RetryBudget {
  const known = budgets.get(balancer)
  if (known !== undefined) return known
  const budget = createRetryBudget()
  budgets.set(balancer, budget)
  return budget
}

type Reached = Pick<Delivered, 'ok' | 'incoming' | 'release'>

/** Tries peers in the balancer's order, each at most once; undefined when there was none at all. */
async function tryPeers(call: Call, budget: RetryBudget): Promise<Reached | Failure | undefined> {
  const { attempts } = call.plan.service
  let tried: ReadonlySet<Peer> = NONE_TRIED
  let last: Failure | undefined
  let retried = false
  budget.enter()
  try {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const peer = last === undefined ? pickFirst(call) : pickUntried(call, tried)
      if (peer === undefined) return last

      const result = await tryPeer(call, peer)
      if (result.ok) return { ok: true, incoming: result, release: releaseOf(call, peer) }

      last = result
      if (result.byClient || call.plan.request.gone) return { ...result, byClient: true }
      report(call, peer, result)
      if (attempt === attempts || !mayTryAnother(failedTry(call, result))) return last
      // A try that never left us adds no load upstream, so only the others need the budget.
      if (!retried && !beforeSend(result.phase)) {
        retried = budget.take()
        if (!retried) return last
      }
      tried = new Set(tried).add(peer)
    }
    return last
  } finally {
    budget.leave(retried)
  }
}

const NONE_TRIED: ReadonlySet<Peer> = new Set()

const NO_TRIAL = { trial: false }

/**
 * Only a request that can go elsewhere should be the trial of an ejected peer; where there is
 * nobody else, any may.
 */
function pickFirst({ balancer, plan, body }: Call): Peer | undefined {
  const whole = body.body === undefined || body.body instanceof Uint8Array
  const mayMoveOn = whole && plan.service.attempts > 1 && isIdempotent(plan.request.method)
  if (mayMoveOn) return balancer.pick(NONE_TRIED)
  return balancer.pick(NONE_TRIED, NO_TRIAL) ?? balancer.pick(NONE_TRIED)
}

/** A configuration change between two tries makes new peers of old addresses: those count as tried. */
function pickUntried({ balancer }: Call, tried: ReadonlySet<Peer>): Peer | undefined {
  const ids = new Set(Array.from(tried, (peer) => peer.id))
  const excluded = new Set(tried)
  for (;;) {
    const peer = balancer.pick(excluded)
    if (peer === undefined || !ids.has(peer.id)) return peer
    if (excluded.has(peer)) return undefined
    excluded.add(peer)
  }
}

/** One try, and once more on a fresh connection when a pooled one turns out to have died. */
async function tryPeer(call: Call, peer: Peer): Promise<Incoming | Failure> {
  const { balancer, transport, plan } = call
  balancer.started(peer)
  let under = false
  try {
    let result = await transport.send(outgoingFor(call, { peer, fresh: false }))
    if (!result.ok && !plan.request.gone && wasStale(failedTry(call, result))) {
      result = await transport.send(outgoingFor(call, { peer, fresh: true }))
    }
    under = result.ok
    if (result.ok) succeed(balancer, peer, result.status)
    return result
  } finally {
    if (!under) balancer.ended(peer)
  }
}

function succeed(balancer: Balancer, peer: Peer, status: number): void {
  balancer.connected(peer)
  balancer.observe(peer, { kind: 'status', status })
}

function releaseOf({ balancer }: Call, peer: Peer): () => void {
  let released = false
  return () => {
    if (!released) balancer.ended(peer)
    released = true
  }
}

const TIMED_OUT: PeerOutcome = { kind: 'timeout' }
const BROKEN: PeerOutcome = { kind: 'tcp' }

/** Unlike Kong, a failed last try counts as what it was, not as status 502. */
function report({ balancer, transport }: Call, peer: Peer, failure: Failure): void {
  // A transport that cannot tell where it failed may never have got through at all.
  if (beforeSend(failure.phase) || !transport.caps.phases) balancer.connectFailed(peer)
  balancer.observe(peer, failure.timeout ? TIMED_OUT : BROKEN)
}

function failedTry(call: Call, failure: Failure): FailedTry {
  return {
    failure,
    method: call.plan.request.method,
    touched: call.body.touched(),
    phases: call.transport.caps.phases,
  }
}

function refusalFor(failure: Failure | undefined, named: boolean): Refusal {
  if (failure === undefined) return { status: 503, message: NO_PEER }
  if (failure.byClient) return BAD_REQUEST
  if (failure.phase === 'dns' && !failure.timeout) {
    return { status: 503, message: named ? NO_PEER : NO_NAME }
  }
  return { status: failure.timeout ? 504 : 502, fromServer: true }
}

function logFailure(runtime: Runtime, { service }: Plan, failure: Failure): void {
  const { phase, code, timeout, byClient } = failure
  const level = byClient ? 'info' : 'error'
  runtime.log(level, 'Cannot forward a request', {
    service: service.name ?? service.id,
    phase,
    code,
    timeout,
  })
}
