import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Address, ClientTls } from '../../src/ports/server.ts'
import { certificateOf } from './client-certificate.ts'
import type { Exchange } from './server-exchange.ts'
import { peerOf, sniOf } from './server-names.ts'
import type { TimerWheel } from './timer-wheel.ts'

/** What a listener's clients share. */
export interface ClientShare {
  readonly wheel: TimerWheel
  /** Milliseconds a client may keep an answer waiting. */
  readonly sendTimeout: number
  /** The listener's port. */
  readonly port: number
  /** It listens in the file system, where clients have no address; nginx calls them so. */
  readonly local: boolean
  /** What was told of clients in front of their connections, by the peer. */
  readonly proxied: ReadonlyMap<string, Address>
}

/** A client's connection, and the requests of it that are not answered yet. */
export class Client {
  readonly socket: Socket
  readonly share: ClientShare
  readonly ip: string
  readonly port: number
  /** Our end's address, where connections have one. */
  readonly localIp: string | undefined
  readonly localPort: number
  readonly scheme: 'http' | 'https'
  readonly sni: string | undefined
  readonly tls: ClientTls | undefined
  readonly proxied: Address | undefined
  /** No further request is taken after the running one. */
  closing = false
  /** A part of a request's head has come. */
  begun = false
  /** Its socket serves a tunnel now. */
  taken = false
  readonly exchanges: Exchange[] = []

  constructor(socket: Socket, share: ClientShare) {
    this.socket = socket
    this.share = share
    // A socket that is gone already knows none of these, nor does one in the file system.
    this.ip = share.local ? 'unix:' : plainIp(socket.remoteAddress ?? '')
    this.port = socket.remotePort ?? 0
    this.localIp = share.local ? undefined : ownIp(socket)
    this.localPort = socket.localPort ?? share.port
    this.proxied = share.proxied.size === 0 ? undefined : share.proxied.get(peerOf(socket))
    const encrypted = 'encrypted' in socket && socket.encrypted === true
    this.scheme = encrypted ? 'https' : 'http'
    this.sni = encrypted ? sniOf(socket) : undefined
    // Once a connection: behind its end the socket does not know any more.
    this.tls = socket instanceof TLSSocket ? tlsOf(socket) : undefined
    socket.on('close', () => this.#left())
  }

  get idle(): boolean {
    return this.exchanges.length === 0
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
export function plainIp(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

function ownIp({ localAddress }: Socket): string | undefined {
  return localAddress === undefined ? undefined : plainIp(localAddress)
}

function tlsOf(socket: TLSSocket): ClientTls | undefined {
  try {
    const version = socket.getProtocol()
    const cipher = socket.getCipher()?.name
    if (version === null || cipher === undefined) return undefined
    return { version, cipher, certificate: certificateOf(socket) }
  } catch {
    // Not every runtime tells.
    return undefined
  }
}
