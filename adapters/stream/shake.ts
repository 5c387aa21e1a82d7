import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ClientHello } from '../../src/lib/client-hello.ts'
import type { CertificateSource } from '../../src/ports/server.ts'
import type { StreamPlan } from '../../src/ports/stream.ts'
import { peerOf } from '../node-http/server-names.ts'
import { createTlsGate, type TlsGate } from '../node-http/server-tls.ts'
import type { TimerWheel } from '../node-http/timer-wheel.ts'

/** How handshakes go. */
export interface ShakeOptions {
  readonly tls: CertificateSource
  readonly wheel: TimerWheel
  readonly startTimeout: number
  /** It listens in the file system. */
  readonly local: boolean
  /** Takes what became of the socket. */
  readonly carry: (socket: Socket, plan: StreamPlan) => void
}

/** A client that is to shake hands. */
interface Shaking {
  readonly socket: Socket
  readonly hello: ClientHello
  readonly plan: StreamPlan
}

/** Makes what shakes hands with clients, each by its plan. */
export function createShake(options: ShakeOptions): (shaking: Shaking) => void {
  const { local, carry } = options
  const plans = new Map<string, StreamPlan>()
  const gate = gateOf(options, (socket) => {
    const plan = plans.get(peerOf(socket))
    if (plan === undefined) socket.destroy()
    else carry(socket, plan)
  })

  return ({ socket, hello, plan }) => {
    if (local) {
      // Nothing tells which client a secured socket is of: none has an address there.
      gateOf(options, (secured) => carry(secured, plan)).pass(socket, hello)
      return
    }
    const key = peerOf(socket)
    plans.set(key, plan)
    socket.on('close', () => plans.delete(key))
    gate.pass(socket, hello)
  }
}

function gateOf(
  { tls, wheel, startTimeout }: ShakeOptions,
  take: (socket: TLSSocket) => void,
): TlsGate {
  return createTlsGate({
    source: tls,
    listener: 'stream',
    protocols: [],
    wheel,
    handshakeTimeout: startTimeout,
    onSecure(socket) {
      socket.on('error', ignore)
      take(socket)
    },
  })
}

function ignore(): void {}
