import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { reviveListener } from './server-revival.ts'

const open: { server: Server; rest: () => void; sockets: Socket[] }[] = []

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(async () => {
  vi.useRealTimers()
  for (const { server, rest, sockets } of open.splice(0)) {
    rest()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** A listener that echoes; `times` counts how often it has listened anew. */
async function setUp() {
  const files = { left: true }
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {}).on('data', (bytes) => socket.write(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Proof: it listens on an address.
  const { port } = server.address() as AddressInfo
  const times = vi.fn()
  server.on('listening', times)
  const rest = reviveListener(server, { host: '127.0.0.1', port }, () => files.left)
  open.push({ server, rest, sockets })
  return { server, port, files, times, rest }
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.once('listening', resolve))
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  open.at(-1)?.sockets.push(socket)
  await new Promise((resolve, reject) => socket.on('connect', resolve).on('error', reject))
  return socket
}

function echoed(socket: Socket): Promise<string> {
  socket.write('still here')
  return new Promise((resolve) => socket.once('data', (bytes) => resolve(String(bytes))))
}

it('listens anew once there are files again, and keeps who is connected', async () => {
  const { server, port, files, times } = await setUp()
  const client = await connected(port)
  vi.advanceTimersByTime(1000)
  files.left = false
  vi.advanceTimersByTime(1000)
  expect(times).not.toHaveBeenCalled()

  files.left = true
  const again = listening(server)
  vi.advanceTimersByTime(1000)
  await again
  expect(times).toHaveBeenCalledTimes(1)
  expect(await echoed(client)).toBe('still here')
  expect(await echoed(await connected(port))).toBe('still here')
})

it('tries again where it could not listen', async () => {
  const { server, times } = await setUp()
  server.emit('error', new Error('EMFILE'))
  const again = listening(server)
  vi.advanceTimersByTime(200)
  await again
  expect(times).toHaveBeenCalledTimes(1)
})

it('leaves a listener alone that is to rest', async () => {
  const { files, times, rest } = await setUp()
  files.left = false
  vi.advanceTimersByTime(100)
  rest()
  files.left = true
  vi.advanceTimersByTime(1000)
  await new Promise(setImmediate)
  expect(times).not.toHaveBeenCalled()
})
