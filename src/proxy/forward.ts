import type { Peer } from '../balancer/algorithm.ts'
import type { Balancers } from '../balancer/balancers.ts'
import type { PeerOutcome } from '../balancer/judge.ts'
import type { Balancer } from '../balancer/picking.ts'
import { failureText } from '../dns/failure-text.ts'
import type { LookupFailure } from '../ports/resolver.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Failure, Incoming, Transport } from '../ports/transport.ts'
import type { Settings } from '../settings/settings.ts'
import { type Admission, admissionLimits, createAdmissions } from './admission.ts'
import type { Refusal } from './error-body.ts'
import { type HashCookie, type HashKey, hashKeyOf } from './hash-input.ts'
import { type Call, outgoingFor, type Plan } from './outgoing.ts'
import { beforeSend, type FailedTry, isIdempotent, mayTryAnother, wasStale } from './retry.ts'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'
import { NO_BODY, preparedBody, type SendableBody, sendableBody } from './sendable-body.ts'
import { tryRecord } from './try-record.ts'

/** An upstream's answer, whose connection counts until `release` is called. */
export interface Delivered {
  readonly ok: true
  readonly incoming: Incoming
  /** When the first try began. */
  readonly sentAt: number
  /** Tells the client apart from now on. */
  readonly cookie: HashCookie | undefined
  readonly release: () => void
}

/** Sends a plan to one peer after another until one answers. */
export type Forward = (plan: Plan) => Promise<Delivered | ({ readonly ok: false } & Refusal)>

/** What forwarding needs of the outside. */
export interface ForwardOptions {
  readonly transport: Transport
  readonly runtime: Runtime
  readonly balancers: Balancers
  readonly settings: Settings
}

const NO_PEER = 'failure to get a peer from the ring-balancer'
const BAD_REQUEST: Refusal = { status: 400, fromServer: true }
const BUSY: Refusal = { status: 503, fromServer: true, headers: ['Retry-After', '1'] }
const NO_NAME = 'name resolution failed'

/** Makes the one place where peers are tried, counted and reported. */
export function createForward(options: ForwardOptions): Forward {
  const { transport, runtime, balancers } = options
  const budgets = new WeakMap<Balancer, RetryBudget>()
  const admissions = createAdmissions(admissionLimits(options.settings), runtime)

  return async (plan) => {
    const { host, port } = plan.service
    const named = balancers.find(host)
    const balancer = named ?? balancers.single(host, port)

    const body = hasBody(plan) ? await bodyOf(plan) : NO_BODY
    if (body === undefined) return { ok: false, ...BAD_REQUEST }

    const wait = balancer.freshen()
    if (wait !== undefined) await wait

    const door = admissions?.(balancer)
    const refused = door === undefined ? undefined : await admit(door, plan)
    if (refused !== undefined) return { ok: false, ...refused }

    const hashed = hashKey(plan, balancer, runtime)
    const sentAt = runtime.now()
    const call = { plan, balancer, transport, body, now: runtime.now, key: hashed?.key, door }
    const result = await tryPeers(call, budgetOf(budgets, balancer))
    if (result?.ok === true) {
      const { incoming, release } = result
      return { ok: true, incoming, release, sentAt, cookie: hashed?.cookie }
    }
    if (result !== undefined) logFailure(runtime, plan, result)
    const { unresolved } = balancer
    if (result === undefined && unresolved !== undefined) {
      return { ok: false, ...unresolvedRefusal(host, unresolved) }
    }
    return { ok: false, ...refusalFor(result, { named: named !== undefined, sentAt }) }
  }
}

/** Takes a slot, waiting for it if need be; why there is none otherwise. */
async function admit(door: Admission, { request }: Plan): Promise<Refusal | undefined> {
  if (door.enter()) return undefined
  const waited = await door.wait(request)
  if (waited === 'admitted') return undefined
  return waited === 'left' ? BAD_REQUEST : BUSY
}

function hashKey(
  { request, asked }: Plan,
  { hashing }: Balancer,
  { uuid: newId }: Runtime,
): HashKey | undefined {
  return hashing === undefined ? undefined : hashKeyOf(hashing, { request, asked, newId })
}

function hasBody({ request, body }: Plan): boolean {
  return request.body !== undefined || body !== undefined
}

