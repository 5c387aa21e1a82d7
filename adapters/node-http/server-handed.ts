import type { Socket } from 'node:net'
import { IS_BUN } from './quirks.ts'
import type { Client } from './server-client.ts'
import type { ServerContext } from './server-context.ts'
import { encodeLast } from './server-raw.ts'
import { endSocket } from './server-socket.ts'
import type { Timed } from './timer-wheel.ts'

/** Trailers of the answer that is being written to a socket, as lines. */
const trailers = new WeakMap<Socket, string>()

/**
 * Bun's http server writes to connections it was handed in UTF-8, knows no trailers there and
 * times nothing. Its writes are one string for a head, and one for the last chunk; bodies are bytes.
 */
export function mendHanded(context: ServerContext, client: Client): void {
  if (!IS_BUN) return
  const { socket } = client
  const write = socket.write.bind(socket)
  socket.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const done = rest.find((value) => typeof value === 'function')
    // Proof: a function among write's arguments is its callback.
    const callback = done as (() => void) | undefined
    if (typeof chunk !== 'string') return write(chunk, callback)
    return write(chunk === LAST_CHUNK ? lastChunk(socket) : chunk, 'latin1', callback)
  }
  watchHeads(context, client)
}

const LAST_CHUNK = '0\r\n\r\n'

function lastChunk(socket: Socket): string {
  const lines = trailers.get(socket)
  trailers.delete(socket)
  return lines === undefined ? LAST_CHUNK : `0\r\n${lines}\r\n`
}

/** Notes trailers for the next last chunk on a socket. */
export function noteTrailers(socket: Socket, pairs: readonly (readonly [string, string])[]): void {
  trailers.set(socket, pairs.map(([name, value]) => `${name}: ${value}\r\n`).join(''))
}

/** Cuts a client that has no request under way for too long, or never ends its first head. */
function watchHeads({ wheel, limits, refusal }: ServerContext, client: Client): void {
  const { socket } = client
  let isFirst = true
  const late: Timed = {
    deadline: 0,
    slot: 0,
    place: 0,
    expire() {
      if (!client.idle || client.taken) return
      if (isFirst) endSocket(socket, encodeLast(refusal(408)))
      else socket.destroy()
    },
  }
  wheel.arm(late, limits.headersTimeout)
  socket.on('close', () => wheel.forget(late))
  client.onIdle = () => {
    isFirst = false
    wheel.arm(late, limits.keepAliveTimeout)
  }
}
