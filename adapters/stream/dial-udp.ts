import type { Buffer } from 'node:buffer'
import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { expandIpv6 } from '../../src/lib/ip.ts'
import type { Dial, Dialled, StreamPlace } from '../../src/ports/stream.ts'

/** A peer that datagrams are exchanged with. */
export interface DatagramPeer {
  send(bytes: Buffer): void
  close(): void
}

/** Makes a socket for each peer; `onReply` gets what that peer sends, and nobody else. */
export function dialDatagrams(onReply: (bytes: Buffer) => void): Dial<DatagramPeer> {
  return async (place) => {
    try {
      return { ok: true, socket: await open(place, onReply) }
    } catch (error) {
      return failed(error)
    }
  }
}

async function open(
  { host, port }: StreamPlace,
  onReply: (bytes: Buffer) => void,
): Promise<DatagramPeer> {
  const { address, family } = await addressOf(host)
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  await bound(socket, family === 6 ? '::' : '0.0.0.0')
  const own = expandIpv6(address)
  socket.on('error', ignore)
  socket.on('message', (bytes, from) => {
    if (from.port === port && expandIpv6(from.address) === own) onReply(bytes)
  })
  let closed = false
  return {
    send(bytes) {
      if (!closed) socket.send(bytes, port, address, ignore)
    },
    close() {
      if (closed) return
      closed = true
      socket.close()
    },
  }
}

async function addressOf(host: string): Promise<{ address: string; family: number }> {
  const family = isIP(host)
  if (family !== 0) return { address: host, family }
  // RFC 6761: this one is the loopback, whatever a hosts file says.
  return host === 'localhost' ? { address: '127.0.0.1', family: 4 } : lookup(host)
}

function bound(socket: Socket, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ address, port: 0 }, () => {
      socket.off('error', reject)
      resolve()
    })
  })
}

function failed(error: unknown): Dialled<DatagramPeer> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return { ok: false, failure: 'tcp', code }
}

function ignore(): void {}
