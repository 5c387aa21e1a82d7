import { Buffer } from 'node:buffer'
import { createServer, type Server, type Socket } from 'node:net'
import type { Address, CertificateSource } from '../../src/ports/server.ts'
import { IS_BUN } from './quirks.ts'
import { readStart } from './read-start.ts'
import type { ServerContext } from './server-context.ts'
import { peerOf } from './server-names.ts'
import { readProxyHeader } from './server-proxy-protocol.ts'
import { createTlsGate, type TlsGate } from './server-tls.ts'

/** What stands before a connection's first request. */
export interface FrontOptions {
  readonly tls: CertificateSource | undefined
  readonly http2: boolean
  readonly proxyProtocol: boolean
  readonly onHttp1: (socket: Socket) => void
  readonly onHttp2: (socket: Socket) => void
}

/** A port of its own that hands each connection to the server for what it speaks. */
export interface Front {
  readonly server: Server
  /** Connections that are open, those that never became a client's too. */
  readonly open: ReadonlySet<Socket>
  /** Ends those that have not said yet what they speak. */
  destroySilent(): void
  /** Ends all of them. */
  destroyAll(): void
}

/** Makes one; it does not listen yet. */
export function createFront(context: ServerContext, options: FrontOptions): Front {
  const sockets = new Set<Socket>()
  const silent = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', ignore)
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      silent.delete(socket)
    })
    context.tally.accepted++
    if (sockets.size <= context.limits.maxConnections) accept(socket)
    else {
      context.tally.refused++
      socket.destroy()
    }
  })
  const gate = options.tls === undefined ? undefined : gateOf(context, options, options.tls)

  function accept(socket: Socket): void {
    silent.add(socket)
    if (options.proxyProtocol) readProxied(context, socket, () => enter(socket))
    else enter(socket)
  }

  function begin(socket: Socket, take: (socket: Socket) => void): void {
    silent.delete(socket)
    take(socket)
  }

  function enter(socket: Socket): void {
    // How a handshake goes is the gate's affair.
    if (gate !== undefined) silent.delete(socket)
    if (gate !== undefined) gate.pass(socket)
    else if (options.http2) sniff(context, socket, { onHttp1, onHttp2 })
    else handOver(socket, onHttp1)
  }

  const onHttp1 = (socket: Socket): void => begin(socket, options.onHttp1)
  const onHttp2 = (socket: Socket): void => begin(socket, options.onHttp2)

  return {
    server,
    open: sockets,
    destroySilent() {
      for (const socket of silent) socket.destroy()
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function gateOf(
  context: ServerContext,
  { http2, onHttp1, onHttp2 }: FrontOptions,
  source: CertificateSource,
): TlsGate {
  return createTlsGate({
    source,
    listener: 'http',
    wheel: context.wheel,
    protocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    handshakeTimeout: context.limits.headersTimeout,
    onSecure(socket) {
      socket.on('error', ignore)
      if (http2 && socket.alpnProtocol === 'h2') onHttp2(socket)
      else onHttp1(socket)
    },
  })
}

function readProxied(context: ServerContext, socket: Socket, next: () => void): void {
  const look = (bytes: Buffer): number | 'more' => {
    const header = readProxyHeader(bytes)
    if (header === 'more') return 'more'
    if (header === 'none') {
      // Whoever speaks without one is not the balancer in front of us.
      socket.destroy()
      return 0
    }
    if (header.client !== undefined) tell(context, socket, header.client)
    return header.length
  }
  readStart(socket, { wheel: context.wheel, timeout: context.limits.headersTimeout, look, next })
}

function tell({ proxied }: ServerContext, socket: Socket, client: Address): void {
  const key = peerOf(socket)
  proxied.set(key, client)
  socket.on('close', () => proxied.delete(key))
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

/** Over cleartext HTTP/2 is known by its first bytes alone. */
function sniff(
  context: ServerContext,
  socket: Socket,
  { onHttp1, onHttp2 }: Pick<FrontOptions, 'onHttp1' | 'onHttp2'>,
): void {
  let isHttp2 = false
  const look = (bytes: Buffer): number | 'more' => {
    const length = Math.min(bytes.length, PREFACE.length)
    isHttp2 = bytes.compare(PREFACE, 0, length, 0, length) === 0
    return isHttp2 && length < PREFACE.length ? 'more' : 0
  }
  const next = (): void => {
    if (isHttp2) handPreface(socket, onHttp2)
    else handOver(socket, onHttp1)
  }
  readStart(socket, { wheel: context.wheel, timeout: context.limits.headersTimeout, look, next })
}

function handOver(socket: Socket, take: (socket: Socket) => void): void {
  take(socket)
  socket.resume()
}

/** Bun's HTTP/2 does not see what was put back; what comes anew it does. */
function handPreface(socket: Socket, take: (socket: Socket) => void): void {
  // Proof: nobody has set an encoding.
  const bytes = IS_BUN ? (socket.read() as Buffer | null) : null
  take(socket)
  if (bytes !== null) socket.emit('data', bytes)
  if (IS_BUN) socket.resume()
}

function ignore(): void {}
