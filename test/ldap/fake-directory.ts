import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { P256_CERT, P256_KEY } from '../../src/lib/keys.fixture.ts'

/** What a client asked to bind as. */
export interface AskedBind {
  readonly id: number
  readonly version: number
  readonly name: string
  readonly password: string
}

/** What a directory does with a bind: a result code, bytes as they are, silence, or hanging up. */
export type Answering = (asked: AskedBind) => number | Uint8Array | 'silence' | 'hang up'

/** A directory on a port of this machine that knows binds alone. */
export interface FakeDirectory {
  readonly port: number
  readonly asked: readonly AskedBind[]
  /** Connections that were opened so far. */
  readonly connections: () => number
  /** Ends all connections. */
  hangUp(): void
  close(): Promise<void>
}

/** Opens one. */
export async function openDirectory(
  answering: Answering,
  { tls = false }: { readonly tls?: boolean } = {},
): Promise<FakeDirectory> {
  const asked: AskedBind[] = []
  const sockets = new Set<Socket>()
  let opened = 0
  const serve = (socket: Socket): void => {
    opened++
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    let unread = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes])
      for (let bind = readBind(unread); bind !== undefined; bind = readBind(unread)) {
        unread = unread.subarray(bind.length)
        asked.push(bind.asked)
        answer(socket, bind.asked.id, answering(bind.asked))
      }
    })
  }
  const server: Server = tls
    ? createTlsServer({ cert: P256_CERT, key: P256_KEY }, serve)
    : createServer(serve)
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot find the port')
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    asked,
    connections: () => opened,
    hangUp,
    close() {
      hangUp()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function answer(socket: Socket, id: number, outcome: ReturnType<Answering>): void {
  if (outcome === 'silence') return
  if (outcome === 'hang up') socket.destroy()
  else if (typeof outcome === 'number') socket.write(bindResponse(id, outcome))
  else socket.write(outcome)
}

/** `BindResponse`, its lengths written the long way, as Active Directory does. */
export function bindResponse(id: number, code: number): Buffer {
  const text = Buffer.from('no reason')
  const result = [0x0a, 1, code, 0x04, 0, 0x04, text.length, ...text]
  const message = [0x02, 1, id, 0x61, 0x84, 0, 0, 0, result.length, ...result]
  return Buffer.from([0x30, 0x84, 0, 0, 0, message.length, ...message])
}

function readBind(bytes: Buffer): { asked: AskedBind; length: number } | undefined {
  const whole = readValue(bytes, 0)
  if (whole === undefined) return undefined
  const id = readValue(bytes, whole.start)
  const request = readValue(bytes, id?.end ?? 0)
  const version = readValue(bytes, request?.start ?? 0)
  const name = readValue(bytes, version?.end ?? 0)
  const password = readValue(bytes, name?.end ?? 0)
  if (!id || !request || !version || !name || !password) throw new Error('Cannot read the bind')
  const tags = [whole, id, request, version, name, password].map(({ start, tag }) => start && tag)
  if (tags.join() !== '48,2,96,2,4,128') throw new Error(`Not a bind: ${tags.join()}`)
  const asked = {
    id: bytes.readUIntBE(id.start, id.end - id.start),
    version: bytes.readUIntBE(version.start, version.end - version.start),
    name: bytes.toString('utf8', name.start, name.end),
    password: bytes.toString('utf8', password.start, password.end),
  }
  return { asked, length: whole.end }
}

function readValue(bytes: Buffer, at: number) {
  if (bytes.length < at + 2) return undefined
  const tag = bytes.readUInt8(at)
  const first = bytes.readUInt8(at + 1)
  const count = first < 0x80 ? 0 : first & 0x7f
  if (bytes.length < at + 2 + count) return undefined
  const start = at + 2 + count
  const end = start + (count === 0 ? first : bytes.readUIntBE(at + 2, count))
  return bytes.length < end ? undefined : { tag, start, end }
}
