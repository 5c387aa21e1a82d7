import { describe, expect, it } from 'vitest'
import {
  clientRequest,
  fakeBalancer,
  fakeTransport,
  incoming,
  peer,
} from '../../test/proxy/fakes.ts'
import type { Incoming, Outgoing } from '../ports/transport.ts'
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

describe('a client whose departure is told late', () => {
  function unheard(algorithm: string, more: Partial<Call> = {}) {
    const call = callOf(algorithm, undefined)
    const asked: Outgoing[] = []
    const answers: ((incoming: Incoming) => void)[] = []
    const transport = {
      ...call.transport,
      caps: { ...call.transport.caps, dearDepartures: true },
      send: (outgoing: Outgoing) => {
        asked.push(outgoing)
        return new Promise<Incoming>((resolve) => answers.push(resolve))
      },
    }
    const left: unknown[][] = []
    const budget = { ...createRetryBudget(), leave: (...told: unknown[]) => void left.push(told) }
    const result = tryPeers({ ...call, ...more, transport }, budget)
    const { told } = call.balancer as unknown as { told: string[] }
    return { result, asked, answers, told, left }
  }

  it('gives back what its request held, once', () => {
    const { asked, told, left } = unheard('round-robin')
    asked[0]?.lost?.()
    asked[0]?.lost?.()
    expect([told, left]).toEqual([['started a', 'left a', 'ended a'], [[false]]])
  })

  it('gives nothing back again where the request goes on after all', async () => {
    const { result, asked, answers, told, left } = unheard('round-robin')
    asked[0]?.lost?.()
    answers[0]?.(incoming())
    const reached = await result
    if (reached?.ok === true) reached.release()
    expect(reached).toMatchObject({ ok: true })
    expect(told.filter((word) => word === 'ended a')).toHaveLength(1)
    expect(left).toEqual([[false]])
  })

  it.each(['least-connections', 'latency'])('is heard at once with %s', (algorithm) => {
    expect(unheard(algorithm).asked[0]?.lost).toBeUndefined()
  })

  it('is heard at once where plugins tell of each request', () => {
    const { plan } = callOf('round-robin', undefined)
    const told = { tried: () => {} }
    expect(unheard('round-robin', { plan: { ...plan, told } }).asked[0]?.lost).toBeUndefined()
  })

  it('is heard at once where that costs nothing', async () => {
    const call = callOf('round-robin', undefined)
    await tryPeers(call, createRetryBudget())
    const { sent } = call.transport as unknown as { sent: Outgoing[] }
    expect(sent[0]?.lost).toBeUndefined()
  })
})
