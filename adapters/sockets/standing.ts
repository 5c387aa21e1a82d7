import type { Socket } from 'node:net'
import { SocketError } from '../../src/ports/sockets.ts'
import type { UpstreamTls } from '../../src/ports/transport.ts'
import { isChainTooLong } from '../node-http/transport-connect.ts'

/** What is waited for. */
export interface Standing<T> {
  /** For messages. */
  readonly name: string
  readonly tls: UpstreamTls | undefined
  /** Milliseconds it may take. */
  readonly timeout: number
  /** Takes the socket over in the very moment it stands, so that no event of it is lost. */
  readonly take: () => T
}

/** Waits until a socket stands, the handshake included; rejects with a SocketError, and destroys it. */
export function untilStanding<T>(socket: Socket, standing: Standing<T>): Promise<T> {
  const { name, tls, timeout, take } = standing
  return new Promise((resolve, reject) => {
    const fail = (error: SocketError): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    const refused = (error?: NodeJS.ErrnoException): void => fail(failure(name, error))
    const closed = (): void => refused()
    const timer = setTimeout(
      () => fail(new SocketError('ETIMEDOUT', `Cannot connect to ${name} in time`)),
      timeout,
    )
    socket.on('error', refused).on('close', closed)
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      if (isChainTooLong(socket, tls)) {
        fail(new SocketError('CERT_CHAIN_TOO_LONG', `Cannot trust ${name}: chain too long`))
        return
      }
      clearTimeout(timer)
      resolve(take())
      socket.off('error', refused).off('close', closed)
    })
  })
}

function failure(name: string, error?: NodeJS.ErrnoException): SocketError {
  const code = error?.code ?? 'ECONNRESET'
  return new SocketError(code, `Cannot connect to ${name}: ${code}`, { cause: error })
}
