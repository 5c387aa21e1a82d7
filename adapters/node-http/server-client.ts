import type { Socket } from 'node:net'
import type { Exchange } from './server-exchange.ts'
import type { TimerWheel } from './timer-wheel.ts'

/** How long a client may keep an answer waiting, in milliseconds. */
export interface ClientBounds {
  readonly wheel: TimerWheel
  readonly sendTimeout: number
}

/** A client's connection, and the requests of it that are not answered yet. */
export class Client {
  readonly socket: Socket
  readonly bounds: ClientBounds
  readonly ip: string
  readonly port: number
  readonly localPort: number
  readonly scheme: 'http' | 'https'
  readonly sni: string | undefined
  /** No further request is taken after the running one. */
  closing = false
  /** A request of its was refused for its head; nothing after it is read as one. */
  refused = false
  readonly exchanges: Exchange[] = []

  constructor(socket: Socket, listeningPort: number, bounds: ClientBounds) {
    this.socket = socket
    this.bounds = bounds
    // A socket that is gone already knows none of these.
    this.ip = plainIp(socket.remoteAddress ?? '')
    this.port = socket.remotePort ?? 0
    this.localPort = socket.localPort ?? listeningPort
    const encrypted = 'encrypted' in socket && socket.encrypted === true
    this.scheme = encrypted ? 'https' : 'http'
    this.sni = encrypted ? sniOf(socket) : undefined
    socket.on('close', () => this.#left())
  }

  get idle(): boolean {
    return this.exchanges.length === 0
  }

  /** Ends the connection after this answer: nobody can be sure where its next request begins. */
  refuse(): void {
    this.refused = true
    this.closing = true
  }

  add(exchange: Exchange): void {
    this.exchanges.push(exchange)
  }

  remove(exchange: Exchange): void {
    const at = this.exchanges.indexOf(exchange)
    if (at !== -1) this.exchanges.splice(at, 1)
  }

  #left(): void {
    for (const exchange of this.exchanges.splice(0)) exchange.depart()
  }
}

/** A dual-stack listener sees IPv4 clients as mapped addresses; rules are written for plain ones. */
function plainIp(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

function sniOf(socket: Socket): string | undefined {
  const name = 'servername' in socket ? socket.servername : undefined
  return typeof name === 'string' && name !== '' ? name : undefined
}
