import { readSequence } from '../lib/der.ts'
import { derivePublicKey } from '../lib/derive-public-key.ts'
import { type PemBlock, readPem } from '../lib/pem.ts'
import { mayOwn, type PrivateKey, readPrivateKey } from '../lib/private-key.ts'
import { isSameKey, type PublicKey, readPublicKey, readRsa } from '../lib/public-key.ts'
import type { Input } from '../schema/entity.ts'
import { isReference } from '../schema/reference.ts'

const NO_PUBLIC_KEY = 'could not load public key'
const NO_PRIVATE_KEY = 'could not load private key'
const MISMATCH = 'public key does not match private key'

/** Why PEM texts are no keys, or not of one pair, as far as can be told at once. */
export function checkPem(pem: Input): string | undefined {
  const halves = halvesOf(pem)
  if (typeof halves === 'string') return halves
  const { open, secret } = halves
  if (open === undefined || secret === undefined) return undefined
  return mayOwn(secret, open) ? undefined : MISMATCH
}

/** The same with the public half computed where it is not written. */
export async function tryPem(pem: Input): Promise<string | undefined> {
  const halves = halvesOf(pem)
  if (typeof halves === 'string') return halves
  const { open, secret } = halves
  if (secret === undefined) return undefined

  const own = await derivePublicKey(secret)
  if (own === undefined) return NO_PRIVATE_KEY
  return open === undefined || isSameKey(open, own) ? undefined : MISMATCH
}

interface Halves {
  readonly open?: PublicKey
  readonly secret?: PrivateKey
}

/** The keys that were sent; text tells why one cannot be read. Nothing is known of what is in a vault. */
function halvesOf({ public_key, private_key }: Input): Halves | string {
  if (isReference(public_key) || isReference(private_key)) return {}
  const open = typeof public_key === 'string' ? readOpen(public_key) : {}
  if (open === undefined) return NO_PUBLIC_KEY
  if (typeof private_key !== 'string') return open

  const secret = readPrivateKey(private_key)
  return 'error' in secret ? NO_PRIVATE_KEY : { ...open, secret }
}

function readOpen(text: string): { open: PublicKey } | undefined {
  const block = readPem(text).find(({ label }) => /^(?:RSA )?PUBLIC KEY$/.test(label))
  const open = block && readBlock(block)
  return open && { open }
}

/** OpenSSL reads PKCS #1 under its own label alone, and under that one the common form, too. */
function readBlock({ label, content }: PemBlock): PublicKey | undefined {
  const open = readPublicKey(content)
  return open ?? (label === 'PUBLIC KEY' ? undefined : readRsa('RSA', readSequence(content)))
}
