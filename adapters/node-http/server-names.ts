import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** Names that the runtime forgot, by the connection. */
const told = new WeakMap<Socket, string>()

/** The TLS server name a client asked for; undefined when it named none. */
export function sniOf(socket: Socket): string | undefined {
  const name = 'servername' in socket ? socket.servername : undefined
  return typeof name === 'string' && name !== '' ? name : told.get(socket)
}

/** The name of a connection's other end, which the TLS socket made of it bears too. */
export function peerOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`
}

/** What clients that shake hands said in their hellos. */
export interface HelloNames {
  add(raw: Socket, name: string | undefined): void
  /** Tells `sniOf` the name where the runtime does not know it. */
  settle(socket: TLSSocket): void
}

/** Node forgets the name of a client that comes back by a session of TLS 1.2. */
export function createHelloNames(): HelloNames {
  const names = new Map<string, string>()
  return {
    add(raw, name) {
      // Clients in the file system have no address to be known again by.
      if (name === undefined || raw.remoteAddress === undefined) return
      const peer = peerOf(raw)
      names.set(peer, name)
      raw.on('close', () => names.delete(peer))
    },
    settle(socket) {
      if (sniOf(socket) !== undefined) return
      const name = names.get(peerOf(socket))
      if (name !== undefined) told.set(socket, name)
    },
  }
}
