import { createConnection, type Socket } from 'node:net'
import {
  type ByteSocket,
  SocketError,
  type SocketPlace,
  type Sockets,
} from '../../src/ports/sockets.ts'
import { openRaw } from '../node-http/transport-connect.ts'
import { byteSocketOf } from './byte-socket.ts'
import { createDatagrams } from './datagrams.ts'
import { untilStanding } from './standing.ts'

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
      startTls: true,
    },
    connect,
    sendDatagram: datagrams.send,
    close: datagrams.close,
  }
}

async function connect(place: SocketPlace): Promise<ByteSocket> {
  const { tls, path, connectTimeout } = place
  if (path !== undefined && tls !== undefined)
    throw new SocketError('UNSUPPORTED', `Cannot speak TLS with the Unix socket "${path}"`)
  const socket = open(place)
  const name = nameOf(place)
  const take = (): ByteSocket => byteSocketOf(socket, name)
  return untilStanding(socket, { name, tls, timeout: connectTimeout, take })
}

function open({ host, port, path, tls }: SocketPlace): Socket {
  return path === undefined ? openRaw({ host, port, tls }) : createConnection({ path })
}

function nameOf({ host, port, path }: SocketPlace): string {
  return path ?? `${host}:${port}`
}
