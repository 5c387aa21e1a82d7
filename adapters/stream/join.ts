import type { Socket } from 'node:net'
import type { Timed, TimerWheel } from '../node-http/timer-wheel.ts'

/** How two connections are joined. */
export interface JoinOptions {
  readonly wheel: TimerWheel
  /** Milliseconds without a byte either way, after which both are closed. */
  readonly readTimeout: number
  /** The same while one side takes none. */
  readonly writeTimeout: number
  /** Counts what passes; undefined where nobody asks. */
  readonly passed?: Passed | undefined
  /** Called once, when both are closed. */
  readonly ended: () => void
}

/** Bytes that came from either side, and so went to the other. */
export interface Passed {
  fromClient: number
  fromUpstream: number
}

/** Passes bytes both ways, no faster than they are taken; an end is passed on, a break ends both. */
export function join(client: Socket, upstream: Socket, options: JoinOptions): void {
  const { wheel, readTimeout, writeTimeout, passed, ended } = options
  const idle: Timed = {
    deadline: 0,
    slot: 0,
    place: 0,
    expire() {
      client.destroy()
      upstream.destroy()
    },
  }
  const touch = (): void => {
    const stalled = client.writableNeedDrain || upstream.writableNeedDrain
    wheel.arm(idle, stalled ? writeTimeout : readTimeout)
  }
  let open = 2
  const closed = (other: Socket) => (hadError: boolean) => {
    // An end was passed on by pipe already; what broke takes the other with it.
    if (hadError || !other.writableEnded) other.destroy()
    if (--open > 0) return
    wheel.forget(idle)
    ended()
  }
  client.on('error', ignore).on('close', closed(upstream))
  upstream.on('error', ignore).on('close', closed(client))
  client.pipe(upstream)
  upstream.pipe(client)
  // After pipe's own, so that it is known whether the bytes were taken.
  for (const socket of [client, upstream]) socket.on('data', touch).on('drain', touch)
  if (passed !== undefined) count(client, upstream, passed)
  touch()
}

function count(client: Socket, upstream: Socket, passed: Passed): void {
  client.on('data', (bytes: Uint8Array) => {
    passed.fromClient += bytes.length
  })
  upstream.on('data', (bytes: Uint8Array) => {
    passed.fromUpstream += bytes.length
  })
}

function ignore(): void {}
