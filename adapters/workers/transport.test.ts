import { afterEach, describe, expect, it, vi } from 'vitest'
import { outgoing } from '../node-http/outgoing.fixture.ts'
import { clientRequestOf } from './request.ts'
import { createFetchTransport } from './transport.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const connect = () => {
  throw new Error('No sockets here')
}

const options = { connect, ipTargets: true, keep: () => {} }

it('goes nowhere rather than past a proxy', async () => {
  const fetched = vi.fn(async () => new Response('ok'))
  vi.stubGlobal('fetch', fetched)
  const { caps, send } = createFetchTransport(options)
  expect(caps.proxy).toBeUndefined()
  const proxied = outgoing(80, { proxy: { host: 'p.test', port: 3128 } })
  expect(await send(proxied)).toMatchObject({ ok: false, code: 'NO_PROXY_HERE' })
  expect(fetched).not.toHaveBeenCalled()
  expect(await send(outgoing(80))).toMatchObject({ ok: true })
})

it('hands a body on without having looked at it', async () => {
  const answered = new Response('ok', { headers: { 'content-length': '2' } })
  vi.stubGlobal('fetch', async () => answered)
  const { send } = createFetchTransport(options)
  const result = await send(outgoing(80))
  expect(result).toMatchObject({ ok: true, body: answered.body })
  expect(answered.body?.locked).toBe(false)
})

it.each([
  { what: 'once', list: ['Host', 'a', 'X-A', '1', 'Connection', 'close'], sent: [['x-a', '1']] },
  { what: 'twice', list: ['Host', 'a', 'X-A', '1', 'X-A', '2'], sent: [['x-a', '1, 2']] },
  { what: 'in two cases', list: ['Host', 'a', 'x-a', '1', 'X-A', '2'], sent: [['x-a', '1, 2']] },
])('sends a header that comes $what, but none of those that fetch owns', async (given) => {
  const fetched = vi.fn(async (_: string, __: RequestInit) => new Response('ok'))
  vi.stubGlobal('fetch', fetched)
  await createFetchTransport(options).send(outgoing(80, { headers: given.list }))
  expect([...new Headers(fetched.mock.calls[0]?.[1].headers)]).toEqual(given.sent)
})

describe('the headers of a client', () => {
  const cases = [
    { what: 'copies', cookie: 'a=1', unseen: '1' },
    { what: 'writes, where cookies had to be joined anew,', cookie: 'a=1, b=2', unseen: null },
  ]
  it.each(cases)('it $what', async ({ cookie, unseen }) => {
    const fetched = vi.fn(async (_: string, __: RequestInit) => new Response('ok'))
    vi.stubGlobal('fetch', fetched)
    const sent = { host: 'a.example', cookie, te: 'trailers' }
    const request = new Request('http://a.example/', { headers: sent })
    const client = clientRequestOf(request, { port: 80 })
    // What came in bytes that our code does not get to see.
    request.headers.set('x-unseen', '1')
    const list = (client?.headers ?? []).filter((_, at, { [at - (at % 2)]: name }) => name !== 'te')
    const headers = ['Host', 'b.example', ...list, 'Via', '1.1 gibbon']
    await createFetchTransport(options).send(outgoing(80, { headers, ...(client && { client }) }))
    const shown = new Headers(fetched.mock.calls[0]?.[1].headers)
    expect(shown.get('via')).toBe('1.1 gibbon')
    expect([shown.get('host'), shown.get('te')]).toEqual([null, null])
    expect(shown.get('cookie')).toBe(cookie.replace(',', ';'))
    expect(shown.get('x-unseen')).toBe(unseen)
  })
})

it('ends a call whose answer does not begin in time', async () => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  })
  const { send } = createFetchTransport(options)
  const sending = send(outgoing(80, { readTimeout: 50 }))
  await vi.advanceTimersByTimeAsync(50)
  expect(await sending).toMatchObject({ ok: false, timeout: true, byClient: false })
})

describe('where departures are told late', () => {
  const quiet = (lost: () => void) => outgoing(80, { readTimeout: 60_000, lost })

  it('listens to nobody, and answers in time', async () => {
    const fetched = vi.fn(async (_: string, __: RequestInit) => new Response('ok'))
    vi.stubGlobal('fetch', fetched)
    const { send } = createFetchTransport(options)
    const onGone = vi.fn()
    const lost = vi.fn()
    const sent = { ...quiet(lost), client: { gone: false, onGone } }
    expect(await send(sent)).toMatchObject({ ok: true, status: 200 })
    expect(fetched.mock.calls[0]?.[1].signal).toBeUndefined()
    expect([onGone.mock.calls.length, lost.mock.calls.length]).toEqual([0, 0])
  })

  it('times out all the same, and lets go of what comes later', async () => {
    vi.useFakeTimers()
    const late = new Response('late')
    vi.stubGlobal('fetch', () => new Promise((resolve) => setTimeout(() => resolve(late), 70_000)))
    const { send } = createFetchTransport(options)
    const sending = send(quiet(() => {}))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await sending).toMatchObject({ ok: false, timeout: true, byClient: false })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await late.body?.getReader().read()).toMatchObject({ done: true })
  })

  it('tells of what cannot be sent as of any failure', async () => {
    const { send } = createFetchTransport(options)
    const broken = { ...quiet(() => {}), headers: ['Host', 'a', 'X-Broken', 'a\nb'] }
    expect(await send(broken)).toMatchObject({ ok: false, phase: 'head' })
  })

  it.each([
    { what: 'a short read_timeout', more: { readTimeout: 1000 } },
    { what: 'a body that streams', more: { method: 'POST', body: new ReadableStream() } },
  ])('listens with $what', async ({ more }) => {
    vi.stubGlobal('fetch', async () => new Response('ok'))
    const { send } = createFetchTransport(options)
    const onGone = vi.fn()
    const client = { gone: false, onGone }
    vi.stubGlobal('IdentityTransformStream', TransformStream)
    await send({ ...quiet(() => {}), ...more, client })
    expect(onGone).toHaveBeenCalledOnce()
  })
})
