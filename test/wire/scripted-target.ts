import { Buffer } from 'node:buffer'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { ByteReader, EndOfBytes } from './byte-reader.ts'
import {
  Ambiguous,
  type Body,
  framingOf,
  type Pair,
  readBody,
  readHead,
  valuesOf,
} from './message.ts'

/** The connection a request came on. */
interface Wire {
  /** Counts the connections from 1. */
  readonly connection: number
  readonly socket: Socket
  readonly reader: ByteReader
}

/** One request as it reached the target. */
export class Seen implements Wire {
  readonly method: string
  readonly target: string
  readonly headers: readonly Pair[]
  readonly connection: number
  readonly socket: Socket
  readonly reader: ByteReader
  /** The script has agreed to another protocol; what comes is no request any more. */
  switched = false
  #body: Promise<Body> | undefined

  constructor(parts: Pick<Seen, 'method' | 'target' | 'headers'>, wire: Wire) {
    this.method = parts.method
    this.target = parts.target
    this.headers = parts.headers
    this.connection = wire.connection
    this.socket = wire.socket
    this.reader = wire.reader
  }

  /** All values of a header. */
  values(name: string): string[] {
    return valuesOf(this.headers, name)
  }

  /** Reads the body, once. */
  body(): Promise<Body> {
    this.#body ??= readBody(this.reader, { start: '', headers: this.headers }, 'none')
    return this.#body
  }

  /** Writes bytes of an answer. */
  write(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }
}

/** What the target does with a request. */
export type Script = (seen: Seen) => Promise<void> | void

/** A target on raw sockets that reads strictly and answers what it is told. */
export interface ScriptedTarget {
  readonly port: number
  readonly seen: Seen[]
  /** What was asked for, in order. */
  readonly paths: string[]
  /** What came that two servers could read in two ways. */
  readonly faults: string[]
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>
  script: Script
  /** Waits until so many requests have come, one by default; the last of them. */
  next(count?: number): Promise<Seen>
  close(): Promise<void>
}

/** Answers with fixed bytes once the request is whole. */
export function answering(bytes: string | Buffer): Script {
  return async (seen) => {
    await seen.body()
    seen.write(bytes)
  }
}

/** An answer with a length. */
export function plain(body: string, headers = '', status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`
}

/** What a target answers by default. */
export const ok: Script = answering(plain('ok', 'X-Own: kept\r\n'))

/** Waits until a socket is closed, however it was. */
export function whenClosed(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error('The connection stayed open'))
    const timer = setTimeout(late, 3000)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Starts a target on a free port of 127.0.0.1. */
export async function startScriptedTarget(): Promise<ScriptedTarget> {
  const open = new Set<Socket>()
  let connections = 0
  let wake: (() => void) | undefined
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    const wire = { socket, reader: new ByteReader(socket), connection: ++connections }
    void serve(target, wire, () => wake?.())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const target: ScriptedTarget = {
    port: (server.address() as AddressInfo).port,
    seen: [],
    get paths() {
      return target.seen.map(({ target: path }) => path)
    },
    faults: [],
    open,
    script: ok,
    async next(count = 1) {
      let late = false
      const timer = setTimeout(() => {
        late = true
        wake?.()
      }, 3000)
      while (target.seen.length < count && !late) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      clearTimeout(timer)
      const last = target.seen[count - 1]
      if (last === undefined) throw new Error(`Request ${count} did not reach the target`)
      return last
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
  return target
}

async function serve(target: ScriptedTarget, wire: Wire, come: () => void): Promise<void> {
  try {
    while (await wire.reader.more()) {
      const seen = await readRequest(wire)
      target.seen.push(seen)
      come()
      await target.script(seen)
      if (seen.switched) return
      await seen.body()
    }
  } catch (error) {
    if (!(error instanceof EndOfBytes)) target.faults.push(String(error))
  }
  wire.socket.destroy()
}

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\/[\x21-\x22\x24-\x7e]*) HTTP\/1\.1$/

async function readRequest(wire: Wire): Promise<Seen> {
  const head = await readHead(wire.reader)
  const [, method = '', target = ''] = REQUEST_LINE.exec(head.start) ?? []
  if (method === '') throw new Ambiguous(`request line ${JSON.stringify(head.start)}`)
  if (valuesOf(head.headers, 'host').length !== 1) throw new Ambiguous('not one Host')
  framingOf(head)
  return new Seen({ method, target, headers: head.headers }, wire)
}
