import { describe, expect, it } from 'vitest'
import {
  clientRequest,
  fakeBalancer,
  fakeTransport,
  incoming,
  peer,
} from '../../test/proxy/fakes.ts'
import type { Call } from './outgoing.ts'
import { createRetryBudget } from './retry-budget.ts'
import { NO_BODY } from './sendable-body.ts'
import { tryPeers } from './try-peers.ts'

function callOf(algorithm: string, door: object | undefined): Call {
  const balancer = {
    ...fakeBalancer([peer('a', 9001)]),
    upstream: { algorithm, host_header: null },
  }
  const plan = {
    request: clientRequest({}),
    method: 'GET',
    service: { scheme: 'http', attempts: 1 },
    target: '/',
    headers: ['Host', ''],
  }
  const transport = fakeTransport(() => incoming())
  const call = { plan, balancer, transport, body: NO_BODY, now: () => 0, key: undefined, door }
  // A try reads no more of a plan than is given here.
  return call as unknown as Call
}

describe('the end of an answer', () => {
  const door = { leave: () => {} }

  it.each([
    { algorithm: 'round-robin', door: undefined, unwatched: true },
    { algorithm: 'consistent-hashing', door: undefined, unwatched: true },
    { algorithm: 'least-connections', door: undefined, unwatched: false },
    { algorithm: 'latency', door: undefined, unwatched: false },
    { algorithm: 'round-robin', door, unwatched: false },
  ])('is nobody’s matter with $algorithm and door $door: $unwatched', async (given) => {
    const result = await tryPeers(callOf(given.algorithm, given.door), createRetryBudget())
    expect(result).toMatchObject({ ok: true, unwatched: given.unwatched })
  })
})
