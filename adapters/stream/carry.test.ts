import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { Dialled, StreamFigures, StreamPlan } from '../../src/ports/stream.ts'
import { SERVER_CERT, SERVER_KEY } from '../node-http/certificates.fixture.ts'
import { listenStream } from './listen.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

interface Given {
  readonly said?: string | undefined
  /** What becomes of the dialling; connected to an echo unless told. */
  readonly dialled?: 'nobody' | 'gone'
  readonly tls?: boolean
  readonly passthrough?: boolean
  readonly startTimeout?: number
}

/** Listens in front of an echo; `figures` is what was told at each end. */
async function setUp({ said, dialled, passthrough = false, ...given }: Given) {
  const [figures, order] = [[] as StreamFigures[], [] as string[]]
  const echo = await echoing()
  const plan: StreamPlan = {
    passthrough,
    readTimeout: 60_000,
    writeTimeout: 60_000,
    async admit() {
      order.push('admit')
      return said === undefined ? undefined : new TextEncoder().encode(said)
    },
    ended: (one) => void figures.push(one),
    async open(dial) {
      order.push('open')
      if (dialled === 'nobody') return undefined
      const place = { host: '127.0.0.1', port: echo, connectTimeout: 5000, tls: undefined }
      const result = await dial(place)
      if (!result.ok) return undefined
      if (dialled === 'gone') destroy(result)
      return { socket: result.socket, release: () => void order.push('released') }
    },
  }
  const listening = await listenStream(
    { host: '127.0.0.1', port: 0 },
    {
      stream: () => plan,
      tls: given.tls
        ? { certificateFor: () => ({ cert: SERVER_CERT, key: SERVER_KEY }) }
        : undefined,
      proxyProtocol: false,
      maxConnections: 100,
      startTimeout: given.startTimeout ?? 5000,
    },
  )
  ends.push(() => listening.stop(0))
  return { figures, order, port: listening.port, stop: listening.stop }
}

/** A listener dials nothing but sockets. */
function destroy(result: Extract<Dialled<unknown>, { ok: true }>): void {
  ;(result.socket as Socket).destroy()
}

async function echoing(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {}).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  // Proof: it listens on an address.
  return (server.address() as AddressInfo).port
}

/** Says something and gives all that came until the end, and how it ended. */
function say(socket: Socket, text: string): Promise<[string, 'ended' | 'broke']> {
  ends.push(() => socket.destroy())
  const chunks: Buffer[] = []
  socket.on('data', (bytes) => chunks.push(bytes)).on('error', () => {})
  socket.write(text)
  return new Promise((resolve) => {
    socket.on('close', (broke) => resolve([`${Buffer.concat(chunks)}`, broke ? 'broke' : 'ended']))
  })
}

async function until(pleases: () => boolean): Promise<void> {
  while (!pleases()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const NONE = { received: 0, sent: 0, upstreamReceived: 0, upstreamSent: 0, tls: undefined }
const NO = '{"message":"no"}'

describe('a client that is turned away', () => {
  it.each(['hello', 'x'.repeat(300_000)])('hears why, whatever it has said: %#', async (text) => {
    const { order, figures, port } = await setUp({ said: NO })
    expect(await say(connect(port, '127.0.0.1'), text)).toEqual([NO, 'ended'])
    expect(order).toEqual(['admit'])
    expect(figures).toEqual([{ ...NONE, sent: NO.length }])
  })

  it('hears it under the TLS that is ended here', async () => {
    const { order, figures, port } = await setUp({ said: NO, tls: true })
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
    expect(await say(socket, 'hello')).toEqual([NO, 'ended'])
    expect(order).toEqual(['admit'])
    expect(figures).toMatchObject([
      {
        received: 0,
        sent: NO.length,
        tls: { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) },
      },
    ])
  })

  it('hears it in plain text where TLS would have passed through', async () => {
    const { figures, port } = await setUp({ said: NO, tls: true, passthrough: true })
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
    // What is no TLS breaks the handshake; the bytes are told all the same.
    expect((await say(socket, 'hello'))[0]).toBe('')
    expect(figures).toEqual([{ ...NONE, sent: NO.length }])
  })

  it('hears nothing where there is nothing to say', async () => {
    const { order, figures, port } = await setUp({ said: '' })
    expect((await say(connect(port, '127.0.0.1'), 'hello'))[0]).toBe('')
    expect(order).toEqual(['admit'])
    expect(figures).toEqual([NONE])
  })

  it('is closed when it does not end in its time', async () => {
    const { port } = await setUp({ said: NO, startTimeout: 100 })
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const broken = new Promise((resolve) => socket.on('error', resolve))
    await new Promise((resolve) => socket.resume().on('end', resolve))
    const talking = setInterval(() => socket.write('more'), 10)
    ends.push(() => clearInterval(talking))
    await broken
    expect(socket.destroyed).toBe(true)
  })
})

describe('what passed is told once', () => {
  it.each([
    ['no peer is there', { dialled: 'nobody' }],
    ['the peer has gone at once', { dialled: 'gone' }],
  ] as [string, Given][])('where %s', async (_why, given) => {
    const { figures, port } = await setUp(given)
    expect((await say(connect(port, '127.0.0.1'), 'hello'))[0]).toBe('')
    await until(() => figures.length > 0)
    expect(figures).toEqual([NONE])
  })

  it('before the listener has stopped', async () => {
    const { figures, stop, port } = await setUp({})
    const socket = connect(port, '127.0.0.1')
    const end = say(socket, 'hello')
    await new Promise((resolve) => socket.once('data', resolve))
    await stop(0)
    expect(figures).toMatchObject([{ received: 5, sent: 5 }])
    await end
  })

  it.each([false, true])('of a connection that stood, without TLS: %s', async (tls) => {
    const { figures, order, port } = await setUp({ tls })
    const socket = tls
      ? connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
      : connect(port, '127.0.0.1')
    let heard = 0
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.length
      if (heard === 1005) socket.end()
    })
    socket.write('x'.repeat(1000))
    const [back] = await say(socket, 'hello')
    expect(back).toHaveLength(1005)
    await until(() => figures.length > 0)
    const bytes = { received: 1005, sent: 1005, upstreamReceived: 1005, upstreamSent: 1005 }
    expect(figures).toEqual([{ ...bytes, tls: tls ? expect.anything() : undefined }])
    expect(order).toEqual(['admit', 'open', 'released'])
  })
})
