import { connect } from 'node:net'
import type { Failure, Incoming, Outgoing, Transport } from '../../src/ports/transport.ts'
import { lossCode } from './lack-of-files.ts'
import { createTimerWheel, type TimerWheel } from './timer-wheel.ts'
import { sendByProxy } from './transport-by-proxy.ts'
import { addressOf, connectPhase, poolKey } from './transport-connect.ts'
import { Connection, type ConnectionShare } from './transport-connection.ts'
import { createHttp2Client, type Http2Client } from './transport-h2.ts'
import { createPool } from './transport-pool.ts'
import { refusal, refusalOf } from './transport-refusal.ts'
import { encodeRequestHead } from './transport-request.ts'

/** What may be chosen; the defaults are Kong's. */
export interface SocketTransportOptions {
  /** Milliseconds an idle connection is kept; 60000. */
  readonly idleTimeout?: number
  /** Idle connections kept of each address; 512, and 0 for none used twice. */
  readonly poolSize?: number
  /** Requests a connection serves before it is closed; 10000. */
  readonly maxRequests?: number
  readonly wheel?: TimerWheel
}

/** A transport with its own HTTP/1.1 client on plain sockets, and HTTP/2; it never sends anything twice. */
export function createSocketTransport(options: SocketTransportOptions = {}): Transport {
  const { poolSize = 512 } = options
  const pool = createPool<Connection>(poolSize)
  const share: ConnectionShare = {
    wheel: options.wheel ?? createTimerWheel(),
    pool,
    idleTimeout: options.idleTimeout ?? 60_000,
    maxRequests: poolSize === 0 ? 1 : (options.maxRequests ?? 10_000),
  }

  const http2 = createHttp2Client(share)

  return {
    caps: {
      hostHeader: true,
      ipTargets: true,
      verifyOff: true,
      customCa: true,
      clientCertificate: true,
      phases: true,
      tcpProbe: true,
      http2: true,
      proxy: true,
    },
    send: (outgoing) => new Promise((resolve) => send({ share, http2 }, outgoing, resolve)),
    probe: (host, port, timeout) => probe(host, port, timeout),
    close() {
      pool.close()
      http2.close()
      return Promise.resolve()
    },
  }
}

function send(
  { share, http2 }: { share: ConnectionShare; http2: Http2Client },
  outgoing: Outgoing,
  resolve: (result: Incoming | Failure) => void,
): void {
  if (outgoing.client?.gone === true) {
    resolve({ ...refusal('CLIENT_GONE'), byClient: true })
    return
  }
  if (outgoing.proxy !== undefined) {
    sendByProxy(share, { outgoing, proxy: outgoing.proxy }, resolve)
    return
  }
  const head = encodeRequestHead(outgoing)
  if (head === undefined) {
    resolve(refusal('BAD_REQUEST'))
    return
  }
  try {
    if (outgoing.http2 === true) {
      http2.send(outgoing, resolve)
      return
    }
    const key = poolKey(outgoing)
    const pooled = outgoing.fresh ? undefined : share.pool.take(key)
    const connection = pooled ?? new Connection(share, { key, outgoing })
    connection.run(outgoing, head, resolve)
  } catch (error) {
    resolve(refusalOf(error, outgoing))
  }
}

function probe(host: string, port: number, timeout: number): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const socket = connect(addressOf(host, port))
    const timer = setTimeout(() => end({ ...refusal('ETIMEDOUT'), timeout: true }), timeout)
    const end = (failure: Failure | undefined) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(failure)
    }
    socket.on('connect', () => end(undefined))
    socket.on('error', (error) => {
      const code = lossCode(error)
      end({ ...refusal(code), phase: connectPhase(code, false) })
    })
  })
}
