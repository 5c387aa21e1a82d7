import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ClientHello } from '../../src/lib/client-hello.ts'
import type { CertificateSource } from '../../src/ports/server.ts'
import { readHello } from './read-hello.ts'
import { createEntrance } from './server-tls-entrance.ts'
import type { TimerWheel } from './timer-wheel.ts'

/** Turns raw connections into TLS ones. */
export interface TlsGate {
  /** Shakes hands; the socket may bring bytes that were read already, put back, and who read its hello says so. */
  pass(raw: Socket, hello?: ClientHello): void
}

/** How a gate shakes hands. */
export interface TlsGateOptions {
  readonly source: CertificateSource
  /** What it stands before. */
  readonly listener: 'http' | 'stream'
  /** In the order of our liking. */
  readonly protocols: string[]
  readonly wheel: TimerWheel
  /** Milliseconds a handshake may take, and as many a hello that is read before. */
  readonly handshakeTimeout: number
  readonly onSecure: (socket: TLSSocket) => void
}

/**
 * Asks the source at each handshake, so what it says now holds for the next connection. The hello is read
 * first: runtimes tell a name too late for a client to be asked for a certificate, of clients that name no
 * one they tell nothing, and not all know the name of one that comes back by a session.
 */
export function createTlsGate(options: TlsGateOptions): TlsGate {
  const { source, listener, wheel, handshakeTimeout: timeout } = options
  const unwatched = createEntrance(options, { asks: false, watched: false })
  const admitted = createEntrance(options, { asks: false, watched: true })
  const asking = createEntrance(options, { asks: true, watched: true })

  function decide(raw: Socket, { sni }: ClientHello): void {
    const admittance = source.admit?.(listener)?.(sni)
    if (admittance === undefined) unwatched(raw, sni)
    else if (admittance === 'refused') refuse(raw)
    else if (admittance === 'asking') asking(raw, sni)
    else admitted(raw, sni)
  }

  return {
    pass(raw, hello) {
      // Whoever leaves amid the handshake is gone; half-open, it would stay until its time is up.
      raw.allowHalfOpen = false
      if (hello !== undefined) decide(raw, hello)
      else readHello(raw, { wheel, timeout, next: (read) => decide(raw, read) })
    },
  }
}

/** A fatal `internal_error`, which is what OpenSSL sends for nginx. */
const ALERT = Buffer.from([21, 3, 1, 0, 2, 2, 80])

function refuse(raw: Socket): void {
  raw.end(ALERT, () => raw.destroy())
}
