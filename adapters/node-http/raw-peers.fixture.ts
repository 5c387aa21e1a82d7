import { Buffer } from 'node:buffer'
import { connect, createServer, type Socket } from 'node:net'

/** A raw upstream for tests: each connection is handed over as it comes. */
export interface RawServer {
  readonly port: number
  /** Every connection so far, in order. */
  readonly sockets: readonly Socket[]
  close(): Promise<void>
}

/** Listens on loopback for tests. */
export function rawServer(
  serve: (peer: RawPeer, index: number) => void | Promise<void>,
  host = '127.0.0.1',
): Promise<RawServer> {
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    // The other side may end at any time; the test looks at what that side saw.
    void Promise.resolve(serve(new RawPeer(socket), sockets.length - 1)).catch(() => undefined)
  })
  return new Promise((resolve) => {
    server.listen(0, host, () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({
        port,
        sockets,
        close() {
          for (const socket of sockets) socket.destroy()
          return new Promise((done) => server.close(() => done()))
        },
      })
    })
  })
}

/** Connects as a raw client for tests. */
export function rawClient(port: number, host = '127.0.0.1'): RawPeer {
  return new RawPeer(connect({ port, host, allowHalfOpen: true }))
}

/** One end of a connection, read and written as latin1 text. */
export class RawPeer {
  readonly socket: Socket
  /** All that was received. */
  text = ''
  ended = false
  /** How the connection went: `end` for a clean close by the other side, else an error's code. */
  readonly closed: Promise<string>
  #waiting: (() => void)[] = []

  constructor(socket: Socket) {
    this.socket = socket
    let how = 'close'
    socket.on('data', (chunk) => {
      this.text += Buffer.from(chunk).toString('latin1')
      this.#wake()
    })
    socket.on('end', () => {
      how = 'end'
      this.ended = true
      this.#wake()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      how = error.code ?? 'error'
    })
    this.closed = new Promise((resolve) => {
      socket.on('end', () => resolve('end'))
      socket.on('close', () => {
        this.ended = true
        this.#wake()
        resolve(how)
      })
    })
  }

  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** Resolves when the text holds `part`, `count` times; rejects when the other side ends before. */
  async until(part: string, count = 1): Promise<string> {
    while (this.text.split(part).length - 1 < count) {
      if (this.ended) throw new Error(`Ended before "${part}", after "${this.text}"`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return this.text
  }

  /** Takes what was received so far away. */
  take(): string {
    const { text } = this
    this.text = ''
    return text
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** Reads a stream to its end as latin1 text. */
export async function textOf(
  body: Uint8Array | AsyncIterable<Uint8Array> | undefined,
): Promise<string> {
  if (body === undefined) return ''
  if (body instanceof Uint8Array) return Buffer.from(body).toString('latin1')
  let text = ''
  for await (const chunk of body) text += Buffer.from(chunk).toString('latin1')
  return text
}
