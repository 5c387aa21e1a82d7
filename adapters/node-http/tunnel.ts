import type { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Tunnel } from '../../src/ports/server.ts'
import type { Timed, TimerWheel } from './timer-wheel.ts'

/** An upstream's connection after its 101: a raw socket, and what it sent right behind the head. */
export class SocketTunnel implements Tunnel, Timed {
  readonly kind = 'socket'
  readonly socket: Socket
  readonly leftover: Buffer | undefined
  deadline = 0
  slot = 0
  place = 0
  readonly #wheel: TimerWheel
  readonly #idleTimeout: number
  #client: Socket | undefined
  /** The socket has closed before it was joined, in whatever way. */
  #isLost = false

  constructor(socket: Socket, leftover: Buffer | undefined, wheel: TimerWheel, idle: number) {
    this.socket = socket
    this.leftover = leftover
    this.#wheel = wheel
    this.#idleTimeout = idle
    socket.on('error', ignore).on('close', () => {
      this.#isLost = true
    })
  }

  /** Whether the client's socket has been joined: from then on both end together. */
  get joined(): boolean {
    return this.#client !== undefined
  }

  /** Passes bytes both ways until both sides have ended; `ended` is told whether neither broke. */
  join(client: Socket, early: Buffer | undefined, ended: (whole: boolean) => void): void {
    this.#client = client
    if (this.#isLost) {
      client.on('close', () => ended(false)).destroy()
      return
    }
    if (early !== undefined) this.socket.write(early)
    if (this.leftover !== undefined) client.write(this.leftover)
    this.#wheel.arm(this, this.#idleTimeout)
    const touch = () => this.#wheel.arm(this, this.#idleTimeout)
    let open = 2
    let whole = true
    const closed = (other: Socket) => (hadError: boolean) => {
      if (hadError) whole = false
      // Its end was passed on by pipe already; one that broke takes the other with it.
      if (hadError || !other.writableEnded) other.destroy()
      if (--open > 0) return
      this.#wheel.forget(this)
      ended(whole)
    }
    this.socket.on('data', touch).on('close', closed(client))
    client.on('data', touch).on('close', closed(this.socket))
    this.socket.pipe(client)
    client.pipe(this.socket)
    // One side may have gone while nobody looked.
    if (this.socket.destroyed) client.destroy()
    if (client.destroyed) this.socket.destroy()
  }

  /** Nothing has passed for too long: Kong closes such a WebSocket after its read timeout. */
  expire(): void {
    this.#client?.destroy()
    this.socket.destroy()
  }
}

function ignore(): void {}
