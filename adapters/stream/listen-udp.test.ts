import { createSocket, type Socket } from 'node:dgram'
import { afterEach, expect, it } from 'vitest'
import type { PlanStream, StreamFigures } from '../../src/ports/stream.ts'
import type { Listening } from '../node-http/server.ts'
import { listenUdp } from './listen-udp.ts'

const sockets: Socket[] = []
let listening: Listening | undefined
afterEach(async () => {
  await listening?.stop(0)
  for (const socket of sockets.splice(0)) socket.close()
})

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return socket
}

/** Listens in front of an echo; `told` is what the core would be told, `before` what it waits for. */
async function setUp(readTimeout: number, maxSessions: number, before?: Promise<unknown>) {
  const echo = await bound()
  const seen: string[] = []
  echo.on('message', (bytes, from) => {
    seen.push(bytes.toString())
    echo.send(bytes, from.port, from.address)
  })
  const told: string[] = []
  const stream: PlanStream = ({ protocol, source }) => ({
    passthrough: false,
    readTimeout,
    writeTimeout: 1000,
    async open(dial) {
      told.push(`${protocol} from ${source.ip}`)
      await before
      const place = {
        host: '127.0.0.1',
        port: echo.address().port,
        connectTimeout: 1,
        tls: undefined,
      }
      const dialled = await dial(place)
      if (!dialled.ok) return undefined
      return { socket: dialled.socket, release: () => void told.push('released') }
    },
  })
  listening = await listenUdp({ host: '127.0.0.1', port: 0, stream, maxSessions })
  return { seen, told, port: listening.port, stop: listening.stop }
}

async function until(pleases: () => boolean): Promise<void> {
  while (!pleases()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const reply = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once('message', (bytes) => resolve(bytes.toString())))

it('keeps what comes before its peer is there, so much and no more', async () => {
  let found = (): void => {}
  const before = new Promise<void>((resolve) => {
    found = resolve
  })
  const { seen, port, told } = await setUp(60_000, 10, before)
  const sender = await bound()
  for (let i = 0; i < 20; i++) sender.send(`${i}`, port, '127.0.0.1')
  // A second sender's datagram arrives behind all of them.
  const other = await bound()
  other.send('other', port, '127.0.0.1')
  await until(() => told.length === 2)
  found()
  await until(() => seen.includes('other') && seen.length === 17)
  const last = reply(sender)
  sender.send('last', port, '127.0.0.1')
  await until(() => seen.includes('last'))
  await last
  expect(seen.filter((text) => text !== 'other' && text !== 'last')).toEqual(
    Array.from({ length: 16 }, (_, i) => `${i}`),
  )
})

it('drops the datagrams of more senders than it keeps, until one is silent', async () => {
  const { told, port } = await setUp(100, 1)
  const [first, second] = [await bound(), await bound()]
  first.send('a', port, '127.0.0.1')
  expect(await reply(first)).toBe('a')
  second.send('dropped', port, '127.0.0.1')
  await until(() => told.includes('released'))
  expect(told).toEqual(['udp from 127.0.0.1', 'released'])
  second.send('b', port, '127.0.0.1')
  expect(await reply(second)).toBe('b')
})

/** Listens in front of an echo for plugins that let nobody in, or everybody. */
async function watched(refuses: boolean, readTimeout = 60_000) {
  const { seen, port: to } = await setUp(readTimeout, 10)
  await listening?.stop(0)
  const [figures, order] = [[] as StreamFigures[], [] as string[]]
  const stream: PlanStream = () => ({
    passthrough: false,
    readTimeout,
    writeTimeout: 1000,
    async admit() {
      order.push('admit')
      return refuses ? new Uint8Array(3) : undefined
    },
    ended: (one) => void figures.push(one),
    async open(dial) {
      order.push('open')
      const port = sockets[0]?.address().port ?? 0
      const dialled = await dial({ host: '127.0.0.1', port, connectTimeout: 1, tls: undefined })
      return dialled.ok ? { socket: dialled.socket, release() {} } : undefined
    },
  })
  listening = await listenUdp({ host: '127.0.0.1', port: to, stream })
  return { seen, figures, order, port: listening.port }
}

it('judges a sender it turns away once until its time is up, and says nothing', async () => {
  const { seen, figures, order, port } = await watched(true, 200)
  const sender = await bound()
  sender.on('message', () => seen.push('a word to who was turned away'))
  sender.send('a', port, '127.0.0.1')
  await until(() => figures.length === 1)
  for (let i = 0; i < 20; i++) sender.send('b', port, '127.0.0.1')
  expect(order).toEqual(['admit'])
  // However much it sends, its time is not put off.
  const talking = setInterval(() => sender.send('c', port, '127.0.0.1'), 10)
  await until(() => order.length === 2)
  clearInterval(talking)
  expect(order).toEqual(['admit', 'admit'])
  await until(() => figures.length === 2)
  const none = { received: 0, sent: 0, upstreamReceived: 0, upstreamSent: 0 }
  expect(figures).toEqual([none, none])
  expect(seen).toEqual([])
  const stopping = listening
  listening = undefined
  // Nobody who was turned away is waited for.
  await stopping?.stop(60_000)
  expect(figures).toHaveLength(2)
})

it('tells once what passed, when its sender has fallen silent', async () => {
  const { figures, order, port } = await watched(false, 100)
  const sender = await bound()
  sender.send('hello', port, '127.0.0.1')
  expect(await reply(sender)).toBe('hello')
  await until(() => figures.length === 1)
  expect(order).toEqual(['admit', 'open'])
  expect(figures).toEqual([{ received: 5, sent: 5, upstreamReceived: 5, upstreamSent: 5 }])
})

it('lets go of everyone when the time to stop is up', async () => {
  const { told, port, stop } = await setUp(60_000, 10)
  const sender = await bound()
  sender.send('a', port, '127.0.0.1')
  await reply(sender)
  listening = undefined
  await stop(0)
  expect(told).toEqual(['udp from 127.0.0.1', 'released'])
})
