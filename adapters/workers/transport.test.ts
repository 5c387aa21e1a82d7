import { afterEach, expect, it, vi } from 'vitest'
import { outgoing } from '../node-http/outgoing.fixture.ts'
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
