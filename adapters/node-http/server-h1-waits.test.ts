import { Buffer } from 'node:buffer'
import { connect as connectTo, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import type { ListenOptions } from './server.ts'
import { noting, serverRig } from './server-rig.fixture.ts'
import { createTimerWheel } from './timer-wheel.ts'
import { SocketTunnel } from './tunnel.ts'

const rig = serverRig()

async function serve(handle: ListenOptions['handle'], limits: ListenOptions['limits'] = {}) {
  const listening = await rig.serve(handle, { limits })
  return { listening, peer: rig.client(listening) }
}

function reply(body: Answer['body'] | string, more: Partial<Answer> = {}): Answer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body
  return { status: 200, reason: '', headers: [], body: bytes, ...more }
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const ASK = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const soon = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('a client that keeps its connection by saying nothing', () => {
  it.each(['\r\n', '\r'])('but %j is let go', async (text) => {
    const limits = { headersTimeout: 150, keepAliveTimeout: 150 }
    const { peer } = await serve(() => reply('ok'), limits)
    await peer.send(GET).until('ok')
    let isOpen = true
    const sending = (async () => {
      while (isOpen) {
        peer.send(text === '\r\n' ? text : peer.socket.bytesWritten % 2 === 0 ? '\r' : '\n')
        await soon()
      }
    })()
    peer.socket.on('error', () => {})
    await peer.closed
    isOpen = false
    await sending
  })
})

describe('a client that does not read', () => {
  it('is cut off though each of its answers is small', async () => {
    const cut = noting()
    const finished = (whole: boolean) => {
      if (!whole) cut.finished(whole)
    }
    const { peer } = await serve(() => reply('x'.repeat(4000), { finished }), { sendTimeout: 200 })
    peer.socket.pause()
    peer.send(GET.repeat(10_000))
    await cut.first
    expect(cut.notes).toEqual([false])
  })

  it('but slowly gets all of a large body', async () => {
    const body = Buffer.alloc(16 * 1024 * 1024, 'x')
    const { notes, first, finished } = noting()
    const { peer } = await serve(() => reply(body, { finished }), { sendTimeout: 1500 })
    let received = 0
    peer.socket.removeAllListeners('data')
    peer.socket.on('data', (chunk) => {
      received += chunk.length
      peer.socket.pause()
      setTimeout(() => peer.socket.resume(), 12)
    })
    peer.send(GET.replace('Host', 'Connection: close\r\nHost'))
    expect(await peer.closed).toBe('end')
    expect(received).toBeGreaterThan(body.length)
    await first
    expect(notes).toEqual([true])
  })

  it('for a while after it has closed its side gets the rest', async () => {
    const body = Buffer.alloc(24 * 1024 * 1024, 'x')
    const { notes, first, finished } = noting()
    const { peer } = await serve(() => reply(body, { finished }))
    await peer.send(GET).until('\r\n\r\n')
    peer.socket.pause()
    peer.socket.end()
    setTimeout(() => peer.socket.resume(), 1200)
    expect(await peer.closed).toBe('end')
    expect(peer.text.length).toBeGreaterThan(body.length)
    await first
    expect(notes).toEqual([true])
  })
})

it('an answer that left whole is whole, though its client goes on sending and leaves', async () => {
  const { notes, first, finished } = noting()
  const { peer } = await serve(() => reply('too much', { finished }))
  peer.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\nx')
  await peer.until('too much')
  peer.socket.resetAndDestroy()
  await first
  expect(notes).toEqual([true])
})

describe('a stream', () => {
  it('that goes on behind its promised length does not cut what came next', async () => {
    let more: () => void = () => {}
    const late = new Promise<void>((resolve) => {
      more = resolve
    })
    async function* tooLong() {
      yield Buffer.from('abc')
      await late
      yield Buffer.from('d')
    }
    const { notes, finished } = noting()
    const { peer } = await serve(async ({ target }) => {
      if (target === '/') return reply(tooLong(), { headers: ['Content-Length', '3'], finished })
      more()
      await soon()
      return reply('next')
    })
    await peer.send(GET).until('abc')
    await peer.send(GET.replace('/ ', '/next ')).until('next')
    expect(notes).toEqual([true])
  })

  it('asked for before the end of service frees its connection soon after its own', async () => {
    let go: () => void = () => {}
    const wait = new Promise<void>((resolve) => {
      go = resolve
    })
    async function* long() {
      yield Buffer.from('first')
      await wait
      yield Buffer.from('last')
    }
    const { listening, peer } = await serve(() => reply(long()))
    await peer.send(GET).until('first')
    const stopped = listening.stop(60_000)
    setTimeout(go, 1300)
    await stopped
    expect(peer.text).toContain('last')
  })
})

it('a promised length that is no number becomes a 500', async () => {
  async function* stream() {
    yield Buffer.from('abc')
  }
  const { notes, finished } = noting()
  const headers = ['Content-Length', '3, 3']
  const { peer } = await serve(() => reply(stream(), { headers, finished }))
  await peer.send(GET).until('HTTP/1.1 500 ')
  expect(notes).toEqual([false])
})

it('an interim status as an answer ends the connection: what follows it would be misread', async () => {
  const { peer } = await serve(() => reply('odd', { status: 103 }))
  expect(await peer.send(GET + GET).closed).toBe('end')
  expect(peer.text.match(/HTTP\/1\.1 103/g)).toHaveLength(1)
})

it('a body asked for when its request is over invites nobody', async () => {
  let first: ClientRequest | undefined
  const { peer } = await serve(async (request) => {
    if (first === undefined) {
      first = request
      return reply('one')
    }
    first.body?.stream()
    await soon()
    return reply('two')
  })
  const header = 'Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc'
  await peer.send(`POST / HTTP/1.1\r\nHost: a\r\n${header}`).until('one')
  await peer.send(GET).until('two')
  expect(peer.text).not.toContain('100 Continue')
})

it.each([{ http2: true }, { proxyProtocol: true }])(
  'a connection that says nothing at all does not hold up the end of service: %j',
  async (more) => {
    const limits = { headersTimeout: 60_000 }
    const listening = await rig.serve(() => reply('ok'), { limits, ...more })
    const peer = rig.client(listening)
    await new Promise((resolve) => peer.socket.once('connect', resolve))
    while (listening.connections?.().active === 0) await soon()
    await listening.stop(60_000)
    expect(await peer.closed).toBe('end')
  },
)

describe('a tunnel', () => {
  /** One end of a connection whose other end is held too. */
  async function pair(): Promise<[Socket, Socket]> {
    return new Promise((resolve) => {
      const server = createServer((socket) => {
        server.close()
        resolve([near, socket])
      })
      let near: Socket
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        const port = typeof address === 'object' && address !== null ? address.port : 0
        near = connectTo({ port, host: '127.0.0.1' })
      })
    })
  }

  it.each([
    ['is gone before the client joins', [], 'reset'],
    ['has an answer that cannot be written', ['X', 'a\nb'], 'open'],
  ])('whose upstream %s tells its end once', async (_, headers, how) => {
    const { notes, first, finished } = noting()
    const [near, far] = await pair()
    const tunnel = new SocketTunnel(near, undefined, createTimerWheel(), 60_000)
    if (how === 'reset') {
      near.destroy()
      await new Promise((resolve) => near.once('close', resolve))
    }
    const { peer } = await serve(() => reply(undefined, { status: 101, headers, tunnel, finished }))
    await peer.send(ASK).closed
    await first
    await soon()
    expect(notes).toHaveLength(1)
    expect(near.destroyed).toBe(true)
    far.destroy()
  })

  it('is let end while the service stops', async () => {
    const [near, far] = await pair()
    const tunnel = new SocketTunnel(near, undefined, createTimerWheel(), 60_000)
    const { listening, peer } = await serve(() => reply(undefined, { status: 101, tunnel }))
    await peer.send(ASK).until('\r\n\r\n')
    const stopped = listening.stop(60_000)
    setTimeout(() => far.end('bye'), 1300)
    await peer.until('bye')
    peer.socket.end()
    await stopped
  })
})
