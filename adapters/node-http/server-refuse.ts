import type { Socket } from 'node:net'
import type { ServerContext } from './server-context.ts'
import { encodeLast } from './server-raw.ts'
import { cutSocket, endSocket } from './server-socket.ts'

/** Answers what the runtime's parser refuses. */
export function refuseBytes(
  context: ServerContext,
  error: NodeJS.ErrnoException,
  socket: Socket,
): void {
  const { code = '' } = error
  if (!socket.writable || code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE') {
    socket.destroy()
    return
  }
  const client = context.clients.get(socket)
  const running = client?.exchanges.at(-1)
  if (client !== undefined && running !== undefined) {
    const isBody = running.body !== undefined && !running.body.complete
    if (!isBody) {
      // Nonsense behind a good request: that one is answered, and no other.
      client.closing = true
      return
    }
    // The refusal is on its way already; what else is wrong with these bytes changes nothing.
    if (client.refused) return
    const answering = running.answering
    running.depart()
    if (answering) {
      cutSocket(socket)
      return
    }
  }
  endSocket(socket, encodeLast(context.refusal(STATUS_OF[code] ?? 400)))
}

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 494,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}
