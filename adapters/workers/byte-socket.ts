import { type ByteSocket, SocketError } from '../../src/ports/sockets.ts'
import { createEnding, type Ending } from '../sockets/ending.ts'
import type { StreamSocket } from './platform.ts'

/** A connected socket as plugins see it; bytes are read once somebody listens. */
export function streamByteSocket(socket: StreamSocket): ByteSocket {
  const writer = socket.writable.getWriter()
  // Closing what broke fails too; its end is known already.
  const ending = createEnding(() => void socket.close().catch(() => {}))
  writer.closed.then(
    () => ending.tell(),
    (error: unknown) => ending.tell(errorOf(error)),
  )
  return {
    get open() {
      return !ending.over
    },
    async write(bytes) {
      if (ending.over) throw ending.reason()
      try {
        await writer.write(bytes)
      } catch (error) {
        ending.tell(errorOf(error))
        throw ending.reason()
      }
    },
    onData: hearing(socket, ending),
    onClose: ending.onClose,
    close: () => ending.tell(),
  }
}

function hearing({ readable }: StreamSocket, ending: Ending): ByteSocket['onData'] {
  let hear: ((bytes: Uint8Array) => void) | undefined
  const read = async (): Promise<void> => {
    const reader = readable.getReader()
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        if (!ending.over) hear?.(piece.value)
      }
      ending.tell()
    } catch (error) {
      ending.tell(errorOf(error))
    }
  }
  return (listener) => {
    const first = hear === undefined
    hear = listener
    if (first) void read()
  }
}

function errorOf(error: unknown): SocketError {
  return new SocketError('ECONNRESET', `The connection broke: ${String(error)}`, { cause: error })
}
