import { createSocket, type Socket } from 'node:dgram'
import { afterEach, expect, it } from 'vitest'
import type { PlanStream } from '../../src/ports/stream.ts'
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

it('lets go of everyone when the time to stop is up', async () => {
  const { told, port, stop } = await setUp(60_000, 10)
  const sender = await bound()
  sender.send('a', port, '127.0.0.1')
  await reply(sender)
  listening = undefined
  await stop(0)
  expect(told).toEqual(['udp from 127.0.0.1', 'released'])
})
