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
import type { Outgoing, Phase, UpstreamTls } from '../../src/ports/transport.ts'

/** Opens the socket a request asks for; what became of it comes as events. */
export function openSocket(outgoing: Outgoing): Socket {
  // Half-open: a WebSocket's two directions end apart. Other connections are destroyed at an end.
  const address = { ...addressOf(outgoing.host, outgoing.port), allowHalfOpen: true }
  if (outgoing.scheme === 'http') return connectTcp(address)
  return connectTls({ ...address, ...tlsOptions(outgoing.tls ?? withoutTls(outgoing.host)) })
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

/** What tells connections apart that go to one address. */
export function poolKey(outgoing: Outgoing): string {
  const address = `${outgoing.host}:${outgoing.port}`
  if (outgoing.scheme === 'http') return address
  return `${address}|${outgoing.tls === undefined ? '' : identityOf(outgoing.tls)}`
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

function withoutTls(host: string): UpstreamTls {
  return { serverName: host, verify: false }
}

const identities = new WeakMap<UpstreamTls, string>()

function identityOf(tls: UpstreamTls): string {
  let identity = identities.get(tls)
  if (identity === undefined) {
    const { serverName, verify, verifyDepth, ca, cert, key } = tls
    identity = JSON.stringify([serverName, verify, verifyDepth, ca, cert, key])
    identities.set(tls, identity)
  }
  return identity
}

function tlsOptions(tls: UpstreamTls): ConnectionOptions {
  const { serverName, verify } = tls
  return {
    // SNI carries names only.
    servername: isIP(serverName) === 0 ? serverName : '',
    rejectUnauthorized: verify,
    ALPNProtocols: ['http/1.1'],
    // The name to check is the asked one, which need not be the address.
    checkServerIdentity: (_host, certificate) =>
      verify ? checkServerIdentity(serverName, certificate) : undefined,
    secureContext: contextOf(tls),
    ...credentialsOf(tls),
  }
}

function credentialsOf({ ca, cert, key }: UpstreamTls): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

const contexts = new WeakMap<UpstreamTls, SecureContext>()

/** Certificates are parsed once for each identity object, not at each connection. */
function contextOf(tls: UpstreamTls): SecureContext {
  let context = contexts.get(tls)
  if (context === undefined) {
    context = createSecureContext(credentialsOf(tls))
    contexts.set(tls, context)
  }
  return context
}
