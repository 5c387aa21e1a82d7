import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import type { ServerCertificate } from '../../src/ports/server.ts'

const contexts = new WeakMap<ServerCertificate, SecureContext | null>()

const BEGIN = '-----BEGIN '

/** Parsed once for each certificate, and forgotten with it; undefined for one that cannot be used. */
export function contextOf(certificate: ServerCertificate): SecureContext | undefined {
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

/**
 * With two pairs the client's algorithms choose. Kong trusts nobody to vouch for its clients; with
 * the runtime's authorities, those would be added to a client's chain as well.
 */
export function credentialsOf(certificate: ServerCertificate): SecureContextOptions {
  const { cert, key, cert_alt, key_alt } = certificate
  if (typeof cert_alt !== 'string' || typeof key_alt !== 'string') return { cert, key, ca: [] }
  return { cert: [cert, cert_alt], key: [key, key_alt], ca: [] }
}
