import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket } from 'node:tls'
import { P256_CERT, P256_KEY } from '../../src/lib/keys.fixture.ts'

/** What a client asked to bind as. */
export interface AskedBind {
  readonly id: number
  readonly version: number
  readonly name: string
  readonly password: string
}

/** What becomes of a bind: a result code, bytes as they are, silence, or hanging up. */
type Outcome = number | Uint8Array | 'silence' | 'hang up'

/** What a directory does with a bind, at once or later. */
export type Answering = (asked: AskedBind) => Outcome | Promise<Outcome>

/** How a directory takes the wish to speak TLS. */
export type TlsAnswer = 'begins' | 'refuses' | 'says too much' | 'silence'

/** A directory on a port of this machine that knows binds alone. */
export interface FakeDirectory {
  readonly port: number
  readonly asked: readonly AskedBind[]
  /** How often TLS was asked for. */
  readonly wishes: () => number
  /** Connections that were opened so far. */
  readonly connections: () => number
  /** Ends all connections. */
  hangUp(): void
  close(): Promise<void>
}

interface DirectoryOptions {
  readonly tls?: boolean
  readonly startTls?: TlsAnswer
}

/** Opens one. */
export async function openDirectory(
  answering: Answering,
  { tls = false, startTls = 'refuses' }: DirectoryOptions = {},
): Promise<FakeDirectory> {
  const asked: AskedBind[] = []
  const sockets = new Set<Socket>()
  let opened = 0
  let wishes = 0
  const hear = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    let unread = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes])
      if (!tls && !(socket instanceof TLSSocket) && isTlsWish(unread)) {
        wishes++
        unread = Buffer.alloc(0)
        beginTls(socket, startTls, hear)
        return
      }
      for (let bind = readBind(unread); bind !== undefined; bind = readBind(unread)) {
        unread = unread.subarray(bind.length)
        asked.push(bind.asked)
        const { id } = bind.asked
        const outcome = answering(bind.asked)
        if (outcome instanceof Promise) void outcome.then((later) => answer(socket, id, later))
        else answer(socket, id, outcome)
      }
    })
  }
  const serve = (socket: Socket): void => {
    opened++
    hear(socket)
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
    wishes: () => wishes,
    connections: () => opened,
    hangUp,
    close() {
      hangUp()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** RFC 4511, 4.14.1, with the id 1, byte for byte. */
const TLS_WISH = Buffer.from(
  '301d02010177188016312e332e362e312e342e312e313436362e3230303337',
  'hex',
)

function isTlsWish(bytes: Buffer): boolean {
  return bytes.equals(TLS_WISH)
}

function beginTls(socket: Socket, how: TlsAnswer, hear: (socket: Socket) => void): void {
  if (how === 'silence') return
  const reply = resultOf(0x78, 1, how === 'refuses' ? 2 : 0)
  // Somebody between the two may add an answer to what will be asked in TLS.
  const early = how === 'says too much' ? bindResponse(1, 0) : Buffer.alloc(0)
  socket.write(Buffer.concat([reply, early]))
  if (how === 'refuses') return
  socket.removeAllListeners('data')
  hear(new TLSSocket(socket, { isServer: true, cert: P256_CERT, key: P256_KEY }))
}

function answer(socket: Socket, id: number, outcome: Outcome): void {
  if (outcome === 'silence') return
  if (outcome === 'hang up') socket.destroy()
  else if (typeof outcome === 'number') socket.write(bindResponse(id, outcome))
  else socket.write(outcome)
}

/** `BindResponse`, its lengths written the long way, as Active Directory does. */
export function bindResponse(id: number, code: number): Buffer {
  return resultOf(0x61, id, code)
}

function resultOf(tag: number, id: number, code: number): Buffer {
  const text = Buffer.from('no reason')
  const result = [0x0a, 1, code, 0x04, 0, 0x04, text.length, ...text]
  const message = [0x02, 1, id, tag, 0x84, 0, 0, 0, result.length, ...result]
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
