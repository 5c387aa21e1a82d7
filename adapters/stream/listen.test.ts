import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { StreamClient, StreamPlace, StreamPlan } from '../../src/ports/stream.ts'
import { SERVER_CERT, SERVER_KEY } from '../node-http/certificates.fixture.ts'
import type { Listening } from '../node-http/server.ts'
import type { Place } from '../node-http/server-listen.ts'
import { listenStream, type StreamListenOptions } from './listen.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A target, and its port. */
async function target(serve: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {})
    ends.push(() => socket.destroy())
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  // Proof: it listens on an address.
  return (server.address() as AddressInfo).port
}

interface Given {
  readonly options?: Partial<StreamListenOptions>
  readonly at?: Place
  readonly place?: Partial<StreamPlace>
  readonly writeTimeout?: number
  readonly readTimeout?: number
  readonly passthrough?: boolean
}

/** Listens in front of a port; `told` is how connections went. */
async function setUp(port: number, given: Given = {}) {
  const clients: StreamClient[] = []
  const told: string[] = []
  const { readTimeout = 60_000, writeTimeout = 60_000, passthrough = true } = given
  const listening: Listening = await listenStream(given.at ?? { host: '127.0.0.1', port: 0 }, {
    stream(client) {
      clients.push(client)
      return {
        passthrough,
        readTimeout,
        writeTimeout,
        async open(dial) {
          const basis = { host: '127.0.0.1', port, connectTimeout: 5000, tls: undefined }
          const dialled = await dial({ ...basis, ...given.place })
          told.push(dialled.ok ? 'connected' : `${dialled.failure} ${dialled.code}`)
          if (!dialled.ok) return undefined
          return { socket: dialled.socket, release: () => void told.push('released') }
        },
      }
    },
    tls: undefined,
    proxyProtocol: false,
    maxConnections: 100,
    startTimeout: 5000,
    ...given.options,
  })
  ends.push(() => listening.stop(0))
  return { clients, told, listening, port: listening.port }
}

function client(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  ends.push(() => socket.destroy())
  return socket.on('error', () => {})
}

function closed(socket: Socket): Promise<void> {
  socket.resume()
  return new Promise((resolve) => socket.on('close', () => resolve()))
}

