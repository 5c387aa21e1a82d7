import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { ROOT, SERVER_CERT, SERVER_KEY } from '../../adapters/node-http/certificates.fixture.ts'
import type { ByteSocket, SocketPlace, Sockets } from '../../src/ports/sockets.ts'

const HOST = '127.0.0.1'
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What every adapter of sockets promises. */
export function describeSockets(name: string, make: () => Sockets): void {
  describe(`${name} as sockets`, () => {
    const undo: (() => unknown)[] = []
    afterEach(async () => {
      for (const step of undo.splice(0).reverse()) await step()
    })
    const open = (): Sockets => {
      const sockets = make()
      undo.push(() => sockets.close())
      return sockets
    }
    const listen = async (serve: (socket: Socket) => void, tls = false): Promise<Server> => {
      const all = new Set<Socket>()
      const take = (socket: Socket): void => {
        all.add(socket.on('error', () => {}))
        serve(socket)
      }
      const keys = { cert: SERVER_CERT, key: SERVER_KEY }
      const server = tls ? createTlsServer(keys, take) : createServer(take)
      server.listen(0, HOST)
      await once(server, 'listening')
      undo.push(() => {
        for (const socket of all) socket.destroy()
        server.close()
      })
      return server
    }
    const echo = (socket: Socket): void => void socket.pipe(socket)
    const connect = async (sockets: Sockets, place: SocketPlace): Promise<ByteSocket> => {
      const socket = await sockets.connect(place)
      undo.push(() => socket.close())
      return socket
    }

    it.each(['hello', 'x'.repeat(300_000)])('sends bytes and gets them: %#', async (text) => {
      const socket = await connect(open(), placeOf(await listen(echo)))
      const heard = collect(socket)
      await socket.write(encode(text.slice(0, 3)))
      await socket.write(encode(text.slice(3)))
      expect(await heard(text.length)).toBe(text)
      expect(socket.open).toBe(true)
    })

    it('keeps what came before anyone listened', async () => {
      const server = await listen((socket) => socket.write('early'))
      const socket = await connect(open(), placeOf(server))
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(await collect(socket)(5)).toBe('early')
    })

    it("tells of the other side's end, late listeners too, and takes no more bytes", async () => {
      const server = await listen((socket) => socket.end('bye'))
      const socket = await connect(open(), placeOf(server))
      const heard = collect(socket)
      const told = new Promise((resolve) => socket.onClose((error) => resolve(error ?? 'agreed')))
      expect(await heard(3)).toBe('bye')
      expect(await told).toBe('agreed')
      expect(socket.open).toBe(false)
      expect(await new Promise((resolve) => socket.onClose(resolve))).toBeUndefined()
      await expect(socket.write(encode('x'))).rejects.toMatchObject({ name: 'SocketError' })
    })

    it('tells its own listener that it was closed, once', async () => {
      const server = await listen(echo)
      const ended = new Promise((resolve) =>
        server.once('connection', (one) => one.on('close', resolve)),
      )
      const socket = await connect(open(), placeOf(server))
      let times = 0
      socket.onClose(() => times++)
      socket.close()
      socket.close()
      await ended
      expect([times, socket.open]).toEqual([1, false])
      await expect(socket.write(encode('x'))).rejects.toMatchObject({ code: 'EPIPE' })
    })

    it('says why nobody is there', async () => {
      const server = await listen(echo)
      const place = placeOf(server)
      server.close()
      await once(server, 'close')
      await expect(open().connect(place)).rejects.toMatchObject({
        name: 'SocketError',
        code: 'ECONNREFUSED',
      })
    })

    it('gives up a connection that does not stand in time', async () => {
      const server = await listen(() => {})
      const tls = { serverName: 'up.test', verify: true, ca: [ROOT] }
      const place = { ...placeOf(server), connectTimeout: 100, tls }
      await expect(open().connect(place)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    })

    it.each([
      { tls: { serverName: 'up.test', verify: true, ca: [ROOT] }, works: true },
      { tls: { serverName: 'up.test', verify: true }, works: false },
      { tls: { serverName: 'other.test', verify: true, ca: [ROOT] }, works: false },
      { tls: { serverName: 'other.test', verify: false }, works: true },
    ])('speaks TLS as $tls.serverName, verified: $tls.verify', async ({ tls, works }) => {
      const sockets = open()
      const place = { ...placeOf(await listen(echo, true)), tls }
      if (!works) {
        await expect(sockets.connect(place)).rejects.toMatchObject({ name: 'SocketError' })
        return
      }
      const socket = await connect(sockets, place)
      const heard = collect(socket)
      await socket.write(encode('hello'))
      expect(await heard(5)).toBe('hello')
    })

    it('connects to a Unix socket', async (test) => {
      const sockets = open()
      test.skip(!sockets.caps.unix, 'it has no Unix sockets')
      const folder = mkdtempSync(join(tmpdir(), 'gibbon-sockets-'))
      undo.push(() => rmSync(folder, { recursive: true }))
      const server = createServer(echo).listen(join(folder, 'socket'))
      await once(server, 'listening')
      undo.push(() => server.close())
      const place = { host: '', port: 0, path: join(folder, 'socket'), connectTimeout: 1000 }
      const socket = await connect(sockets, place)
      const heard = collect(socket)
      await socket.write(encode('hello'))
      expect(await heard(5)).toBe('hello')
      const none = { ...place, path: join(folder, 'none') }
      await expect(sockets.connect(none)).rejects.toMatchObject({ code: 'ENOENT' })
    })

    it.each([HOST, 'localhost'])('sends datagrams to %s', async (host) => {
      const sockets = open()
      const receiver = createSocket('udp4').bind(0, HOST)
      await once(receiver, 'listening')
      undo.push(() => receiver.close())
      const { port } = receiver.address()
      const heard = new Promise<string>((resolve) => {
        let text = ''
        receiver.on('message', (bytes) => {
          text += bytes
          if (text.length === 2) resolve(text)
        })
      })
      for (const text of ['a', 'b']) await sockets.sendDatagram?.({ host, port }, encode(text))
      expect(await heard).toBe('ab')
    })

    it('says that a datagram has nowhere to go', async () => {
      const sending = open().sendDatagram?.({ host: 'none.invalid', port: 1 }, encode('a'))
      await expect(sending).rejects.toMatchObject({ name: 'SocketError' })
    })
  })
}

function placeOf(server: Server): SocketPlace {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { host: HOST, port, connectTimeout: 5000 }
}

/** Waits until so many bytes came, and gives them as text. */
function collect(socket: ByteSocket): (length: number) => Promise<string> {
  let text = ''
  let look = (): void => {}
  socket.onData((bytes) => {
    text += new TextDecoder().decode(bytes)
    look()
  })
  return (length) =>
    new Promise((resolve) => {
      look = () => {
        if (text.length >= length) resolve(text)
      }
      look()
    })
}
