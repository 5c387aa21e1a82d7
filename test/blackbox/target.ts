import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createRawServer, type Socket } from 'node:net'
import { freePort } from '../runtimes/ports.ts'

/** A server to balance over, whose manners can be changed while it runs. */
export interface Target {
  readonly port: number
  readonly name: string
  /** Requests received, probes not counted. */
  readonly seen: { method: string; url: string; headers: string[]; body: string }[]
  /** `ok` answers 200 with its name, a number answers that status, `hang` never answers, `reset` drops. */
  manner:
    | 'ok'
    | 'hang'
    | 'reset'
    | number
    | ((request: IncomingMessage, response: ServerResponse) => void)
  /** Stops listening and drops all connections. */
  close(): Promise<void>
  /** Listens again on the same port. */
  open(): Promise<void>
}

/** Starts a target on a free port of 127.0.0.1. */
export async function startTarget(name: string): Promise<Target> {
  const sockets = new Set<Socket>()
  let server: Server
  // Of the tests' own: while it is closed nobody else is given it.
  const port = await freePort()

  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server = createServer((request, response) => serve(target, request, response))
      server.keepAliveTimeout = 60_000
      server.on('connection', (socket) => {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
      })
      server.on('error', reject)
      server.listen(port, '127.0.0.1', () => resolve())
    })
  const target: Target = {
    port,
    name,
    seen: [],
    manner: 'ok',
    open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  await open()
  return target
}

function serve(target: Target, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  const { manner } = target
  if (typeof manner === 'function') {
    manner(request, response)
    return
  }
  if (manner === 'reset') {
    request.socket.destroy()
    return
  }
  request.on('end', () => {
    const { method = '', url = '', rawHeaders } = request
    target.seen.push({ method, url, headers: rawHeaders, body: Buffer.concat(chunks).toString() })
    if (manner === 'hang') return
    const body = JSON.stringify({ target: target.name, url, headers: request.headers })
    response.writeHead(typeof manner === 'number' ? manner : 200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'X-Target': target.name,
    })
    response.end(body)
  })
}

/** A target that answers every connection with fixed bytes, then ends it (or not). */
export async function startRawTarget(
  answer: string | Buffer,
  options: { end?: boolean } = {},
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createRawServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => {
      if (options.end === false) socket.write(answer)
      else socket.end(answer)
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
