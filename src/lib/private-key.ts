import { bytesOfBits, contentOf, readSequence, readValues, TAG, writeValue } from './der.ts'
import { type PemBlock, readPem } from './pem.ts'
import {
  isSameKey,
  type KeyAlgorithm,
  type PublicKey,
  publicKeyOf,
  readAlgorithm,
  readRsa,
} from './public-key.ts'

/** A private key; what is secret of it stays in its PKCS #8 form. */
export interface PrivateKey extends KeyAlgorithm {
  /** Its public half, when it is written beside it. */
  readonly publicKey: PublicKey | undefined
  readonly pkcs8: Uint8Array
}

/** Why a text holds no private key that can be used. */
export interface NoPrivateKey {
  readonly error: string
}

const EC_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01)
const RSA_ALGORITHM = Uint8Array.of(0x30, 0x0d, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0)
const VERSION_0 = Uint8Array.of(2, 1, 0)

/** Optional members of a SEC 1 key, and of PKCS #8. */
const CURVE = 0xa0
const SEC1_PUBLIC = 0xa1
const PKCS8_PUBLIC = 0x81

const READERS: Readonly<Record<string, (bytes: Uint8Array) => PrivateKey | undefined>> = {
  'PRIVATE KEY': readPkcs8,
  'RSA PRIVATE KEY': readPkcs1,
  'EC PRIVATE KEY': readSec1,
}

/** Reads the first private key of a PEM text: PKCS #8, or the older forms of RSA and EC keys. */
export function readPrivateKey(pem: string): PrivateKey | NoPrivateKey {
  const block = readPem(pem).find(({ label }) => /(?:^| )PRIVATE KEY$/.test(label))
  if (block === undefined) return { error: 'no private key in PEM form found' }
  if (isEncrypted(block)) return { error: 'encrypted keys are not supported' }

  const read = READERS[block.label]
  if (read === undefined) return { error: `a key of the form '${block.label}' is not supported` }
  return read(block.content) ?? { error: 'the PEM block does not hold a private key' }
}

/** Whether a public key may be a private one's half; `derivePublicKey` tells where it is not written. */
export function mayOwn(secret: PrivateKey, open: PublicKey): boolean {
  return secret.publicKey === undefined
    ? secret.kind === open.kind
    : isSameKey(secret.publicKey, open)
}

function isEncrypted({ label, encrypted }: PemBlock): boolean {
  return encrypted || label === 'ENCRYPTED PRIVATE KEY'
}

function readPkcs8(bytes: Uint8Array): PrivateKey | undefined {
  const [version, named, secret, ...rest] = readSequence(bytes) ?? []
  const algorithm = readAlgorithm(named)
  const content = contentOf(secret, TAG.octetString)
  if (version?.tag !== TAG.integer || algorithm === undefined || content === undefined) {
    return undefined
  }

  const { kind } = algorithm
  if (kind === 'RSA' || kind === 'RSA-PSS') return rsaKey(kind, content, bytes)
  if (kind === 'EC') return ecKey(algorithm, content, bytes)
  const beside = contentOf(
    rest.find(({ tag }) => tag === PKCS8_PUBLIC),
    PKCS8_PUBLIC,
  )
  const publicKey = beside?.[0] === 0 ? publicKeyOf(algorithm, beside.subarray(1)) : undefined
  return { ...algorithm, publicKey, pkcs8: bytes }
}

function readPkcs1(bytes: Uint8Array): PrivateKey | undefined {
  const secret = writeValue(TAG.octetString, bytes)
  return rsaKey('RSA', bytes, writeValue(TAG.sequence, VERSION_0, RSA_ALGORITHM, secret))
}

function rsaKey(kind: string, bytes: Uint8Array, pkcs8: Uint8Array): PrivateKey | undefined {
  const numbers = readSequence(bytes)
  // Version, n, e, d, two primes, two exponents, coefficient.
  if (numbers === undefined || numbers.length < 9) return undefined
  const publicKey = readRsa(kind, numbers.slice(1))
  return publicKey && { kind, parameters: '', publicKey, pkcs8 }
}

function readSec1(bytes: Uint8Array): PrivateKey | undefined {
  const wrapped = readSequence(bytes)?.find(({ tag }) => tag === CURVE)
  const [curve] = (wrapped && readValues(wrapped.content)) ?? []
  if (curve === undefined) return undefined

  const algorithm = writeValue(TAG.sequence, writeValue(TAG.oid, EC_OID), curve.whole)
  const secret = writeValue(TAG.octetString, bytes)
  return readPkcs8(writeValue(TAG.sequence, VERSION_0, algorithm, secret))
}

function ecKey(
  algorithm: KeyAlgorithm,
  bytes: Uint8Array,
  pkcs8: Uint8Array,
): PrivateKey | undefined {
  const members = readSequence(bytes) ?? []
  if (members[1]?.tag !== TAG.octetString) return undefined
  const wrapped = members.find(({ tag }) => tag === SEC1_PUBLIC)
  const [bits] = (wrapped && readValues(wrapped.content)) ?? []
  const point = bytesOfBits(bits)
  const publicKey = point && publicKeyOf(algorithm, point)
  if (wrapped !== undefined && publicKey === undefined) return undefined
  return { ...algorithm, publicKey, pkcs8 }
}
