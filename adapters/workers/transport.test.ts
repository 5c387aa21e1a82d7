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

it('goes nowhere rather than past a proxy', async () => {
  const fetched = vi.fn(async () => new Response('ok'))
  vi.stubGlobal('fetch', fetched)
  const { caps, send } = createFetchTransport({ connect, ipTargets: true })
  expect(caps.proxy).toBeUndefined()
  const proxied = outgoing(80, { proxy: { host: 'p.test', port: 3128 } })
  expect(await send(proxied)).toMatchObject({ ok: false, code: 'NO_PROXY_HERE' })
  expect(fetched).not.toHaveBeenCalled()
  expect(await send(outgoing(80))).toMatchObject({ ok: true })
})

it('gives a small body that has come whole as bytes', async () => {
  const answered = new Response('ok', { headers: { 'content-length': '2' } })
  vi.stubGlobal('fetch', async () => answered)
  const { send } = createFetchTransport({ connect, ipTargets: true })
  const result = await send(outgoing(80))
  expect(result).toMatchObject({ ok: true, body: new TextEncoder().encode('ok') })
})

it('answers with the head, and a body that fails, when a small one does not begin in time', async () => {
  vi.useFakeTimers()
  const headers = { 'content-length': '2' }
  vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
    const start = (controller: ReadableByteStreamController) =>
      signal.addEventListener('abort', () => controller.error(new Error('late')))
    return new Response(new ReadableStream({ type: 'bytes', start }), { headers })
  })
  const { send } = createFetchTransport({ connect, ipTargets: true })
  const sending = send(outgoing(80, { readTimeout: 50 }))
  await vi.advanceTimersByTimeAsync(50)
  const result = await sending
  if (!result.ok || result.body === undefined) throw new Error('There is no body')
  const reading = (async () => {
    for await (const _ of result.body as AsyncIterable<Uint8Array>);
  })()
  await expect(reading).rejects.toThrow('late')
})
