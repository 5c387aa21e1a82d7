import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Timed, TimerWheel } from './timer-wheel.ts'

/** How a connection's first bytes are looked at. */
export interface StartOptions {
  readonly wheel: TimerWheel
  /** Milliseconds until enough must be there. */
  readonly timeout: number
  /** Gives how many bytes were its own, or asks for more. */
  readonly look: (bytes: Buffer) => number | 'more'
  readonly next: () => void
}

/** Reads until `look` has seen enough and says how many bytes were its own; the others go back. */
export function readStart(socket: Socket, { wheel, timeout, look, next }: StartOptions): void {
  const late: Timed = { deadline: 0, slot: 0, place: 0, expire: () => socket.destroy() }
  let bytes: Buffer = Buffer.alloc(0)
  const take = (chunk: Buffer): void => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    const used = look(bytes)
    if (used === 'more') return
    leave()
    if (socket.destroyed) return
    socket.pause()
    if (used < bytes.length) socket.unshift(bytes.subarray(used))
    next()
  }
  const leave = (): void => {
    wheel.forget(late)
    socket.off('data', take).off('end', end).off('close', leave)
  }
  const end = (): void => {
    socket.destroy()
  }
  wheel.arm(late, timeout)
  // Whoever looked at what stood before has paused it.
  socket.on('data', take).on('end', end).on('close', leave).resume()
}
