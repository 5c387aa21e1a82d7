import { createServer, type Socket } from 'node:net'
import type { ClientHello } from '../../src/lib/client-hello.ts'
import type { Address, CertificateSource } from '../../src/ports/server.ts'
import type { PlanStream, StreamPlan } from '../../src/ports/stream.ts'
import { readHello } from '../node-http/read-hello.ts'
import { readStart } from '../node-http/read-start.ts'
import type { Listening } from '../node-http/server.ts'
import { plainIp } from '../node-http/server-client.ts'
import { bind, type Place } from '../node-http/server-listen.ts'
import { readProxyHeader } from '../node-http/server-proxy-protocol.ts'
import { createTimerWheel, type TimerWheel } from '../node-http/timer-wheel.ts'
import { carry, type Untold } from './carry.ts'
import { createShake } from './shake.ts'

/** How connections are taken. */
export interface StreamListenOptions {
  readonly stream: PlanStream
  /** What to show at handshakes; with it every client must speak TLS. */
  readonly tls: CertificateSource | undefined
  readonly proxyProtocol: boolean
  readonly maxConnections: number
  /** Milliseconds a client may take to say what must stand at the beginning. */
  readonly startTimeout: number
}

/** What is known of a client before it is asked for its route. */
interface Newcomer {
  readonly source: Address
  readonly destination: Address
  readonly proxied: Address | undefined
}

interface Listener extends StreamListenOptions {
  readonly wheel: TimerWheel
  readonly sockets: Set<Socket>
  /** Undefined where no TLS is spoken. */
  readonly shake: ReturnType<typeof createShake> | undefined
  /** Connections that are waited for even when their clients have gone. */
  readonly untold: Set<Untold>
}

/** Listens for connections; rejects with the system's error when the port cannot be had. */
export async function listenStream(place: Place, options: StreamListenOptions): Promise<Listening> {
  const local = place.path !== undefined
  const listener = createListener(options, local)
  const { sockets, untold } = listener
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    track(listener, socket)
    if (sockets.size > options.maxConnections) socket.destroy()
    else accept(listener, socket, local)
  })
  const bound = await bind(server, place)
  return {
    port: bound.port,
    async stop(graceMs) {
      const closed = bound.close()
      const grace = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
        for (const one of untold) one.cut()
      }, graceMs)
      await closed
      await Promise.all(Array.from(untold, ({ told }) => told))
      clearTimeout(grace)
    },
  }
}

function createListener(options: StreamListenOptions, local: boolean): Listener {
  const { tls, startTimeout } = options
  const wheel = createTimerWheel()
  const common = { ...options, wheel, sockets: new Set<Socket>(), untold: new Set<Untold>() }
  const take = (socket: Socket, plan: StreamPlan) => void carry(common, socket, plan)
  const shake = tls && createShake({ tls, wheel, startTimeout, local, carry: take })
  return { ...common, shake }
}

function track({ sockets }: Listener, socket: Socket): void {
  socket.on('error', ignore)
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
}

function accept(listener: Listener, socket: Socket, local: boolean): void {
  const newcomer = {
    source: {
      ip: local ? 'unix:' : plainIp(socket.remoteAddress ?? ''),
      port: socket.remotePort ?? 0,
    },
    destination: { ip: plainIp(socket.localAddress ?? ''), port: socket.localPort ?? 0 },
  }
  if (!listener.proxyProtocol) {
    enter(listener, socket, { ...newcomer, proxied: undefined })
    return
  }
  let proxied: Address | undefined
  const look = (bytes: Uint8Array): number | 'more' => {
    const header = readProxyHeader(bytes)
    if (header === 'more') return 'more'
    // Whoever speaks without one is not the balancer in front of us.
    if (header === 'none') return refuse(socket)
    proxied = header.client
    return header.length
  }
  const next = (): void => enter(listener, socket, { ...newcomer, proxied })
  readStart(socket, { wheel: listener.wheel, timeout: listener.startTimeout, look, next })
}

function refuse(socket: Socket): number {
  socket.destroy()
  return 0
}

/** Its route is found by what it says first where TLS is spoken, else by its ends alone. */
function enter(listener: Listener, socket: Socket, newcomer: Newcomer): void {
  const { stream, shake, wheel, startTimeout: timeout } = listener
  if (shake === undefined) {
    const plan = stream({ ...newcomer, protocol: 'tcp' })
    if (plan === undefined) socket.destroy()
    else void carry(listener, socket, plan)
    return
  }
  const next = (hello: ClientHello): void => {
    const plan = stream({ ...newcomer, protocol: 'tls', sni: hello.sni })
    if (plan === undefined) socket.destroy()
    else if (plan.passthrough) void carry(listener, socket, plan)
    else shake({ socket, plan, hello })
  }
  readHello(socket, { wheel, timeout, next })
}

function ignore(): void {}
