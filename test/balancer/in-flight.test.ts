import { describe, expect, it } from 'vitest'
import { createBalancers } from '../../src/balancer/balancers.ts'
import { target } from '../../src/entities/target.ts'
import { upstream } from '../../src/entities/upstream.ts'
import { createProxy } from '../../src/proxy/handler.ts'
import { rowOf } from '../../src/schema/entity.ts'
import { rowForInsert } from '../../src/schema/validate.ts'
import { NO_CHAINS } from '../../src/snapshot/plugins.ts'
import {
  type Answering,
  clientRequest,
  failure,
  fakeRuntime,
  fakeTransport,
  incoming,
  settingsWith,
} from '../proxy/fakes.ts'
import { createKV } from './world.ts'

const UPSTREAM = '00000000-0000-4000-8000-000000000001'

/** A proxy with real balancers to two targets. */
function setUp(answering: Answering) {
  const runtime = fakeRuntime()
  const transport = fakeTransport(answering)
  const kv = createKV(false)
  const balancers = createBalancers({ runtime, transport, kv, connectBackoff: 0 })
  const context = { now: 1_000_000, newId: () => UPSTREAM, secret: () => '' }
  const algorithm = 'least-connections'
  const row = rowOf(upstream, rowForInsert(upstream, { name: 'u', algorithm }, context))
  const targets = ['a:80', 'b:80'].map((address) => {
    const input = { target: address, upstream: { id: UPSTREAM } }
    return rowOf(target, { ...rowForInsert(target, input, context), id: address })
  })
  balancers.update(UPSTREAM, { upstream: row, targets })

  const route = { id: 'r', name: null, stripPath: false, preserveHost: false, grpc: false }
  const service = { id: 's', name: null, scheme: 'http', host: 'u', path: null, attempts: 6 }
  const match = { route, prefix: '/', captures: undefined }
  const snapshot = { router: { match: () => match }, serviceOf: () => service, chains: NO_CHAINS }
  const handle = createProxy({
    // The proxy reads no more of routes and services here.
    snapshot: () => snapshot as never,
    balancers,
    transport,
    runtime,
    settings: settingsWith(),
  })
  const figures = (name: 'inFlight' | 'requests' | 'failures') =>
    balancers.stats(UPSTREAM).map((peer) => peer[name])
  const send = (upgrade = false) => handle(clientRequest({ upgrade }))
  return { runtime, transport, figures, send, balancers }
}

async function* endless() {
  yield new Uint8Array(1)
}

describe('what is in flight', () => {
  it('counts until a streamed answer has left, not until its head came', async () => {
    const { figures, send } = setUp(() => incoming({ body: endless() }))
    const answers = await Promise.all([send(), send(), send(), send()])
    expect(figures('inFlight')).toEqual([2, 2])
    answers[0]?.finished?.(true)
    answers[1]?.finished?.(false)
    answers[1]?.finished?.(false)
    expect(figures('inFlight').reduce((sum, count) => sum + count)).toBe(2)
    for (const answer of answers) answer.finished?.(true)
    expect(figures('inFlight')).toEqual([0, 0])
  })

  it('counts a WebSocket until it is closed', async () => {
    const { figures, send, transport } = setUp(() =>
      incoming({ status: 101, tunnel: { kind: 'fake' } }),
    )
    const sockets = await Promise.all([send(true), send(true), send(true)])
    const [most = 0, least = 0] = figures('inFlight').sort((a, b) => b - a)
    expect([most, least]).toEqual([2, 1])
    expect(transport.sent.at(-1)?.host).not.toBe(transport.sent.at(-2)?.host)
    for (const socket of sockets) socket.finished?.(true)
    expect(figures('inFlight')).toEqual([0, 0])
  })

  it.each([
    { what: 'failures', answering: () => failure(), requests: 2, failures: 2 },
    {
      what: 'clients that leave',
      answering: () => failure({ phase: 'head', byClient: true }),
      requests: 1,
      failures: 0,
    },
    { what: 'a 101 nobody asked for', answering: () => incoming({ status: 101 }), requests: 1 },
    { what: 'a bug', answering: () => Promise.reject(new Error('bug')) as never, requests: 1 },
  ])('is nothing after $what', async ({ answering, requests, failures = 0 }) => {
    const { figures, send } = setUp(answering)
    await send()
    const sum = (name: 'inFlight' | 'requests' | 'failures') =>
      figures(name).reduce((all, count) => all + count)
    expect(sum('inFlight')).toBe(0)
    expect([sum('requests'), sum('failures')]).toEqual([requests, failures])
  })
})

it('measures the time to the head, for every try', async () => {
  const { runtime, send, balancers } = setUp((_, sent) => {
    runtime.time += 30
    return sent === 1 ? failure() : incoming()
  })
  await send()
  const [tried, answered] = [...balancers.stats(UPSTREAM)].sort((a, b) => b.failures - a.failures)
  expect(tried).toMatchObject({ requests: 1, failures: 1, latency: { p50: undefined } })
  expect(answered).toMatchObject({ requests: 1, failures: 0, ewma: 30 })
})
