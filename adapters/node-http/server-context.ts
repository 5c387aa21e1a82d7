import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Address, Answer, ClientRequest } from '../../src/ports/server.ts'
import type { UploadOptions } from './server-body.ts'
import { reasonOf } from './server-check.ts'
import { Client } from './server-client.ts'
import { createTimerWheel, type TimerWheel } from './timer-wheel.ts'

/** Bounds on what clients may do; milliseconds and bytes. */
export interface ServerLimits {
  readonly maxHeaderSize: number
  /** A request head must be whole after this. */
  readonly headersTimeout: number
  readonly keepAliveTimeout: number
  /** A request body may pause this long while someone waits for it. */
  readonly bodyTimeout: number
  /** A client may leave an answer unread this long. */
  readonly sendTimeout: number
  /** Longer request bodies are refused with 413; chunked ones when they grow too long. */
  readonly maxBody: number
  /** Connections beyond these are closed as they come. */
  readonly maxConnections: number
  /** HTTP/2: requests at the same time on one connection. */
  readonly maxStreams: number
  /** HTTP/2: requests taken back within a second, after which the connection ends. */
  readonly maxResets: number
}

/** Kong's bounds, except the head's: a slow head is cut sooner. */
export const defaultLimits: ServerLimits = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 15_000,
  keepAliveTimeout: 75_000,
  bodyTimeout: 60_000,
  sendTimeout: 60_000,
  maxBody: Number.POSITIVE_INFINITY,
  maxConnections: Number.POSITIVE_INFINITY,
  maxStreams: 128,
  maxResets: 200,
}

/** What a listener answers with. */
export interface Handlers {
  readonly handle: (request: ClientRequest) => Promise<Answer> | Answer
  /** Makes the answer to what never becomes a request. */
  readonly onBadRequest?: ((status: number, reason: string) => Answer) | undefined
}

/** Connections since the start; whoever takes them in counts. */
export interface ConnectionTally {
  accepted: number
  /** Of those, the ones that were too many. */
  refused: number
}

/** What the parts of one listener share. */
export interface ServerContext {
  readonly handle: Handlers['handle']
  readonly limits: ServerLimits
  readonly wheel: TimerWheel
  readonly clients: ReadonlyMap<Socket, Client>
  readonly tally: ConnectionTally
  /** What PROXY protocol headers told, by the connection's peer. */
  readonly proxied: Map<string, Address>
  refusal(status: number): Answer
  clientOf(socket: Socket): Client
  uploadOptions(length: number | undefined): UploadOptions
  /** Every answer from now on is its connection's last. */
  close(): void
}

/** Makes a listener's shared part. */
export function createServerContext(
  handlers: Handlers,
  limits: ServerLimits,
  { port, local }: { port: number; local: boolean },
): ServerContext {
  const wheel = createTimerWheel()
  const clients = new Map<Socket, Client>()
  const proxied = new Map<string, Address>()
  const { onBadRequest = plainRefusal } = handlers
  const share = { wheel, port, local, proxied, sendTimeout: limits.sendTimeout }
  let closing = false

  function clientOf(socket: Socket): Client {
    const known = clients.get(socket)
    if (known !== undefined) return known
    const client = new Client(socket, share)
    client.closing = closing
    if (socket.destroyed) return client
    clients.set(socket, client)
    socket.on('close', () => clients.delete(socket))
    return client
  }

  return {
    handle: handlers.handle,
    limits,
    wheel,
    clients,
    tally: { accepted: 0, refused: 0 },
    proxied,
    clientOf,
    refusal: (status) => onBadRequest(status === 494 ? 400 : status, reasonOf(status)),
    uploadOptions: (length) => ({
      length,
      maxBody: limits.maxBody,
      wheel,
      idleTimeout: limits.bodyTimeout,
    }),
    close() {
      closing = true
      for (const client of clients.values()) client.closing = true
    },
  }
}

function plainRefusal(status: number, reason: string): Answer {
  const body = Buffer.from(JSON.stringify({ message: reason }))
  return {
    status,
    reason: '',
    headers: ['Content-Type', 'application/json; charset=utf-8'],
    body,
  }
}
