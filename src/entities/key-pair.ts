import { derivePublicKey } from '../lib/derive-public-key.ts'
import { mayOwn, type PrivateKey, readPrivateKey } from '../lib/private-key.ts'
import { isSameKey, type PublicKey } from '../lib/public-key.ts'
import { readCertificate } from '../lib/x509.ts'
import type { Input } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { isReference } from '../schema/reference.ts'

/** The two fields that hold a certificate and its key, and what Kong says when they do not match. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
  readonly mismatch: string
}

/** Kong hands on what OpenSSL says last, which is the same of all that it cannot read. */
const UNREADABLE =
  'invalid certificate: x509.new: error:688010A:asn1 encoding routines:asn1_item_embed_d2i:' +
  'nested asn1 error:asn1/tasn_dec.c:349:'

/** Why a text is no certificate. */
export function checkCertificate(pem: string): string | undefined {
  return 'error' in readCertificate(pem) ? UNREADABLE : undefined
}

/** Why a text is no private key. */
export function checkPrivateKey(pem: string): string | undefined {
  const key = readPrivateKey(pem)
  return 'error' in key ? `invalid key: ${key.error}` : undefined
}

/** Why two certificates may not stand beside each other: a client could not choose. */
export function checkDifferentKinds(cert: unknown, other: unknown): string | undefined {
  const kind = publicKeyOf(cert)?.kind
  if (kind === undefined || kind !== publicKeyOf(other)?.kind) return undefined
  return (
    'certificate and alternative certificate need to have different type (e.g. RSA and ECDSA), ' +
    'the provided certificates were both of the same type'
  )
}

/** Why a key is not its certificate's, as far as the public half stands beside the private one. */
export function checkKeyPair(pair: KeyPair, row: Input): string | undefined {
  const halves = halvesOf(pair, row)
  return halves === undefined || mayOwn(halves.secret, halves.open) ? undefined : pair.mismatch
}

/** The same for every pair, the public half computed where it has to be; rejects with code 2. */
export async function provePairs(pairs: readonly KeyPair[], row: Input): Promise<void> {
  for (const pair of pairs) {
    const halves = halvesOf(pair, row)
    if (halves === undefined) continue
    const own = await derivePublicKey(halves.secret)
    if (own === undefined) {
      throw entityErrors.schemaViolation({
        [pair.key]: 'invalid key: its public key cannot be computed on this runtime',
      })
    }
    if (!isSameKey(halves.open, own)) {
      throw entityErrors.schemaViolation({ '@entity': [pair.mismatch] })
    }
  }
}

/** Undefined when either is not there, is wrong in itself, or is in a vault. */
function halvesOf(
  { cert, key }: KeyPair,
  row: Input,
): { open: PublicKey; secret: PrivateKey } | undefined {
  const open = publicKeyOf(row[cert])
  const pem = row[key]
  if (open === undefined || typeof pem !== 'string' || isReference(pem)) return undefined
  const secret = readPrivateKey(pem)
  return 'error' in secret ? undefined : { open, secret }
}

function publicKeyOf(pem: unknown): PublicKey | undefined {
  if (typeof pem !== 'string' || isReference(pem)) return undefined
  const certificate = readCertificate(pem)
  return 'error' in certificate ? undefined : certificate.publicKey
}
