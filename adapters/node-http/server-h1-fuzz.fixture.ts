import { Buffer } from 'node:buffer'
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { ClientRequest } from '../../src/ports/server.ts'
import { textOf } from './raw-peers.fixture.ts'
import { createServerContext, defaultLimits } from './server-context.ts'
import { serveHttp1 } from './server-h1.ts'

/** One request as a server has read it, whole. */
export interface Reading {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly body: string
  readonly trailers: readonly string[]
}

/** What a server made of a connection's bytes. */
export interface Transcript {
  readonly requests: Reading[]
  /** What it came to: more is waited for, it was refused, or was closed as asked. */
  end: 'open' | 'refused' | 'closed'
}

/** A connection in memory. */
class Line extends Duplex {
  answered = ''

  constructor() {
    super({ allowHalfOpen: true })
    this.on('error', () => {})
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.answered += chunk.toString('latin1')
    done()
  }
}

/** Gives bytes to a server in pieces and waits until nothing stirs. */
async function feed(line: Line, pieces: readonly Buffer[], readings: readonly unknown[]) {
  for (const piece of pieces) {
    if (line.destroyed || line.writableEnded) break
    line.push(piece)
    await turns(1)
  }
  for (let last = -1; last !== readings.length; ) {
    last = readings.length
    await turns(6)
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** What our server makes of these bytes. */
export async function readByOurs(pieces: readonly Buffer[]): Promise<Transcript> {
  const transcript: Transcript = { requests: [], end: 'open' }
  const handle = async (request: ClientRequest) => {
    const body = await textOf(request.body?.stream())
    const trailers = [...(request.body?.trailers?.() ?? [])]
    const { method, target, headers } = request
    transcript.requests.push({ method, target, headers: [...headers], body, trailers })
    return { status: 200, reason: '', headers: [], body: Buffer.from('ok') }
  }
  const context = createServerContext({ handle }, defaultLimits, { port: 0, local: true })
  const line = new Line()
  // Proof: the server uses no more of a socket than a stream has, where there is no address.
  serveHttp1(context, line as unknown as Socket)
  line.resume()
  await feed(line, pieces, transcript.requests)
  if (/HTTP\/1\.1 4/.test(line.answered)) transcript.end = 'refused'
  else if (line.destroyed || line.writableEnded) transcript.end = 'closed'
  line.destroy()
  return transcript
}

/** What Node's own server makes of them. */
export class NodeReader {
  readonly #server: Server
  readonly #readings = new WeakMap<object, (Reading | undefined)[]>()
  readonly #refused = new WeakSet<object>()

  constructor() {
    const options = { maxHeaderSize: 32 * 1024, requireHostHeader: false, keepAliveTimeout: 0 }
    this.#server = createServer(options, async (request, response) => {
      const readings = this.#readings.get(request.socket) ?? []
      const { method = '', url: target = '', rawHeaders: headers } = request
      // Node reads on while an answer is awaited: the place is by the head.
      const place = readings.push(undefined) - 1
      try {
        const body = await textOf(request)
        readings[place] = { method, target, headers, body, trailers: request.rawTrailers }
        response.writeHead(200, { 'Content-Length': 2 }).end('ok')
      } catch {
        // Its body was cut.
      }
    })
    this.#server.on('clientError', (_, socket) => {
      // It stays open: what was read before is still handed on.
      this.#refused.add(socket)
    })
  }

  async read(pieces: readonly Buffer[]): Promise<Transcript> {
    const readings: (Reading | undefined)[] = []
    const line = new Line()
    this.#readings.set(line, readings)
    this.#server.emit('connection', line)
    await feed(line, pieces, readings)
    const isRefused = this.#refused.has(line) || /HTTP\/1\.1 4/.test(line.answered)
    const isClosed = line.destroyed || line.writableEnded
    line.destroy()
    const unread = readings.indexOf(undefined)
    const requests = readings.slice(0, unread === -1 ? undefined : unread).filter(isRead)
    return { requests, end: isRefused ? 'refused' : isClosed ? 'closed' : 'open' }
  }
}

function isRead(reading: Reading | undefined): reading is Reading {
  return reading !== undefined
}
