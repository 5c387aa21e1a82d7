import type { Balancers } from '../balancer/balancers.ts'
import type { Balancer } from '../balancer/picking.ts'
import { failureText } from '../dns/failure-text.ts'
import type { Refusal } from '../http/error-body.ts'
import type { LookupFailure } from '../ports/resolver.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Failure, Transport } from '../ports/transport.ts'
import type { Settings } from '../settings/settings.ts'
import { type Admission, admissionLimits, createAdmissions } from './admission.ts'
import { type HashCookie, type HashKey, hashKeyOf } from './hash-input.ts'
import type { Plan } from './outgoing.ts'
import { createRetryBudget, type RetryBudget } from './retry-budget.ts'
import { NO_BODY, preparedBody, type SendableBody, sendableBody } from './sendable-body.ts'
import { type Reached, tryPeers } from './try-peers.ts'

/** An upstream's answer, whose connection counts until `release` is called. */
export interface Delivered extends Reached {
  /** When the first try began. */
  readonly sentAt: number
  /** Tells the client apart from now on. */
  readonly cookie: HashCookie | undefined
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
    const { now } = runtime
    const call = { plan, balancer, transport, body, now, sentAt, key: hashed?.key, door }
    const result = await tryPeers(call, budgetOf(budgets, balancer))
    if (result?.ok === true) {
      const { incoming, answeredAt, release, unwatched } = result
      return { ok: true, incoming, answeredAt, release, unwatched, sentAt, cookie: hashed?.cookie }
    }
    if (result !== undefined) logFailure(runtime, plan, result)
    const { unresolved } = balancer
    if (result === undefined && unresolved !== undefined) {
      return { ok: false, ...unresolvedRefusal(host, unresolved) }
    }
    const refusal = refusalFor(result, { named: named !== undefined, sentAt })
    return { ok: false, ...refusal, ...cookieOf(refusal, hashed?.cookie) }
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

/** Kong: a client is told its cookie also where the target it led to failed. */
function cookieOf({ sentAt }: Refusal, cookie: HashCookie | undefined): Pick<Refusal, 'headers'> {
  return sentAt === undefined || cookie === undefined
    ? {}
    : { headers: ['Set-Cookie', cookie.header] }
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
