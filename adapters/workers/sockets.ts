import {
  type ByteSocket,
  SocketError,
  type SocketPlace,
  type Sockets,
} from '../../src/ports/sockets.ts'
import { streamByteSocket } from './byte-socket.ts'
import type { Connect, StreamSocket } from './platform.ts'

/**
 * Sockets of Workers: TCP, and TLS with names that the public authorities vouch for. A connection
 * belongs to the request that opened it.
 */
export function createWorkersSockets(connect: Connect): Sockets {
  return {
    caps: {
      tcp: true,
      udp: false,
      unix: false,
      pooled: false,
      verifyOff: false,
      ownCertificates: false,
      startTls: true,
    },
    connect: (place) => open(connect, place),
    close: async () => {},
  }
}

async function open(connect: Connect, place: SocketPlace): Promise<ByteSocket> {
  const { host, port, tls, startTls, connectTimeout } = place
  const impossible = whyNot(place)
  if (impossible !== undefined) throw new SocketError('UNSUPPORTED', impossible)
  // An IPv6 address needs its brackets here.
  const hostname = host.includes(':') ? `[${host}]` : host
  const later = startTls === true ? 'starttls' : 'off'
  const secureTransport = tls === undefined ? later : 'on'
  const dial = () => connect({ hostname, port }, { secureTransport, allowHalfOpen: false })
  const socket = await standing(dial, place, connectTimeout)
  if (secureTransport !== 'starttls') return streamByteSocket(socket)
  return streamByteSocket(socket, async (tls, timeout) => {
    const problem = whyNot({ ...place, tls })
    if (problem !== undefined) throw new SocketError('UNSUPPORTED', problem)
    return streamByteSocket(await standing(() => socket.startTls(), place, timeout))
  })
}

/** Waits until it stands, the handshake included; rejects with a SocketError, and closes it. */
async function standing(
  dial: () => StreamSocket,
  { host, port }: SocketPlace,
  timeout: number,
): Promise<StreamSocket> {
  let socket: StreamSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new SocketError('ETIMEDOUT', `Cannot connect to ${host}:${port} in time`)
    timer = setTimeout(() => reject(error), timeout)
  })
  try {
    socket = dial()
    ignore(socket.closed)
    await Promise.race([socket.opened, late])
    return socket
  } catch (error) {
    if (socket !== undefined) ignore(socket.close())
    if (error instanceof SocketError) throw error
    // The runtime tells nothing more.
    const message = `Cannot connect to ${host}:${port}: ${String(error)}`
    throw new SocketError('ECONNREFUSED', message, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function whyNot({ host, path, tls }: SocketPlace): string | undefined {
  if (path !== undefined) return 'Cannot connect to a Unix socket on Workers'
  if (tls === undefined) return undefined
  if (!tls.verify) return 'Cannot speak TLS without verifying the certificate on Workers'
  // workerd: `expectedServerHostname` of `startTls` is refused.
  if (tls.serverName !== host) return `Cannot expect "${tls.serverName}" of "${host}" on Workers`
  if (tls.ca !== undefined) return 'Cannot trust authorities of our own on Workers'
  if (tls.verifyDepth !== undefined) return 'Cannot limit the length of a chain on Workers'
  if (tls.clientCertificate !== undefined) return 'Cannot show a client certificate on Workers'
  return undefined
}

function ignore(work: Promise<unknown>): void {
  work.catch(() => {})
}
