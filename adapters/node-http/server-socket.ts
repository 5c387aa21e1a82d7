import type { Socket } from 'node:net'
import { IS_DENO } from './quirks.ts'

/** Milliseconds: where a reset comes together with bytes, libuv's clients take it for a clean end. */
const APART = 25

/** Ends a connection so that nobody takes what was sent for whole: by a reset where there is one. */
export function cutSocket(socket: Socket): void {
  if (socket.destroyed) return
  // A TLS socket has its own sign of a clean end, and no reset.
  // (Bun has the member `encrypted` on every socket.)
  const encrypted = 'encrypted' in socket && socket.encrypted === true
  if (encrypted || typeof socket.resetAndDestroy !== 'function') socket.destroy()
  else setTimeout(() => reset(socket), APART)
}

function reset(socket: Socket): void {
  if (IS_DENO) {
    socket.resetAndDestroy()
    return
  }
  // The public way closes our side first, by which it may look whole; this is what it does then.
  Object.assign(socket, { resetAndClosing: true })
  socket.destroy()
}
