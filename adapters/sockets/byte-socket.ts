import type { Socket } from 'node:net'
import { type ByteSocket, SocketError } from '../../src/ports/sockets.ts'
import { openTlsOver } from '../node-http/transport-connect.ts'
import { createEnding } from './ending.ts'
import { untilStanding } from './standing.ts'

/** What is kept of bytes that nobody listens to yet. */
const MOST_UNHEARD = 64 * 1024

/** A connected socket as plugins see it; the name is for messages. */
export function byteSocketOf(socket: Socket, name: string): ByteSocket {
  const ending = createEnding(() => socket.destroy())
  const ended = (): void => ending.tell()
  socket.on('end', ended)
  socket.on('error', (error) => ending.tell(errorOf(error)))
  socket.on('close', () => ending.tell())
  return {
    get open() {
      return !ending.over && !socket.destroyed
    },
    write: (bytes) => (ending.over ? Promise.reject(ending.reason()) : writeTo(socket, bytes)),
    onData: hearing(socket),
    onClose: ending.onClose,
    startTls(tls, timeout) {
      if (ending.over) return Promise.reject(ending.reason())
      // From here on its bytes, and their end, are the handshake's.
      socket.removeAllListeners('data').off('end', ended)
      const secure = openTlsOver(socket, tls)
      const take = (): ByteSocket => byteSocketOf(secure, name)
      return untilStanding(secure, { name, tls, timeout, take })
    },
    close: ended,
    hold(holds) {
      if (holds) socket.ref()
      else socket.unref()
    },
  }
}

/** Sets who hears what comes; reads from now on, for the other side's end comes behind its bytes. */
function hearing(socket: Socket): ByteSocket['onData'] {
  let unheard: Uint8Array[] = []
  let length = 0
  let hear = (bytes: Uint8Array): void => {
    length += bytes.length
    if (length <= MOST_UNHEARD) unheard.push(bytes)
  }
  socket.on('data', (bytes) => hear(bytes))
  return (listener) => {
    hear = listener
    const early = unheard
    unheard = []
    for (const bytes of early) listener(bytes)
  }
}

function writeTo(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => {
      if (error === null || error === undefined) resolve()
      else reject(errorOf(error))
    })
  })
}

function errorOf(error: Error): SocketError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'ECONNRESET'
  return new SocketError(code, `The connection broke: ${code}`, { cause: error })
}
