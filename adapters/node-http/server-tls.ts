import type { Socket } from 'node:net'
import {
  createSecureContext,
  createServer,
  type SecureContext,
  type SecureContextOptions,
  type Server,
  type TLSSocket,
} from 'node:tls'
import type { CertificateSource, ServerCertificate } from '../../src/ports/server.ts'
import { sniOf } from './server-client.ts'

/** Turns raw connections into TLS ones. */
export interface TlsGate {
  /** Shakes hands; the socket may bring bytes that were read already, put back. */
  pass(raw: Socket): void
}

/** How a gate shakes hands. */
export interface TlsGateOptions {
  readonly source: CertificateSource
  /** In the order of our liking. */
  readonly protocols: string[]
  /** Milliseconds a handshake may take. */
  readonly handshakeTimeout: number
  /** Whether a handshake goes on; all do unless said. */
  readonly admit?: CertificateSource['admit']
  readonly onSecure: (socket: TLSSocket) => void
}

/**
 * Asks the source at each handshake, so what it says now holds for the next connection. Bun's https
 * server asks nobody; its tls server does, and so do all when a connection is handed to them.
 */
export function createTlsGate(options: TlsGateOptions): TlsGate {
  const { source } = options
  let shown: ServerCertificate | undefined
  let server: Server | undefined

  return {
    pass(raw) {
      const fallback = source.certificateFor(undefined)
      if (fallback === undefined) {
        raw.destroy()
        return
      }
      // A server holds one certificate for clients that name no one; its own connections outlive it.
      if (server === undefined || fallback !== shown) server = serverFor(options, fallback)
      shown = fallback
      // Whoever leaves amid the handshake is gone; half-open, it would stay until its time is up.
      raw.allowHalfOpen = false
      server.emit('connection', raw)
    },
  }
}

function serverFor(options: TlsGateOptions, fallback: ServerCertificate): Server {
  const { source, protocols, handshakeTimeout, admit, onSecure } = options
  const server = createServer({
    ...credentialsOf(fallback),
    ALPNProtocols: protocols,
    handshakeTimeout,
    SNICallback(name, answer) {
      if (admit?.(name.toLowerCase()) === false) {
        answer(new Error('Refused by a plugin'))
        return
      }
      const found = source.certificateFor(name.toLowerCase()) ?? fallback
      // One that cannot be used, such as a reference nobody resolved, stands back.
      answer(null, contextOf(found) ?? contextOf(fallback))
    },
  })
  server.on('secureConnection', (socket) => {
    // Nobody is called back for clients that name no one; no request of theirs was read yet.
    if (sniOf(socket) === undefined && admit?.(undefined) === false) {
      socket.destroy()
      return
    }
    socket.allowHalfOpen = true
    onSecure(socket)
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}

const contexts = new WeakMap<ServerCertificate, SecureContext | null>()

const BEGIN = '-----BEGIN '

/** Parsed once for each certificate, and forgotten with it. */
function contextOf(certificate: ServerCertificate): SecureContext | undefined {
  let context = contexts.get(certificate)
  if (context === undefined) {
    context = makeContext(certificate)
    contexts.set(certificate, context)
  }
  return context ?? undefined
}

function makeContext(certificate: ServerCertificate): SecureContext | null {
  // Deno makes a context of anything, and fails at the handshake.
  if (!certificate.cert.includes(BEGIN) || !certificate.key.includes(BEGIN)) return null
  try {
    return createSecureContext(credentialsOf(certificate))
  } catch {
    return null
  }
}

/** With two pairs the client's algorithms choose. */
function credentialsOf(certificate: ServerCertificate): SecureContextOptions {
  const { cert, key, cert_alt, key_alt } = certificate
  if (typeof cert_alt !== 'string' || typeof key_alt !== 'string') return { cert, key }
  return { cert: [cert, cert_alt], key: [key, key_alt] }
}
