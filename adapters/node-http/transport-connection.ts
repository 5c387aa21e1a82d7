import type { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { Failure, Incoming, Outgoing } from '../../src/ports/transport.ts'
import { lossCode } from './lack-of-files.ts'
import type { Timed, TimerWheel } from './timer-wheel.ts'
import { Call, type CallHost } from './transport-call.ts'
import { connectPhase, isChainTooLong, openSocket, openTlsIn } from './transport-connect.ts'
import type { Pool, Poolable } from './transport-pool.ts'
import type { EncodedHead } from './transport-request.ts'
import { SocketTunnel } from './tunnel.ts'

/** What connections share. */
export interface ConnectionShare {
  readonly wheel: TimerWheel
  readonly pool: Pool<Connection>
  /** Milliseconds an idle connection is kept. */
  readonly idleTimeout: number
  readonly maxRequests: number
}

/** What a connection is opened for. */
export interface Opening {
  readonly key: string
  readonly outgoing: Outgoing
  /** A socket that stands and leads to the address; one of its own is opened without. */
  readonly tunnel?: Socket | undefined
}

/** A socket to an upstream: connects, serves one call after another, waits in the pool between. */
export class Connection implements CallHost, Poolable, Timed {
  readonly key: string
  readonly socket: Socket
  deadline = 0
  slot = 0
  place = 0
  readonly #share: ConnectionShare
  readonly #tls: Outgoing['tls']
  readonly #connectTimeout: number
  #connected: boolean
  #ready = false
  #closed = false
  #requests = 0
  #call: Call | undefined

  constructor(share: ConnectionShare, { key, outgoing, tunnel }: Opening) {
    this.key = key
    this.#share = share
    this.#tls = outgoing.tls
    this.#connectTimeout = outgoing.connectTimeout
    this.socket = tunnel === undefined ? openSocket(outgoing) : openTlsIn(tunnel, outgoing)
    this.#connected = tunnel !== undefined
    this.socket.on('connect', () => this.#onConnect(outgoing.scheme === 'https'))
    this.socket.on('secureConnect', () => this.#onReady())
    this.socket.on('data', (chunk: Buffer) => this.#onData(chunk))
    this.socket.on('drain', () => this.#call?.drained())
    this.socket.on('end', () => this.#onEnd())
    this.socket.on('error', (error) => this.#lost(lossCode(error)))
    this.socket.on('close', () => this.#lost('ECONNRESET'))
    share.wheel.arm(this, outgoing.connectTimeout)
  }

  get usable(): boolean {
    return this.#ready && !this.#closed && !this.socket.destroyed
  }

  /** Sends a request as soon as the connection stands. */
  run(outgoing: Outgoing, head: EncodedHead, resolve: (result: Incoming | Failure) => void): void {
    const reused = this.#requests > 0
    if (reused) this.socket.ref()
    this.#requests++
    const call = new Call(outgoing, head, { host: this, reused, resolve })
    this.#call = call
    if (this.#ready) call.start()
  }

  arm(milliseconds: number): void {
    this.#share.wheel.arm(this, milliseconds)
  }

  disarm(): void {
    this.#share.wheel.disarm(this)
  }

  destroy(): void {
    if (this.#closed) return
    this.#closed = true
    this.#share.wheel.forget(this)
    this.#share.pool.remove(this)
    this.socket.destroy()
  }

  done(reusable: boolean, keepAliveSeconds: number | undefined): void {
    this.#call = undefined
    const { idleTimeout, maxRequests, pool } = this.#share
    // One second less than the server's own limit: the connection must not die on the way.
    const idle =
      keepAliveSeconds === undefined
        ? idleTimeout
        : Math.min(idleTimeout, (keepAliveSeconds - 1) * 1000)
    if (!reusable || idle <= 0 || this.#requests >= maxRequests || !this.usable) {
      this.destroy()
      return
    }
    this.arm(idle)
    this.socket.unref()
    pool.put(this)
  }

  detach(leftover: Buffer | undefined, idleTimeout: number): SocketTunnel {
    this.#closed = true
    this.#call = undefined
    this.#share.wheel.forget(this)
    this.socket.pause()
    // The listeners of this connection stay and find it closed.
    return new SocketTunnel(this.socket, leftover, this.#share.wheel, idleTimeout)
  }

  /** The deadline of whatever goes on has passed. */
  expire(): void {
    const call = this.#call
    if (call === undefined) this.destroy()
    else if (this.#ready) call.fail('ETIMEDOUT', { timeout: true })
    else this.#failConnect(call, 'ETIMEDOUT', true)
  }

  #onConnect(secure: boolean): void {
    this.#connected = true
    if (secure) this.arm(this.#connectTimeout)
    else this.#onReady()
  }

  #onReady(): void {
    if (this.#closed || this.#ready) return
    if (isChainTooLong(this.socket, this.#tls)) {
      this.#lost('CERT_CHAIN_TOO_LONG')
      return
    }
    this.#ready = true
    this.#call?.start()
  }

  #onData(chunk: Buffer): void {
    if (this.#closed) return
    // Nobody asked: whatever this is, it must not become the next request's answer.
    if (this.#call === undefined) this.destroy()
    else this.#call.read(chunk)
  }

  #onEnd(): void {
    if (this.#ready) this.#call?.end()
    else this.#lost('ECONNRESET')
    this.destroy()
  }

  #lost(code: string): void {
    const call = this.#call
    this.#call = undefined
    if (call !== undefined && !this.#ready) this.#failConnect(call, code, false)
    else call?.fail(code)
    this.destroy()
  }

  #failConnect(call: Call, code: string, timeout: boolean): void {
    call.fail(code, { phase: connectPhase(code, this.#connected), timeout })
  }
}
