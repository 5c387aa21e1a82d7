import { createHash } from 'node:crypto'
import {
  connect as connectTcp,
  isIP,
  type LookupFunction,
  type Socket,
  type TcpNetConnectOpts,
} from 'node:net'
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import type {
  ClientCertificate,
  HttpProxy,
  Outgoing,
  Phase,
  UpstreamTls,
} from '../../src/ports/transport.ts'

/** Opens the socket a request asks for; what became of it comes as events. */
export function openSocket(outgoing: Outgoing): Socket {
  // Half-open: a WebSocket's two directions end apart. Other connections are destroyed at an end.
  const allowHalfOpen = outgoing.http2 !== true
  const address = { ...addressOf(outgoing.host, outgoing.port), allowHalfOpen }
  if (outgoing.scheme === 'http') return connectTcp(address)
  const protocol = outgoing.http2 === true ? 'h2' : 'http/1.1'
  return connectTls({ ...address, ...tlsOptions(tlsOf(outgoing), protocol) })
}

/** Opens a socket that may be half-open, for bytes of no protocol we know. */
export function openRaw({ host, port, tls }: RawPlace): Socket {
  const address = { ...addressOf(host, port), allowHalfOpen: true }
  return tls === undefined ? connectTcp(address) : connectTls({ ...address, ...tlsOptions(tls) })
}

/** Begins TLS on a socket that stands, as STARTTLS asks. */
export function openTlsOver(socket: Socket, tls: UpstreamTls): TLSSocket {
  return connectTls({ ...tlsOptions(tls), socket })
}

/** Begins the TLS of a request on a socket that stands: a tunnel to where the request goes. */
export function openTlsIn(socket: Socket, outgoing: Outgoing): TLSSocket {
  return connectTls({ ...tlsOptions(tlsOf(outgoing), 'http/1.1'), socket })
}

interface RawPlace {
  readonly host: string
  readonly port: number
  readonly tls: UpstreamTls | undefined
}

/** Where to connect to: a name's addresses are tried one after the other. */
export function addressOf(host: string, port: number): TcpNetConnectOpts {
  const isName = isIP(host) === 0
  return {
    host,
    port,
    noDelay: true,
    keepAlive: true,
    autoSelectFamily: isName,
    // RFC 6761: this one is the loopback, both of it, whatever a hosts file says.
    ...(host === 'localhost' ? { lookup: lookupLocalhost } : {}),
  }
}

const lookupLocalhost: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, LOOPBACK)
  else callback(null, '127.0.0.1', 4)
}

const LOOPBACK = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** What tells connections apart that go to one address: Kong's pools go by the same. */
export function poolKey(outgoing: Outgoing): string {
  const { host, port, proxy } = outgoing
  const address = proxy === undefined ? `${host}:${port}` : `${host}:${port}|${wayBy(proxy)}`
  const protocol = outgoing.http2 === true ? '|h2' : ''
  if (outgoing.scheme === 'http') return address + protocol
  const { serverName, verify, verifyDepth, ca, clientCertificate } = tlsOf(outgoing)
  const trust = `${verify ? 1 : 0}|${verifyDepth ?? ''}|${ca === undefined ? '' : identityOf(ca)}`
  const own = clientCertificate === undefined ? '' : identityOf(clientCertificate)
  return `${address}|${serverName}|${trust}|${own}${protocol}`
}

function wayBy({ host, port, authorization = '' }: HttpProxy): string {
  return `by ${host}:${port} ${authorization}`
}

/** The phase an error belongs to that came before the connection stood. */
export function connectPhase(code: string, connected: boolean): Phase {
  if (connected) return 'tls'
  return code === 'ENOTFOUND' || code.startsWith('EAI_') || code.startsWith('EDNS')
    ? 'dns'
    : 'connect'
}

/** Whether the certificates between leaf and root are more than allowed; OpenSSL counts so too. */
export function isChainTooLong(socket: Socket, tls: UpstreamTls | undefined): boolean {
  if (tls?.verify !== true || tls.verifyDepth === undefined) return false
  // Proof: only sockets of https requests, made by connectTls, are asked.
  let certificate = (socket as TLSSocket).getPeerCertificate(true)
  let above = 0
  while (certificate.issuerCertificate && certificate.issuerCertificate !== certificate) {
    if (certificate.issuerCertificate.fingerprint256 === certificate.fingerprint256) break
    certificate = certificate.issuerCertificate
    above++
  }
  return above - 1 > tls.verifyDepth
}

function tlsOf({ tls, host }: Outgoing): UpstreamTls {
  return tls ?? { serverName: host, verify: false }
}

const identities = new WeakMap<readonly string[] | ClientCertificate, string>()

/** Made of the texts: a certificate that changes keeps its id. */
function identityOf(what: readonly string[] | ClientCertificate): string {
  let identity = identities.get(what)
  if (identity === undefined) {
    const text = 'cert' in what ? [what.id, what.cert, what.key] : what
    identity = createHash('sha256').update(JSON.stringify(text)).digest('base64')
    identities.set(what, identity)
  }
  return identity
}

/** `protocol` is what ALPN offers, if anything. */
function tlsOptions(tls: UpstreamTls, protocol?: string): ConnectionOptions {
  const { serverName, verify } = tls
  return {
    // SNI carries names only.
    servername: isIP(serverName) === 0 ? serverName : '',
    rejectUnauthorized: verify,
    ...(protocol === undefined ? {} : { ALPNProtocols: [protocol] }),
    // The name to check is the asked one, which need not be the address.
    checkServerIdentity: (_host, certificate) =>
      verify ? checkServerIdentity(serverName, certificate) : undefined,
    secureContext: contextOf(tls),
    ...credentialsOf(tls),
  }
}

function credentialsOf({ ca, clientCertificate }: UpstreamTls): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(clientCertificate === undefined
      ? {}
      : { cert: clientCertificate.cert, key: clientCertificate.key }),
  }
}

const contexts = new Map<string, SecureContext>()
const MOST_CONTEXTS = 256

/** Certificates are parsed once, not at each connection. */
function contextOf(tls: UpstreamTls): SecureContext {
  const { ca, clientCertificate } = tls
  const trusted = ca === undefined ? '' : identityOf(ca)
  const key = `${trusted}|${clientCertificate === undefined ? '' : identityOf(clientCertificate)}`
  let context = contexts.get(key)
  if (context === undefined) {
    context = createSecureContext(credentialsOf(tls))
    const [oldest] = contexts.keys()
    if (contexts.size >= MOST_CONTEXTS && oldest !== undefined) contexts.delete(oldest)
    contexts.set(key, context)
  }
  return context
}
