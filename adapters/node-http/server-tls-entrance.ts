import type { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { CertificateSource, ServerCertificate } from '../../src/ports/server.ts'
import { keepCertificate } from './client-certificate.ts'
import { createHelloNames, type HelloNames, sniOf } from './server-names.ts'
import { contextOf, credentialsOf } from './server-tls-context.ts'

/** What all entrances of a listener have in common. */
export interface EntranceOptions {
  readonly source: CertificateSource
  readonly protocols: string[]
  readonly handshakeTimeout: number
  readonly onSecure: (socket: TLSSocket) => void
}

/** What one has of its own. */
export interface EntranceKind {
  /** Clients are asked for certificates; a runtime's server asks all or none. */
  readonly asks: boolean
  /** Clients were let in by the names they gave. */
  readonly watched: boolean
}

/** Shakes hands with a client that came by that name; undefined where it gave none. */
export type Entrance = (raw: Socket, name: string | undefined) => void

/**
 * Makes one. Bun's https server asks nobody which certificate to show; its tls server does, and so do
 * all when a connection is handed to them.
 */
export function createEntrance(options: EntranceOptions, kind: EntranceKind): Entrance {
  const present = kind.watched ? createPresent() : undefined
  const names = createHelloNames()
  // So that clients come back by their sessions after a change of the configuration, too.
  const ticketKeys = randomBytes(TICKET_KEYS)
  // Each has one certificate: Node adds what a callback finds to it, and shows the kind it likes best.
  const servers = new WeakMap<ServerCertificate, Server>()
  return (raw, name) => {
    const certificate = certificateOf(options.source, name)
    if (certificate === undefined) {
      raw.destroy()
      return
    }
    let server = servers.get(certificate)
    if (server === undefined) {
      server = serverFor(options, { asks: kind.asks, present, names, certificate, ticketKeys })
      servers.set(certificate, server)
    }
    present?.add(raw, name)
    names.add(raw, name)
    server.emit('connection', raw)
  }
}

/** What TLS wants. */
const TICKET_KEYS = 48

/** One that cannot be used, such as a reference nobody resolved, stands back. */
function certificateOf(
  source: CertificateSource,
  name: string | undefined,
): ServerCertificate | undefined {
  const fallback = source.certificateFor(undefined)
  if (name === undefined || fallback === undefined) return fallback
  const found = source.certificateFor(name)
  return found === undefined || contextOf(found) === undefined ? fallback : found
}

interface ServerParts {
  readonly asks: boolean
  readonly present: Present | undefined
  readonly names: HelloNames
  readonly certificate: ServerCertificate
  readonly ticketKeys: Buffer
}

function serverFor(options: EntranceOptions, parts: ServerParts): Server {
  const { protocols, handshakeTimeout, onSecure } = options
  const { asks, present, names, certificate, ticketKeys } = parts
  const server = createServer({
    ...credentialsOf(certificate),
    // Whose certificate is worth what is up to plugins.
    ...(asks ? { requestCert: true, rejectUnauthorized: false } : {}),
    ALPNProtocols: protocols,
    handshakeTimeout,
    ticketKeys,
  })
  server.on('secureConnection', (socket) => {
    names.settle(socket)
    if (present?.knows(socket) === false || (asks && !keepCertificate(socket))) {
      socket.destroy()
      return
    }
    socket.allowHalfOpen = true
    onSecure(socket)
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}

/** The names by which clients were let in that are there. */
interface Present {
  add(raw: Socket, name: string | undefined): void
  knows(socket: TLSSocket): boolean
}

/**
 * A client may be made to say its hello again (RFC 8446, 4.1.4), and OpenSSL believes the second one:
 * a name nobody was let in by is not who was asked about.
 */
function createPresent(): Present {
  const counts = new Map<string, number>()
  const count = (name: string, by: number): void => {
    const sum = (counts.get(name) ?? 0) + by
    if (sum === 0) counts.delete(name)
    else counts.set(name, sum)
  }
  return {
    add(raw, name) {
      if (name === undefined) return
      count(name, 1)
      raw.on('close', () => count(name, -1))
    },
    knows(socket) {
      const name = sniOf(socket)?.toLowerCase()
      return name === undefined || !READABLE.test(name) || counts.has(name)
    },
  }
}

/** What a hello's bytes are taken for a name. */
const READABLE = /^[\x21-\x7e]+$/
