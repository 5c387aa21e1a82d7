import { describe, expect, it } from 'vitest'
import type { SocketPlace } from '../../src/ports/sockets.ts'
import type { StreamSocket } from './platform.ts'
import { createWorkersSockets } from './sockets.ts'

const PLACE: SocketPlace = { host: 'a.test', port: 1, connectTimeout: 5000 }
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A connection that gives back what it is sent; what it was opened with is kept. */
function fake({ opened = Promise.resolve() as Promise<unknown>, fails = false } = {}) {
  const asked: unknown[] = []
  const state = { closed: 0 }
  const connect = (address: object, options: object = {}): StreamSocket => {
    asked.push({ ...address, ...options })
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
      fails ? { transform: () => Promise.reject(new Error('broke')) } : {},
    )
    const close = async () => void state.closed++
    const startTls = () => {
      // As workerd does.
      if (readable.locked || writable.locked) throw new TypeError('The ReadableStream is locked')
      return connect(address, { secureTransport: 'begun' })
    }
    return { opened, closed: new Promise(() => {}), readable, writable, close, startTls }
  }
  return { asked, state, sockets: createWorkersSockets(connect) }
}

describe('sockets of a Worker', () => {
  it.each<{ place: Partial<SocketPlace>; asked: object }>([
    { place: {}, asked: { hostname: 'a.test', port: 1, secureTransport: 'off' } },
    { place: { host: '::1' }, asked: { hostname: '[::1]' } },
    { place: { tls: { serverName: 'a.test', verify: true } }, asked: { secureTransport: 'on' } },
  ])('connect to $asked', async ({ place, asked }) => {
    const { sockets, asked: seen } = fake()
    await sockets.connect({ ...PLACE, ...place })
    expect(seen).toEqual([expect.objectContaining(asked)])
  })

  it.each<Partial<SocketPlace>>([
    { path: '/run/a' },
    { tls: { serverName: 'a.test', verify: false } },
    { tls: { serverName: 'b.test', verify: true } },
    { tls: { serverName: 'a.test', verify: true, ca: ['x'] } },
    { tls: { serverName: 'a.test', verify: true, verifyDepth: 1 } },
  ])('refuse %j', async (place) => {
    const { sockets, asked } = fake()
    const connecting = sockets.connect({ ...PLACE, ...place })
    await expect(connecting).rejects.toMatchObject({ name: 'SocketError', code: 'UNSUPPORTED' })
    expect(asked).toEqual([])
  })

  it.each([
    { name: 'refused', opened: () => Promise.reject(new Error('no')), code: 'ECONNREFUSED' },
    { name: 'silent', opened: () => new Promise(() => {}), code: 'ETIMEDOUT' },
  ])('close a connection that is $name: $code', async ({ opened, code }) => {
    const { sockets, state } = fake({ opened: opened() })
    const connecting = sockets.connect({ ...PLACE, connectTimeout: 20 })
    await expect(connecting).rejects.toMatchObject({ name: 'SocketError', code })
    expect(state.closed).toBe(1)
  })

  it('pass bytes both ways until they are closed', async () => {
    const { sockets, state } = fake()
    const socket = await sockets.connect(PLACE)
    const heard = new Promise((resolve) =>
      socket.onData((bytes) => resolve(new TextDecoder().decode(bytes))),
    )
    await socket.write(encode('hello'))
    expect(await heard).toBe('hello')
    let ends = 0
    socket.onClose(() => ends++)
    socket.close()
    expect([ends, socket.open, state.closed]).toEqual([1, false, 1])
    await expect(socket.write(encode('x'))).rejects.toMatchObject({ code: 'EPIPE' })
  })

  it('tell that they broke', async () => {
    const { sockets } = fake({ fails: true })
    const socket = await sockets.connect(PLACE)
    const told = new Promise((resolve) => socket.onClose(resolve))
    socket.onData(() => {})
    socket.write(encode('x')).catch(() => {})
    expect(await told).toMatchObject({ name: 'SocketError', code: 'ECONNRESET' })
    expect(socket.open).toBe(false)
  })

  it('begin TLS on a connection that stands, and stop reading it before', async () => {
    const { sockets, asked, state } = fake()
    const plain = await sockets.connect({ ...PLACE, startTls: true })
    const heard = new Promise((resolve) => plain.onData(resolve))
    await plain.write(encode('may I?'))
    await heard
    const secure = await plain.startTls?.({ serverName: 'a.test', verify: true }, 5000)
    expect(asked).toMatchObject([{ secureTransport: 'starttls' }, { secureTransport: 'begun' }])
    const answer = new Promise((resolve) =>
      secure?.onData((bytes) => resolve(new TextDecoder().decode(bytes))),
    )
    await secure?.write(encode('secret'))
    expect(await answer).toBe('secret')
    expect([secure?.open, state.closed]).toEqual([true, 0])
  })

  it('begin no TLS that they cannot check, nor where nobody has said before', async () => {
    const { sockets, asked } = fake()
    expect((await sockets.connect(PLACE)).startTls).toBeUndefined()
    const plain = await sockets.connect({ ...PLACE, startTls: true })
    const begun = plain.startTls?.({ serverName: 'a.test', verify: false }, 5000)
    await expect(begun).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    expect(asked).toHaveLength(2)
  })
})
