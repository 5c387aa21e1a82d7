import { createSocket, type Socket, type SocketType } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type DatagramPlace, SocketError } from '../../src/ports/sockets.ts'

/** Sends datagrams from one socket for each family, opened when first needed. */
export interface Datagrams {
  send(place: DatagramPlace, bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Starts with no socket; those it opens do not keep the process going. */
export function createDatagrams(): Datagrams {
  const sockets = new Map<SocketType, Socket>()

  const socketFor = (type: SocketType): Socket => {
    const known = sockets.get(type)
    if (known !== undefined) return known
    const socket = createSocket(type)
    sockets.set(type, socket)
    // What a network says of a datagram that left is for nobody; a socket that broke is made anew.
    socket.on('error', () => drop(type, socket))
    socket.unref()
    return socket
  }
  const drop = (type: SocketType, socket: Socket): void => {
    if (sockets.get(type) !== socket) return
    sockets.delete(type)
    socket.close()
  }

  return {
    async send({ host, port }, bytes) {
      try {
        const { address, family } = await addressOf(host)
        await sendBy(socketFor(family === 6 ? 'udp6' : 'udp4'), { host: address, port }, bytes)
      } catch (error) {
        throw failure(error, `${host}:${port}`)
      }
    },
    async close() {
      for (const [type, socket] of [...sockets]) drop(type, socket)
    },
  }
}

function sendBy(socket: Socket, { host, port }: DatagramPlace, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(bytes, port, host, (error) => {
      if (error === null || error === undefined) resolve()
      else reject(error)
    })
  })
}

async function addressOf(host: string): Promise<{ address: string; family: number }> {
  const family = isIP(host)
  if (family !== 0) return { address: host, family }
  // RFC 6761: this one is the loopback, whatever a hosts file says.
  return host === 'localhost' ? { address: '127.0.0.1', family: 4 } : lookup(host)
}

function failure(error: unknown, place: string): SocketError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO'
  return new SocketError(code, `Cannot send a datagram to ${place}: ${code}`, { cause: error })
}
