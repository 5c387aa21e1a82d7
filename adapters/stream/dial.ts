import type { Socket } from 'node:net'
import type { Dial, Dialled, StreamPlace } from '../../src/ports/stream.ts'
import { lossCode } from '../node-http/lack-of-files.ts'
import { isChainTooLong, openRaw } from '../node-http/transport-connect.ts'

/** Connects to upstreams for a client, as long as that is there. */
export function dialFor(client: Socket): Dial<Socket> {
  return (place) => new Promise((resolve) => dial(client, place, resolve))
}

function dial(client: Socket, place: StreamPlace, resolve: (dialled: Dialled<Socket>) => void) {
  if (client.destroyed) {
    resolve({ ok: false, failure: 'left', code: 'LEFT' })
    return
  }
  const { host, port, tls, connectTimeout } = place
  const socket = openRaw({ host, port, tls })
  const fail = (failure: 'tcp' | 'timeout' | 'left', code: string): void => {
    settle()
    socket.destroy()
    resolve({ ok: false, failure, code })
  }
  const settle = (): void => {
    clearTimeout(timer)
    client.off('close', left)
    socket.off('close', closed)
  }
  const left = (): void => fail('left', 'LEFT')
  const closed = (): void => fail('tcp', code)
  const timer = setTimeout(() => fail('timeout', 'ETIMEDOUT'), connectTimeout)
  let code = 'CLOSED'
  client.on('close', left)
  // Its error comes first, then its close; later ones are of whoever has it then.
  socket.on('error', (error) => {
    code = lossCode(error, error.message)
  })
  socket.on('close', closed)
  socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
    if (isChainTooLong(socket, tls)) {
      fail('tcp', 'CERT_CHAIN_TOO_LONG')
      return
    }
    settle()
    resolve({ ok: true, socket })
  })
}