async function until(pleases: () => boolean): Promise<void> {
  while (!pleases()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const tls = { certificateFor: () => ({ cert: SERVER_CERT, key: SERVER_KEY }) }

describe('a listener for streams', () => {
  it('closes a client whose target takes nothing for its write_timeout', async () => {
    const port = await target((socket) => socket.pause())
    const { told, port: at } = await setUp(port, { writeTimeout: 200 })
    const socket = client(at)
    const end = closed(socket)
    socket.write(Buffer.alloc(64 * 1024 * 1024))
    await end
    await until(() => told.includes('released'))
    expect(told).toEqual(['connected', 'released'])
  }, 20_000)

  it('says why there is no connection', async () => {
    const silent = await target(() => {})
    const verify = { serverName: 'a.test', verify: false }
    const late = await setUp(silent, { place: { tls: verify, connectTimeout: 100 } })
    await closed(client(late.port))
    expect(late.told).toEqual(['timeout ETIMEDOUT'])

    const rude = await target((socket) => socket.end('no TLS here\n'))
    const broken = await setUp(rude, { place: { tls: verify } })
    await closed(client(broken.port))
    expect(broken.told).toEqual([expect.stringMatching(/^tcp ./)])
  })

  it('blames nobody for a client that leaves', async () => {
    const silent = await target(() => {})
    const { told, port } = await setUp(silent, {
      place: { tls: { serverName: 'a.test', verify: false } },
    })
    const socket = client(port)
    socket.on('connect', () => setTimeout(() => socket.resetAndDestroy(), 50))
    await until(() => told.length > 0)
    expect(told).toEqual(['left LEFT'])
  })

  it('closes who is silent where a hello should stand, and connections beyond the most', async () => {
    const port = await target(() => {})
    const options = { tls, startTimeout: 100, maxConnections: 1 }
    const { clients, port: at } = await setUp(port, { options })
    const first = client(at)
    await new Promise((resolve) => first.on('connect', resolve))
    const started = performance.now()
    await closed(client(at))
    expect(performance.now() - started).toBeLessThan(90)
    await closed(first)
    expect(clients).toEqual([])
  })

  it('reads a hello that comes byte by byte, and passes all of it on', async () => {
    let heard = 0
    const port = await target((socket) => {
      socket.on('data', (bytes: Buffer) => {
        heard += bytes.length
      })
    })
    const { clients, port: at } = await setUp(port, { options: { tls } })
    const hello = await helloFor('Some.Test')
    const socket = client(at)
    for (const byte of hello) {
      socket.write(Uint8Array.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => heard === hello.length)
    expect(clients).toMatchObject([{ protocol: 'tls', sni: 'some.test' }])
  })

  it('reads a hello behind a PROXY header', async () => {
    const port = await target(() => {})
    const options = { tls, proxyProtocol: true }
    const { clients, port: at } = await setUp(port, { options })
    const socket = client(at)
    socket.write('PROXY TCP4 9.9.9.9 1.1.1.1 5 6\r\n')
    socket.write(await helloFor('some.test'))
    await until(() => clients.length > 0)
    const proxied = { ip: '9.9.9.9', port: 5 }
    expect(clients).toMatchObject([{ protocol: 'tls', sni: 'some.test', proxied }])
  })

  it('asks by the hello it has read who may shake hands', async () => {
    const asked: unknown[] = []
    const admit = (listener: string) => (serverName: string | undefined) => {
      asked.push([listener, serverName])
      return 'refused' as const
    }
    const port = await target(() => {})
    const options = { tls: { ...tls, admit } }
    const { port: at } = await setUp(port, { options, passthrough: false })
    const socket = connectTls({ host: '127.0.0.1', port: at, servername: 'Some.Test' })
    const failed = new Promise<Error>((resolve) => socket.on('error', resolve))
    expect(String(await failed)).toContain('alert internal error')
    expect(asked).toEqual([['stream', 'some.test']])
  })

  it('serves in the file system', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gibbon-stream-'))
    ends.push(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'a.sock')
    const port = await target((socket) => socket.pipe(socket))
    const { clients } = await setUp(port, { at: { path } })
    const socket = connect({ path })
    const said = new Promise((resolve) => socket.on('data', (bytes) => resolve(`${bytes}`)))
    socket.end('hello')
    expect(await said).toBe('hello')
    expect(clients[0]?.source).toEqual({ ip: 'unix:', port: 0 })
  })

  it('shakes hands in the file system with several clients, each by its own plan', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gibbon-stream-'))
    ends.push(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'a.sock')
    const options = { tls, stream: planTelling }
    await setUp(0, { at: { path }, options })
    const names = ['a.test', 'b.test', 'c.test']
    const told = await Promise.all(
      names.map((servername) => allOf(connectTls({ path, servername, ...UNVERIFIED }))),
    )
    expect(told).toEqual(names)
  })

  it('cuts what has not ended when the time to stop is up', async () => {
    const port = await target((socket) => socket.write('hello'))
    const { listening, told, port: at } = await setUp(port)
    const socket = client(at)
    await new Promise((resolve) => socket.once('data', resolve))
    const end = closed(socket)
    await listening.stop(50)
    await end
    await until(() => told.includes('released'))
    expect(told).toEqual(['connected', 'released'])
  })
})

const UNVERIFIED = { rejectUnauthorized: false }

/** Tells a client, once hands are shaken, the name its plan was made for, and no more. */
function planTelling({ sni }: StreamClient): StreamPlan {
  return {
    passthrough: false,
    readTimeout: 60_000,
    writeTimeout: 60_000,
    admit: async () => Buffer.from(String(sni)),
    open: async () => undefined,
  }
}

async function allOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const bytes of socket) text += bytes
  return text
}

/** What a TLS client says first. */
async function helloFor(servername: string): Promise<Buffer> {
  let take = (_bytes: Buffer): void => {}
  const said = new Promise<Buffer>((resolve) => {
    take = resolve
  })
  const port = await target((socket) => socket.once('data', take))
  const socket = connectTls({ host: '127.0.0.1', port, servername })
  socket.on('error', () => {})
  ends.push(() => socket.destroy())
  return said
}
