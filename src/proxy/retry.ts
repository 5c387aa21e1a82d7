import { isOwnLack } from '../lib/own-lacks.ts'
import type { Failure, Phase } from '../ports/transport.ts'

/** What is known of a request that failed at one peer. */
export interface FailedTry {
  readonly failure: Failure
  readonly method: string
  /** Part of a body that cannot be sent twice is gone. */
  readonly touched: boolean
  /** The transport can tell a connection that failed from a request that was lost. */
  readonly phases: boolean
}

const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])

/** Whether sending a request twice comes to the same as sending it once. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/** Whether nothing of the request had been sent when it failed there. */
export function beforeSend(phase: Phase): boolean {
  return phase === 'dns' || phase === 'connect' || phase === 'tls'
}

/** Whether it says nothing of the peer: no connection could even be begun, or the peer asks for another try. */
export function blamesNobody({ phase, code, unprocessed }: Failure): boolean {
  return unprocessed === true || (beforeSend(phase) && isOwnLack(code))
}

/** nginx' default: an error or timeout moves on, but what may have been delivered only if idempotent. */
export function mayTryAnother({ failure, method, touched, phases }: FailedTry): boolean {
  if (failure.byClient || touched) return false
  if (isIdempotent(method) || failure.unprocessed === true) return true
  return phases && beforeSend(failure.phase)
}

/** Whether a pooled connection had died unnoticed, or was being closed: the same peer may well answer on a fresh one. */
export function wasStale({ failure, method, touched }: FailedTry): boolean {
  if (failure.timeout || failure.byClient || touched) return false
  return failure.unprocessed === true || (failure.reused && isIdempotent(method))
}
