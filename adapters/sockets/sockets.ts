import { createConnection, type Socket } from 'node:net'
import {
  type ByteSocket,
  SocketError,
  type SocketPlace,
  type Sockets,
} from '../../src/ports/sockets.ts'
import { isChainTooLong, openRaw } from '../node-http/transport-connect.ts'
import { byteSocketOf } from './byte-socket.ts'
import { createDatagrams } from './datagrams.ts'

/** Sockets over `node:net`, `node:tls` and `node:dgram`, which Node, Bun and Deno all have. */
export function createNodeSockets(): Sockets {
  const datagrams = createDatagrams()
  return {
    caps: {
      tcp: true,
      udp: true,
      unix: true,
      pooled: true,
      verifyOff: true,
      ownCertificates: true,
    },
    connect: (place) => new Promise((resolve, reject) => connect(place, resolve, reject)),
    sendDatagram: datagrams.send,
    close: datagrams.close,
  }
}

function connect(
  place: SocketPlace,
  resolve: (socket: ByteSocket) => void,
  reject: (error: SocketError) => void,
): void {
  const { tls, path, connectTimeout } = place
  if (path !== undefined && tls !== undefined) {
    reject(new SocketError('UNSUPPORTED', `Cannot speak TLS with the Unix socket "${path}"`))
    return
  }
  const socket = open(place)
  const fail = (error: SocketError): void => {
    clearTimeout(timer)
    socket.destroy()
    reject(error)
  }
  const refused = (error?: NodeJS.ErrnoException): void => fail(failure(place, error))
  const closed = (): void => refused()
  const timer = setTimeout(
    () => fail(new SocketError('ETIMEDOUT', `Cannot connect to ${nameOf(place)} in time`)),
    connectTimeout,
  )
  socket.on('error', refused).on('close', closed)
  socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
    if (isChainTooLong(socket, tls)) {
      fail(new SocketError('CERT_CHAIN_TOO_LONG', `Cannot trust ${nameOf(place)}: chain too long`))
      return
    }
    clearTimeout(timer)
    resolve(byteSocketOf(socket))
    socket.off('error', refused).off('close', closed)
  })
}

function open({ host, port, path, tls }: SocketPlace): Socket {
  return path === undefined ? openRaw({ host, port, tls }) : createConnection({ path })
}

function failure(place: SocketPlace, error?: NodeJS.ErrnoException): SocketError {
  const code = error?.code ?? 'ECONNRESET'
  return new SocketError(code, `Cannot connect to ${nameOf(place)}: ${code}`, { cause: error })
}

function nameOf({ host, port, path }: SocketPlace): string {
  return path ?? `${host}:${port}`
}
