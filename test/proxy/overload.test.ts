import { describe, expect, it } from 'vitest'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import type { Failure, Incoming } from '../../src/ports/transport.ts'
import { createProxy } from '../../src/proxy/handler.ts'
import { NO_CHAINS } from '../../src/snapshot/plugins.ts'
import {
  type Answering,
  clientRequest,
  failure,
  fakeBalancer,
  fakeBalancers,
  fakeRuntime,
  fakeTransport,
  incoming,
  peer,
  settingsWith,
  textOf,
  valuesOf,
} from './fakes.ts'

/** A proxy to one upstream of two peers that takes one request at a time. */
function setUp(answering: Answering, limits: { inFlight?: number; waiting?: number } = {}) {
  const runtime = fakeRuntime()
  const transport = fakeTransport(answering)
  const route = { id: 'r', name: null, stripPath: false, preserveHost: false, grpc: false }
  const service = { id: 's', name: null, scheme: 'http', host: 'u', path: null, attempts: 6 }
  const match = { route, prefix: '/', captures: undefined }
  const snapshot = { router: { match: () => match }, chains: NO_CHAINS, serviceOf: () => service }
  const handle = createProxy({
    // The proxy reads no more of routes and services here.
    snapshot: () => snapshot as never,
    balancers: fakeBalancers({ u: fakeBalancer([peer('a'), peer('b')]) }),
    transport,
    runtime,
    settings: settingsWith({
      upstreamMaxInFlight: limits.inFlight ?? 1,
      upstreamMaxWaiting: limits.waiting ?? 0,
      upstreamMaxWait: 60_000,
    }),
  })
  const send = (request: Partial<ClientRequest> = {}) => handle(clientRequest(request))
  return { runtime, transport, send }
}

describe('an upstream that has as many requests as it may', () => {
  it('answers others 503 at once, as Kong words it, and says when to come again', async () => {
    const { send, transport, runtime } = setUp(() => incoming({ body: 'ok' }))
    const first = await send()
    const second = await send({ headers: ['Accept', 'application/json'] })
    expect([first.status, second.status]).toEqual([200, 503])
    expect(valuesOf(second.headers, 'retry-after')).toEqual(['1'])
    expect(JSON.parse(await textOf(second.body))).toMatchObject({
      message: 'The upstream server is currently unavailable',
    })
    expect(transport.sent).toHaveLength(1)
    await send()
    expect(runtime.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1)
    first.finished?.(true)
    expect((await send()).status).toBe(200)
  })

  it('serves those who wait in the order they came, not the client that left', async () => {
    const { send, transport } = setUp(() => incoming(), { waiting: 3 })
    const first = await send()
    const left = leaving()
    const waiting = [
      send({ target: '/1' }),
      send({ target: '/2', ...left.departure }),
      send({ target: '/3' }),
    ]
    expect((await send({ target: '/4' })).status).toBe(503)
    left.leave()
    expect((await waiting[1])?.status).toBe(400)
    first.finished?.(true)
    const second = await waiting[0]
    expect(transport.sent.map(({ target }) => target)).toEqual(['/mock', '/1'])
    second?.finished?.(true)
    expect((await waiting[2])?.status).toBe(200)
  })

  it('is none where there is no limit', async () => {
    const { send } = setUp(() => incoming(), { inFlight: 0 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => send()))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })
})

describe('a slot', () => {
  it.each<{ what: string; answering: Answering; request?: Partial<ClientRequest> }>([
    { what: 'a streamed answer', answering: () => incoming({ body: endless() }) },
    {
      what: 'a WebSocket',
      answering: () => incoming({ status: 101, tunnel: { kind: 'fake' } }),
      request: { upgrade: true },
    },
    {
      what: 'an answer after a retry',
      answering: (_, sent) => (sent % 2 === 1 ? failure() : incoming()),
    },
  ])('is held by $what until that has ended, and no longer', async ({ answering, request }) => {
    const { send } = setUp(answering)
    for (const whole of [true, false, true]) {
      const answer = await send(request)
      expect(answer.status).toBeLessThan(300)
      expect((await send(request)).status).toBe(503)
      answer.finished?.(whole)
      answer.finished?.(whole)
    }
    const last = await send(request)
    expect((await send(request)).status).toBe(503)
    last.finished?.(true)
  })

  it.each<{ what: string; answering: () => Incoming | Failure; status: number }>([
    { what: 'every peer failed', answering: () => failure(), status: 502 },
    { what: 'the client left', answering: () => failure({ byClient: true }), status: 400 },
    { what: 'nobody asked for a 101', answering: () => incoming({ status: 101 }), status: 502 },
    {
      what: 'something is broken',
      answering: () => {
        throw new Error('bug')
      },
      status: 500,
    },
    {
      what: 'an answer cannot be passed on',
      answering: () => incoming({ headers: undefined as never }),
      status: 500,
    },
  ])('is free again when $what', async ({ answering, status }) => {
    const { send } = setUp(answering)
    const answers: Answer[] = []
    for (let i = 0; i < 3; i++) answers.push(await send())
    expect(answers.map((answer) => answer.status)).toEqual([status, status, status])
  })
})

async function* endless() {
  yield new Uint8Array(1)
}

/** A client that leaves when told. */
function leaving() {
  const listeners: (() => void)[] = []
  return {
    departure: { gone: false, onGone: (listener: () => void) => void listeners.push(listener) },
    leave() {
      for (const listener of listeners) listener()
    },
  }
}
