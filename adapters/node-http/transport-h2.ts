import { type ClientHttp2Session, connect } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Failure, Incoming, Outgoing } from '../../src/ports/transport.ts'
import { lossCode } from './lack-of-files.ts'
import type { Timed, TimerWheel } from './timer-wheel.ts'
import { connectPhase, isChainTooLong, openSocket, poolKey } from './transport-connect.ts'
import { StreamCall, type StreamHost } from './transport-h2-call.ts'
import { endLater } from './transport-h2-ending.ts'

/** Sends by HTTP/2: many requests share a connection. */
export interface Http2Client {
  send(outgoing: Outgoing, resolve: (result: Incoming | Failure) => void): void
  close(): void
}

/** How connections are kept. */
export interface Http2ClientOptions {
  readonly wheel: TimerWheel
  /** Milliseconds a session without streams is kept. */
  readonly idleTimeout: number
  /** Streams a session serves before another takes its place. */
  readonly maxRequests: number
}

/** Streams we have on one session, whatever more the upstream would take. */
const MOST_STREAMS = 100
/** All streams share it: one that nobody reads must not hold up the others. */
const CONNECTION_WINDOW = 8 * 1024 * 1024

/** Makes a client without connections. */
export function createHttp2Client(options: Http2ClientOptions): Http2Client {
  const sessions = new Map<string, Set<Session>>()
  let closed = false

  return {
    send(outgoing, resolve) {
      const key = poolKey(outgoing)
      const known = sessions.get(key) ?? new Set()
      sessions.set(key, known)
      for (const session of known) {
        if (!session.usable || (outgoing.fresh && session.old)) continue
        session.run(outgoing, resolve)
        return
      }
      const session = new Session(outgoing, options, () => {
        known.delete(session)
        if (known.size === 0 && sessions.get(key) === known) sessions.delete(key)
      })
      known.add(session)
      session.run(outgoing, resolve)
    },
    close() {
      if (closed) return
      closed = true
      for (const known of sessions.values()) for (const session of [...known]) session.close()
      sessions.clear()
    },
  }
}

/** A connection to an upstream that speaks HTTP/2. */
class Session implements StreamHost, Timed {
  readonly wheel: TimerWheel
  deadline = 0
  slot = 0
  place = 0
  readonly #options: Http2ClientOptions
  readonly #socket: Socket
  readonly #secure: boolean
  readonly #tls: Outgoing['tls']
  readonly #forget: () => void
  readonly #calls = new Set<StreamCall>()
  #session: ClientHttp2Session | undefined
  #connected = false
  #closed = false
  #leaving = false
  #served = 0

  constructor(outgoing: Outgoing, options: Http2ClientOptions, forget: () => void) {
    this.wheel = options.wheel
    this.#options = options
    this.#tls = outgoing.tls
    this.#forget = forget
    this.#socket = openSocket(outgoing)
    this.#secure = outgoing.scheme === 'https'
    this.#socket.on('connect', () => {
      this.#connected = true
      if (!this.#secure) this.#ready()
    })
    this.#socket.on('secureConnect', () => this.#ready())
    this.#socket.on('error', (error) => this.#lost(lossCode(error)))
    this.#socket.on('end', () => this.#endSoon())
    this.#socket.on('close', () => this.#endSoon())
    this.wheel.arm(this, outgoing.connectTimeout)
  }

  /** Takes another stream. */
  get usable(): boolean {
    if (this.#closed || this.#leaving || this.#served >= this.#options.maxRequests) return false
    const most = this.#session?.remoteSettings?.maxConcurrentStreams ?? MOST_STREAMS
    return this.#calls.size < Math.min(most, MOST_STREAMS)
  }

  /** Stood before now: what a request that must not be stale keeps away from. */
  get old(): boolean {
    return this.#session !== undefined
  }

  get reused(): boolean {
    return this.#served > 1
  }

  run(outgoing: Outgoing, resolve: (result: Incoming | Failure) => void): void {
    this.#served++
    const call = new StreamCall(outgoing, this, resolve)
    if (call.over) return
    this.#calls.add(call)
    if (this.#session === undefined) return
    this.wheel.disarm(this)
    this.#start(call, this.#session)
  }

  done(call: StreamCall): void {
    this.#calls.delete(call)
    if (this.#calls.size > 0 || this.#session === undefined || this.#closed) return
    if (this.#leaving || this.#served >= this.#options.maxRequests) this.close()
    else this.wheel.arm(this, this.#options.idleTimeout)
  }

  /** Connecting took too long, or nobody has used it for long. */
  expire(): void {
    if (this.#session === undefined) this.#lost('ETIMEDOUT', true)
    else if (this.#calls.size === 0) this.close()
  }

  close(): void {
    this.#lost('CLOSED')
  }

  #ready(): void {
    if (this.#closed || this.#session !== undefined) return
    if (isChainTooLong(this.#socket, this.#tls)) {
      this.#lost('CERT_CHAIN_TOO_LONG')
      return
    }
    // Proof: an https request's socket was made by tls.connect.
    if (this.#secure && (this.#socket as TLSSocket).alpnProtocol !== 'h2') {
      this.#lost('NO_HTTP2')
      return
    }
    this.wheel.disarm(this)
    const session = this.#open()
    if (session === undefined) return
    endLater(session)
    this.#session = session
    session.on('error', (error: NodeJS.ErrnoException) => this.#lost(error.code ?? 'ECONNRESET'))
    session.on('close', () => this.#endSoon())
    session.on('goaway', (_code, lastStreamId) => this.#goAway(lastStreamId))
    const widen = () => session.setLocalWindowSize?.(CONNECTION_WINDOW)
    if (session.connecting) session.once('connect', widen)
    else widen()
    for (const call of [...this.#calls]) this.#start(call, session)
  }

  #open(): ClientHttp2Session | undefined {
    // An address is sent no name, and Deno cannot make an origin of an empty one.
    if ('servername' in this.#socket && this.#socket.servername === '') {
      Object.defineProperty(this.#socket, 'servername', { value: false })
    }
    try {
      return connect('http://upstream', { createConnection: () => this.#socket })
    } catch {
      this.#lost('NO_HTTP2')
      return undefined
    }
  }

  #start(call: StreamCall, session: ClientHttp2Session): void {
    try {
      call.start(session)
    } catch {
      // A header no head may hold, or a session that has just ended.
      if (session.destroyed || session.closed) call.fail('ECONNRESET', { unprocessed: true })
      else call.fail('BAD_REQUEST')
    }
  }

  /** RFC 9113 §6.8: streams above the last one named were not looked at. */
  #goAway(lastStreamId: number): void {
    this.#leaving = true
    for (const call of [...this.#calls]) {
      if (call.streamId > lastStreamId) call.fail('GOAWAY', { unprocessed: true })
    }
    if (this.#calls.size === 0) this.close()
  }

  /** Of what came before the end streams may not have told yet. */
  #endSoon(): void {
    this.#leaving = true
    setImmediate(() => this.#lost('ECONNRESET'))
  }

  #lost(code: string, timeout = false): void {
    if (this.#closed) return
    this.#closed = true
    this.wheel.forget(this)
    this.#forget()
    const phase = this.#session === undefined ? connectPhase(code, this.#connected) : undefined
    for (const call of [...this.#calls]) {
      call.fail(code, phase === undefined ? { timeout } : { phase, timeout })
    }
    this.#session?.destroy()
    this.#socket.destroy()
  }
}