/** The body, or undefined when the client left or broke it while it was read. */
async function bodyOf({ request, buffering, body }: Plan): Promise<SendableBody | undefined> {
  if (body !== undefined) return preparedBody(body)
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

/**
 * Tries peers in the balancer's order, each at most once; undefined when there was none at all.
 * The slot that was taken is given back unless an answer goes on holding it.
 */
async function tryPeers(call: Call, budget: RetryBudget): Promise<Reached | Failure | undefined> {
  const { attempts } = call.plan.service
  let tried: ReadonlySet<Peer> = NONE_TRIED
  let last: Failure | undefined
  let retried = false
  let reached = false
  budget.enter()
  try {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const peer = last === undefined ? pickFirst(call) : pickUntried(call, tried)
      if (peer === undefined) return last

      const result = await tryPeer(call, peer)
      reached = result.ok
      if (result.ok) return { ok: true, incoming: result, release: releaseOf(call, peer) }

      last = result
      if (result.byClient || call.plan.request.gone) return { ...result, byClient: true }
      setAside(call, peer, result)
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
    budget.leave(retried, reached)
    if (!reached) call.door?.leave()
  }
}

const NONE_TRIED: ReadonlySet<Peer> = new Set()

const NO_TRIAL = { trial: false }

/**
 * Only a request that can go elsewhere should be the trial of an ejected peer; where there is
 * nobody else, any may.
 */
function pickFirst({ balancer, plan, body, key }: Call): Peer | undefined {
  const whole = body.body === undefined || body.body instanceof Uint8Array
  const mayMoveOn = whole && plan.service.attempts > 1 && isIdempotent(plan.method)
  const any = key === undefined ? undefined : { key }
  if (mayMoveOn) return balancer.pick(NONE_TRIED, any)
  const spared = key === undefined ? NO_TRIAL : { key, trial: false }
  return balancer.pick(NONE_TRIED, spared) ?? balancer.pick(NONE_TRIED, any)
}

/** A configuration change between two tries makes new peers of old addresses: those count as tried. */
function pickUntried({ balancer, key }: Call, tried: ReadonlySet<Peer>): Peer | undefined {
  const ids = new Set(Array.from(tried, (peer) => peer.id))
  const excluded = new Set(tried)
  for (;;) {
    const peer = balancer.pick(excluded, { key })
    if (peer === undefined || !ids.has(peer.id)) return peer
    if (excluded.has(peer)) return undefined
    excluded.add(peer)
  }
}

/**
 * One try, and once more on a fresh connection when a pooled one turns out to have died. Whatever
 * comes of it the balancer is told once.
 */
async function tryPeer(call: Call, peer: Peer): Promise<Incoming | Failure> {
  const { balancer, transport, plan } = call
  const startedAt = call.now()
  balancer.started(peer)
  let outcome: PeerOutcome = LEFT
  let under = false
  try {
    let result = await transport.send(outgoingFor(call, { peer, fresh: false }))
    if (!result.ok && !plan.request.gone && wasStale(failedTry(call, result))) {
      result = await transport.send(outgoingFor(call, { peer, fresh: true }))
    }
    under = result.ok
    outcome = outcomeOf(call, result, Math.max(0, call.now() - startedAt))
    return result
  } finally {
    if (plan.tries !== undefined) plan.tries.push(tryRecord(peer, outcome, [startedAt, call.now()]))
    if (outcome.kind === 'status') balancer.connected(peer)
    balancer.observe(peer, outcome)
    if (!under) balancer.ended(peer)
  }
}

const LEFT: PeerOutcome = { kind: 'left' }

/** Unlike Kong, a failed last try counts as what it was, not as status 502. */
function outcomeOf({ plan }: Call, result: Incoming | Failure, took: number): PeerOutcome {
  if (result.ok) return { kind: 'status', status: result.status, took }
  if (result.byClient || plan.request.gone) return LEFT
  // A GOAWAY is a polite restart, and a refused stream no lost one.
  if (result.unprocessed === true) return LEFT
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
  if (failure.unprocessed === true) return
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

function refusalFor(
  failure: Failure | undefined,
  { named, sentAt }: { readonly named: boolean; readonly sentAt: number },
): Refusal {
  if (failure === undefined) return { status: 503, message: NO_PEER }
  if (failure.byClient) return BAD_REQUEST
  if (failure.phase === 'dns' && !failure.timeout) {
    return { status: 503, message: named ? NO_PEER : NO_NAME }
  }
  return { status: failure.timeout ? 504 : 502, fromServer: true, sentAt }
}

/** Kong: a service's own host that does not exist is told from one that could not be asked for. */
function unresolvedRefusal(host: string, reason: LookupFailure): Refusal {
  if (reason === 'nxdomain' || reason === 'empty') return { status: 503, message: NO_NAME }
  const message = `failed the initial dns/balancer resolve for '${host}' with: ${failureText(reason)}`
  return { status: 500, message }
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
