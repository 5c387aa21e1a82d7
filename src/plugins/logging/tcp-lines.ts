import type { Kit } from '../../pdk/kit.ts'
import type { ByteSocket, SocketPlace, Sockets } from '../../ports/sockets.ts'

/** Bytes on their way over one connection that is kept between them. */
export interface TcpLines {
  /** Rejects when the bytes could not be handed over in time. */
  write(bytes: Uint8Array): Promise<void>
  close(): void
}

/** Where to, and how long: milliseconds to connect or write, and to keep a connection nobody uses. */
export interface TcpLinesOptions {
  readonly place: SocketPlace
  readonly keepAlive: number
}

/** Writes to a server; one write at a time, and a connection that broke is opened anew. */
export function createTcpLines(
  kit: Pick<Kit, 'after'> & { readonly sockets: Sockets },
  { place, keepAlive }: TcpLinesOptions,
): TcpLines {
  const keeps = keepAlive > 0 && kit.sockets.caps.pooled
  let kept: ByteSocket | undefined
  let cancelIdle: (() => void) | undefined

  const drop = (): void => {
    cancelIdle?.()
    kept?.close()
    kept = undefined
  }
  const take = async (): Promise<ByteSocket> => {
    cancelIdle?.()
    const socket = kept
    kept = undefined
    if (socket?.open !== true) return open(kit.sockets, place)
    socket.hold?.(true)
    return socket
  }
  return {
    async write(bytes) {
      const socket = await take()
      try {
        await inTime(kit, socket.write(bytes), place.connectTimeout)
      } catch (error) {
        socket.close()
        throw error
      }
      if (!keeps) return socket.close()
      socket.hold?.(false)
      kept = socket
      cancelIdle = kit.after(keepAlive, drop)
    },
    close: drop,
  }
}

async function open(sockets: Sockets, place: SocketPlace): Promise<ByteSocket> {
  const socket = await sockets.connect(place)
  // What a log server answers is nobody's to read.
  socket.onData(() => {})
  socket.onClose(() => {})
  return socket
}

async function inTime(
  { after }: Pick<Kit, 'after'>,
  work: Promise<void>,
  milliseconds: number,
): Promise<void> {
  let cancel = (): void => {}
  const late = new Promise<never>((_, reject) => {
    cancel = after(milliseconds, () => reject(new Error(`no write within ${milliseconds} ms`)))
  })
  try {
    await Promise.race([work, late])
  } finally {
    cancel()
  }
}
