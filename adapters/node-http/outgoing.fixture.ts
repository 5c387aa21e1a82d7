import type { Outgoing } from '../../src/ports/transport.ts'
import type { RawPeer, RawServer } from './raw-peers.fixture.ts'

/** A small whole answer. */
export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A GET to a port of loopback, but for what the test says. */
export function outgoing(port: number, more: Partial<Outgoing> = {}): Outgoing {
  return {
    scheme: 'http',
    host: '127.0.0.1',
    port,
    method: 'GET',
    target: '/',
    headers: ['Host', 'a'],
    body: undefined,
    connectTimeout: 2000,
    writeTimeout: 2000,
    readTimeout: 2000,
    upgrade: false,
    fresh: false,
    ...more,
  }
}

/** Answers each request of each connection. */
export async function answerAll(peer: RawPeer, text = OK): Promise<void> {
  for (let count = 1; ; count++) {
    await peer.until('\r\n\r\n', count)
    peer.send(text)
  }
}

/** Resolves when the first connection was closed by the transport, in whatever way. */
export function left({ sockets: [socket] }: RawServer): Promise<unknown> {
  if (socket === undefined) throw new Error('Expected a connection')
  if (socket.readableEnded || socket.destroyed) return Promise.resolve()
  return new Promise((resolve) => socket.on('end', resolve).on('close', resolve))
}
