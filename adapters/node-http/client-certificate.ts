import type { Socket } from 'node:net'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { writePem } from '../../src/lib/pem.ts'
import type { ClientCertificate } from '../../src/ports/server.ts'

/** Bytes a client's certificates may have. Deno takes no more, OpenSSL and BoringSSL half as many again. */
const LONGEST_CHAIN = 64 * 1024

const shown = new WeakMap<Socket, ClientCertificate>()

/** Keeps what a client showed that was asked for a certificate; false where that is too long or broken. */
export function keepCertificate(socket: TLSSocket): boolean {
  try {
    const chain = chainOf(socket)
    if (chain.length === 0) return true
    if (chain.reduce((sum, { raw }) => sum + raw.length, 0) > LONGEST_CHAIN) return false
    // On Deno `raw` is no Buffer, whatever the type says.
    const pem = chain.map(({ raw }) => writePem('CERTIFICATE', raw)).join('')
    shown.set(socket, { chain: pem, error: errorOf(socket, chain) })
    return true
  } catch {
    // Deno looks into certificates no sooner than they are asked for.
    return false
  }
}

/** What a client showed; undefined for one that was not asked, or kept its own. */
export function certificateOf(socket: Socket): ClientCertificate | undefined {
  return shown.get(socket)
}

/** The client's first, then those it came with. */
function chainOf(socket: TLSSocket): DetailedPeerCertificate[] {
  const chain = new Set<DetailedPeerCertificate>()
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  // Where there is none an empty object stands for it; a root may be its own issuer.
  while (next?.raw !== undefined && !chain.has(next)) {
    chain.add(next)
    next = next.issuerCertificate
  }
  const all = Array.from(chain)
  // Bun trusts the public authorities when told to trust nobody, and adds theirs.
  return socket.authorized && all.length > 1 ? all.slice(0, -1) : all
}

/** OpenSSL's words, by the names that runtimes give them. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'],
  ['CERT_HAS_EXPIRED', 'certificate has expired'],
  ['CERT_NOT_YET_VALID', 'certificate is not yet valid'],
  ['CERT_SIGNATURE_FAILURE', 'certificate signature failure'],
  ['CERT_CHAIN_TOO_LONG', 'certificate chain too long'],
  ['PATH_LENGTH_EXCEEDED', 'path length constraint exceeded'],
  ['INVALID_CA', 'invalid CA certificate'],
  ['INVALID_PURPOSE', 'unsuitable certificate purpose'],
])

/** Why nobody vouches for it: as with Kong, nobody is trusted to. */
function errorOf(socket: TLSSocket, chain: readonly DetailedPeerCertificate[]): string {
  // Whatever the type says, it is a text, or null.
  const name = String(socket.authorizationError)
  // Deno says nothing more of most certificates, OpenSSL never this of one nobody is to vouch for.
  const untold = socket.authorized || name === 'UNABLE_TO_GET_ISSUER_CERT'
  const said = untold ? errorIn(chain) : name
  return WORDS.get(said) ?? 'unspecified certificate verification error'
}

/** OpenSSL goes down from the root and says what it found last. */
function errorIn(chain: readonly DetailedPeerCertificate[], now = Date.now()): string {
  const alone = chain.length === 1
  let said = alone ? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
  const last = chain.at(-1)
  if (JSON.stringify(last?.subject) === JSON.stringify(last?.issuer))
    said = alone ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN'
  for (const { valid_from, valid_to } of chain.toReversed()) {
    if (Date.parse(valid_from) > now) said = 'CERT_NOT_YET_VALID'
    if (Date.parse(valid_to) < now) said = 'CERT_HAS_EXPIRED'
  }
  return said
}
