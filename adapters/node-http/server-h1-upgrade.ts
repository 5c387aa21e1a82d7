import type { Buffer } from 'node:buffer'
import type { Answer } from '../../src/ports/server.ts'
import type { Exchange } from './server-exchange.ts'
import { headText } from './server-h1-text.ts'
import { cutSocket } from './server-socket.ts'
import type { SocketTunnel } from './tunnel.ts'

/** A handshake the upstream has agreed to. */
export interface Handshake {
  readonly answer: Answer
  readonly tunnel: SocketTunnel
  /** What the client has sent behind it already. */
  readonly early: Buffer | undefined
}

/** Answers a handshake and joins the client's connection with the upstream's. */
export function joinTunnel(exchange: Exchange, { answer, tunnel, early }: Handshake): void {
  const { client } = exchange
  const { socket } = client
  let head: string
  try {
    head = headText({ ...answer, reason: answer.reason || 'Switching Protocols' })
  } catch {
    tunnel.socket.destroy()
    exchange.settle(false)
    cutSocket(socket)
    return
  }
  socket.pause()
  socket.write(head, 'latin1')
  client.taken = true
  client.remove(exchange)
  tunnel.join(socket, early, (whole) => exchange.settle(whole))
}
