import { type ByteSocket, SocketError } from '../../src/ports/sockets.ts'
import { createEnding, type Ending } from '../sockets/ending.ts'
import type { StreamSocket } from './platform.ts'

/** Begins TLS on a socket whose streams nobody holds any more. */
type BeginTls = NonNullable<ByteSocket['startTls']>

/** A connected socket as plugins see it; bytes are read once somebody listens. */
export function streamByteSocket(socket: StreamSocket, beginTls?: BeginTls): ByteSocket {
  const writer = socket.writable.getWriter()
  // Closing what broke fails too; its end is known already.
  const ending = createEnding(() => void socket.close().catch(() => {}))
  const hand = { over: false }
  writer.closed.then(
    () => ending.tell(),
    (error: unknown) => {
      if (!hand.over) ending.tell(errorOf(error))
    },
  )
  const reading = hearing(socket, ending, beginTls === undefined ? undefined : hand)
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
    onData: reading.onData,
    onClose: ending.onClose,
    close: () => ending.tell(),
    ...(beginTls !== undefined && {
      async startTls(tls, timeout) {
        if (ending.over) throw ending.reason()
        hand.over = true
        await reading.stopped()
        writer.releaseLock()
        return await beginTls(tls, timeout)
      },
    }),
  }
}

interface Reading {
  readonly onData: ByteSocket['onData']
  /** Resolves when nobody reads any more. */
  stopped(): Promise<void>
}

/** With a hand it stops once that is over, and gives the stream back. */
function hearing({ readable }: StreamSocket, ending: Ending, hand?: { over: boolean }): Reading {
  let hear: ((bytes: Uint8Array) => void) | undefined
  let stopped: Promise<void> = Promise.resolve()
  const read = async (): Promise<void> => {
    const reader = readable.getReader()
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        if (!ending.over) hear?.(piece.value)
        // workerd gives no stream back that is being read: whoever heard these bytes may ask first.
        if (hand !== undefined) await turn()
        if (hand?.over === true) {
          reader.releaseLock()
          return
        }
      }
      ending.tell()
    } catch (error) {
      ending.tell(errorOf(error))
    }
  }
  return {
    onData(listener) {
      const first = hear === undefined
      hear = listener
      if (first) stopped = read()
    },
    stopped: () => stopped,
  }
}

/** Lets everything happen that follows from what has happened. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

function errorOf(error: unknown): SocketError {
  return new SocketError('ECONNRESET', `The connection broke: ${String(error)}`, { cause: error })
}
