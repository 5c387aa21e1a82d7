import { expect, it } from 'vitest'
import { failure } from '../../test/proxy/fakes.ts'
import { blamesNobody, mayTryAnother, wasStale } from './retry.ts'

const plain = { method: 'GET', touched: false, phases: true }

it.each([
  { method: 'POST', phase: 'dns', again: true },
  { method: 'POST', phase: 'connect', again: true },
  { method: 'PATCH', phase: 'tls', again: true },
  { method: 'POST', phase: 'send', again: false },
  { method: 'POST', phase: 'head', again: false },
  { method: 'LOCK', phase: 'head', again: false },
  { method: 'GET', phase: 'send', again: true },
  { method: 'HEAD', phase: 'head', again: true },
  { method: 'PUT', phase: 'head', again: true },
  { method: 'DELETE', phase: 'head', again: true },
  { method: 'OPTIONS', phase: 'head', again: true },
  { method: 'TRACE', phase: 'head', again: true },
] as const)('tries $method again after $phase: $again', ({ method, phase, again }) => {
  expect(mayTryAnother({ ...plain, method, failure: failure({ phase }) })).toBe(again)
})

it('tries any method again that the upstream did not look at', () => {
  const refused = failure({ phase: 'head', unprocessed: true })
  expect(mayTryAnother({ ...plain, method: 'POST', failure: refused })).toBe(true)
  expect(mayTryAnother({ ...plain, method: 'POST', touched: true, failure: refused })).toBe(false)
})

it('never repeats what the client broke, or a body that is partly gone', () => {
  expect(mayTryAnother({ ...plain, failure: failure({ byClient: true }) })).toBe(false)
  expect(mayTryAnother({ ...plain, touched: true, failure: failure() })).toBe(false)
})

it('repeats only idempotent methods where phases look alike', () => {
  const blind = { ...plain, phases: false }
  expect(mayTryAnother({ ...blind, method: 'POST', failure: failure() })).toBe(false)
  expect(mayTryAnother({ ...blind, method: 'GET', failure: failure({ phase: 'head' }) })).toBe(true)
})

it.each([
  { given: { reused: true, phase: 'head' }, method: 'GET', stale: true },
  { given: { reused: true, phase: 'head' }, method: 'POST', stale: false },
  { given: { reused: false, phase: 'head' }, method: 'GET', stale: false },
  { given: { unprocessed: true, phase: 'head' }, method: 'POST', stale: true },
  { given: { unprocessed: true, phase: 'head', byClient: true }, method: 'POST', stale: false },
  { given: { reused: true, phase: 'head', timeout: true }, method: 'GET', stale: false },
  { given: { reused: true, phase: 'head', byClient: true }, method: 'GET', stale: false },
] as const)('calls $method with $given stale: $stale', ({ given, method, stale }) => {
  expect(wasStale({ ...plain, method, failure: failure(given) })).toBe(stale)
})

it.each([
  { given: { phase: 'connect', code: 'EMFILE' }, nobody: true },
  { given: { phase: 'dns', code: 'ENFILE' }, nobody: true },
  { given: { phase: 'head', unprocessed: true }, nobody: true },
  { given: { phase: 'connect', code: 'ECONNREFUSED' }, nobody: false },
  // Where IPv6 is off, a target there cannot be reached: it is to be set aside.
  { given: { phase: 'connect', code: 'EADDRNOTAVAIL' }, nobody: false },
  { given: { phase: 'head', code: 'ENOMEM' }, nobody: false },
] as const)('blames nobody for $given: $nobody', ({ given, nobody }) => {
  expect(blamesNobody(failure(given))).toBe(nobody)
})
