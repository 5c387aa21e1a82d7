import type { Socket } from 'node:net'

/** Ends a connection so that nobody takes what was sent for whole: by a reset where there is one. */
export function cutSocket(socket: Socket): void {
  if (socket.destroyed) return
  // A TLS socket has its own sign of a clean end, and no reset.
  // (Bun has the member `encrypted` on every socket.)
  const encrypted = 'encrypted' in socket && socket.encrypted === true
  if (encrypted || typeof socket.resetAndDestroy !== 'function') socket.destroy()
  else socket.resetAndDestroy()
}

const LINGER = 500

/** Sends the last bytes and closes soon after, not at once: a reset would take them back. */
export function endSocket(socket: Socket, last: string): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  socket.end(last, 'latin1')
  const timer = setTimeout(() => socket.destroy(), LINGER)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
  socket.resume()
}
