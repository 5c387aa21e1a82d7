import type { Peer } from '../balancer/algorithm.ts'
import type { PeerOutcome } from '../balancer/judge.ts'
import type { Failure, Incoming } from '../ports/transport.ts'
import { type Call, countsCalls, outgoingFor, peerName } from './outgoing.ts'
import { pickUntried } from './pick-untried.ts'
import {
  beforeSend,
  blamesNobody,
  type FailedTry,
  isIdempotent,
  mayTryAnother,
  wasStale,
} from './retry.ts'
import type { RetryBudget } from './retry-budget.ts'
import { LEFT, UnheardCall } from './unheard-call.ts'

/** An answer, whose peer counts as busy until `release` is called. */
export interface Reached {
  readonly ok: true
  readonly incoming: Incoming
  /** When it began. */
  readonly answeredAt: number
  readonly release: () => void
  /** No choice and no door goes by when that happens. */
  readonly unwatched: boolean
}

/**
 * Tries peers in the balancer's order, each at most once; undefined when there was none at all.
 * The slot that was taken is given back unless an answer goes on holding it.
 */
export async function tryPeers(
  call: Call,
  budget: RetryBudget,
): Promise<Reached | Failure | undefined> {
  const { attempts } = call.plan.service
  let tried: ReadonlySet<Peer> = NONE_TRIED
  let last: Failure | undefined
  let retried = false
  let reached = false
  const unheard = unheardCall(call, budget)
  budget.enter()
  try {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const peer =
        last === undefined ? pickFirst(call) : pickUntried(call.balancer, tried, call.key)
      if (peer === undefined) return last

      const startedAt = last === undefined ? call.sentAt : call.now()
      const result = await tryPeer(call, peer, { startedAt, unheard })
      reached = result.ok
      if (result.ok) return result

      last = result
      if (result.byClient || call.plan.request.gone) return { ...result, byClient: true }
      setAside(call, peer, result)
      if (attempt === attempts || !mayTryAnother(failedTry(call, result))) return last
      // A try that never left us adds no load upstream, so only the others need the budget.
      if (!retried && !beforeSend(result.phase)) {
        retried = budget.take()
        if (!retried) return last
        if (unheard !== undefined) unheard.retried = true
      }
      tried = new Set(tried).add(peer)
    }
    return last
  } finally {
    if (unheard?.lost !== true) budget.leave(retried, reached)
    if (!reached) call.door?.leave()
  }
}

/** Undefined where each departure is heard of at once, or has to be. */
function unheardCall(call: Call, budget: RetryBudget): UnheardCall | undefined {
  const { transport, balancer, plan, now } = call
  if (transport.caps.dearDepartures !== true || countsCalls(call)) return undefined
  // Plugins tell of each request that ended, this way too.
  return plan.told === undefined ? new UnheardCall({ balancer, budget, now }) : undefined
}

const NONE_TRIED: ReadonlySet<Peer> = new Set()

/**
 * Only a request that can go elsewhere should be the trial of an ejected peer; where there is
 * nobody else, any may.
 */
function pickFirst({ balancer, plan, body, key, sentAt: now }: Call): Peer | undefined {
  const whole = body.body === undefined || body.body instanceof Uint8Array
  const mayMoveOn = whole && plan.service.attempts > 1 && isIdempotent(plan.method)
  const any = { key, now }
  if (mayMoveOn) return balancer.pick(NONE_TRIED, any)
  return balancer.pick(NONE_TRIED, { key, now, trial: false }) ?? balancer.pick(NONE_TRIED, any)
}

/** When a try begins, and who hears of its client's departure. */
interface Beginning {
  readonly startedAt: number
  readonly unheard: UnheardCall | undefined
}

/**
 * One try, and once more on a fresh connection when a pooled one turns out to have died. Whatever
 * comes of it the balancer is told once.
 */
async function tryPeer(
  call: Call,
  peer: Peer,
  { startedAt, unheard }: Beginning,
): Promise<Reached | Failure> {
  const { balancer, transport, plan } = call
  const name = peerName(balancer, peer)
  const lost = unheard?.giveUp
  let endedAt = startedAt
  balancer.started(peer, startedAt)
  unheard?.ask(peer)
  let outcome: PeerOutcome = LEFT
  let under = false
  try {
    let result = await transport.send(outgoingFor(call, { peer, name, fresh: false, lost }))
    if (!result.ok && !plan.request.gone && wasStale(failedTry(call, result))) {
      result = await transport.send(outgoingFor(call, { peer, name, fresh: true, lost }))
    }
    under = result.ok
    endedAt = call.now()
    outcome = outcomeOf(call, result, Math.max(0, endedAt - startedAt))
    if (!result.ok) return result
    const release = unheard?.lost === true ? nothing : releaseOf(call, peer)
    const unwatched = !countsCalls(call)
    return { ok: true, incoming: result, answeredAt: endedAt, release, unwatched }
  } finally {
    plan.told?.tried({ peer, name, outcome, startedAt, endedAt })
    if (outcome.kind === 'status') balancer.connected(peer)
    if (unheard?.lost !== true) {
      balancer.observe(peer, outcome, endedAt)
      if (!under) balancer.ended(peer)
    }
  }
}

function nothing(): void {}

/** Unlike Kong, a failed last try counts as what it was, not as status 502. */
function outcomeOf({ plan }: Call, result: Incoming | Failure, took: number): PeerOutcome {
  if (result.ok) return { kind: 'status', status: result.status, took }
  if (result.byClient || plan.request.gone) return LEFT
  if (blamesNobody(result)) return LEFT
  return { kind: result.timeout ? 'timeout' : 'tcp', took }
}

function releaseOf({ balancer, door }: Call, peer: Peer): () => void {
  let released = false
  return () => {
    if (released) return
    released = true
    balancer.ended(peer)
    door?.leave()
  }
}

function setAside({ balancer, transport }: Call, peer: Peer, failure: Failure): void {
  if (blamesNobody(failure)) return
  // A transport that cannot tell where it failed may never have got through at all.
  if (beforeSend(failure.phase) || !transport.caps.phases) balancer.connectFailed(peer)
}

function failedTry(call: Call, failure: Failure): FailedTry {
  return {
    failure,
    method: call.plan.method,
    touched: call.body.touched(),
    phases: call.transport.caps.phases,
  }
}
