import { connect } from 'node:net'
import { type RawPeer, type RawServer, rawServer } from './raw-peers.fixture.ts'

/** An HTTP proxy for tests, which leads every name to loopback. */
export interface FakeProxy {
  readonly server: RawServer
  readonly port: number
  /** The head of each connection's first request, in order. */
  readonly heads: readonly string[]
  close(): Promise<void>
}

/** A proxy that opens every tunnel, and sends whatever else on, to a port of loopback. */
export async function openProxy(portBehind: number): Promise<FakeProxy> {
  const heads: string[] = []
  const server = await rawServer(async (peer) => {
    const text = await peer.until('\r\n\r\n')
    heads.push(text.slice(0, text.indexOf('\r\n\r\n')))
    lead(peer, text, portBehind)
  })
  return { server, port: server.port, heads, close: () => server.close() }
}

function lead({ socket }: RawPeer, text: string, port: number): void {
  const behind = connect({ port, host: '127.0.0.1' })
  socket.removeAllListeners('data')
  behind.on('connect', () => {
    if (text.startsWith('CONNECT ')) socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    else behind.write(text, 'latin1')
    socket.pipe(behind).pipe(socket)
  })
  behind.on('error', () => socket.destroy()).on('close', () => socket.destroy())
  socket.on('error', () => behind.destroy()).on('close', () => behind.destroy())
}
