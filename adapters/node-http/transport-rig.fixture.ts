import { afterEach } from 'vitest'
import type { Outgoing, Transport } from '../../src/ports/transport.ts'
import { outgoing } from './outgoing.fixture.ts'
import { type RawPeer, type RawServer, rawServer } from './raw-peers.fixture.ts'
import { createSocketTransport, type SocketTransportOptions } from './transport.ts'

/** A transport and raw upstreams of a test file, all of them gone after each test. */
export interface TransportRig {
  /** A fresh one in each test. */
  readonly transport: Transport
  /** Another one for the rest of the test. */
  use(options: SocketTransportOptions): Promise<void>
  upstream(
    serve: (peer: RawPeer, index: number) => void | Promise<void>,
    host?: string,
  ): Promise<RawServer>
  /** Sends `outgoing(port, more)`. */
  send(port: number, more?: Partial<Outgoing>): ReturnType<Transport['send']>
}

/** To be called once, at the top of a test file. */
export function transportRig(): TransportRig {
  const open: RawServer[] = []
  let transport = createSocketTransport()
  afterEach(async () => {
    await transport.close()
    transport = createSocketTransport()
    await Promise.all(open.splice(0).map((server) => server.close()))
  })
  return {
    get transport() {
      return transport
    },
    async use(options) {
      await transport.close()
      transport = createSocketTransport(options)
    },
    async upstream(serve, host) {
      const server = await rawServer(serve, host)
      open.push(server)
      return server
    },
    send: (port, more = {}) => transport.send(outgoing(port, more)),
  }
}
