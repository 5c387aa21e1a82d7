import { bytesOfBits, contentOf, type DerValue, readSequence, TAG } from './der.ts'
import { toHex } from './hex.ts'

/** A public key, to be told from others. */
export interface PublicKey {
  /** Its algorithm: `RSA`, `EC`, `Ed25519`; the object identifier in hexadecimal for rare ones. */
  readonly kind: string
  /** The same for the same key, however it was written. */
  readonly value: string
}

/** Algorithms by their object identifier, in hexadecimal. */
const KINDS: Readonly<Record<string, string>> = {
  '2a864886f70d010101': 'RSA',
  '2a864886f70d01010a': 'RSA-PSS',
  '2a8648ce3d0201': 'EC',
  '2a8648ce380401': 'DSA',
  '2b656e': 'X25519',
  '2b656f': 'X448',
  '2b6570': 'Ed25519',
  '2b6571': 'Ed448',
}

/** The algorithm of a key, and for elliptic curves which one. */
export interface KeyAlgorithm {
  readonly kind: string
  /** As written, in hexadecimal; empty when there are no parameters. */
  readonly parameters: string
}

/** Reads a `SubjectPublicKeyInfo`. */
export function readPublicKey(bytes: Uint8Array | undefined): PublicKey | undefined {
  const [named, bits, ...rest] = readSequence(bytes) ?? []
  const algorithm = readAlgorithm(named)
  const key = bytesOfBits(bits)
  if (algorithm === undefined || key === undefined || rest.length > 0) return undefined
  return publicKeyOf(algorithm, key)
}

/** Whether two are one key. */
export function isSameKey(a: PublicKey, b: PublicKey): boolean {
  return a.kind === b.kind && a.value === b.value
}

/** Reads an `AlgorithmIdentifier`. */
export function readAlgorithm(value: DerValue | undefined): KeyAlgorithm | undefined {
  const [oid, parameters] = readSequence(value?.whole) ?? []
  const content = contentOf(oid, TAG.oid)
  if (content === undefined) return undefined
  const hex = toHex(content)
  return { kind: KINDS[hex] ?? hex, parameters: parameters ? toHex(parameters.whole) : '' }
}

/** The key that such an algorithm has of the bytes of its bit string. */
export function publicKeyOf(
  { kind, parameters }: KeyAlgorithm,
  bytes: Uint8Array,
): PublicKey | undefined {
  if (kind === 'RSA' || kind === 'RSA-PSS') return readRsa(kind, readSequence(bytes))
  if (kind !== 'EC') return { kind, value: toHex(bytes) }
  const point = compressPoint(bytes)
  return point === undefined ? undefined : { kind, value: `${parameters}:${point}` }
}

/** The public part of an RSA key: the numbers n and e, in this order. */
export function readRsa(
  kind: string,
  numbers: readonly DerValue[] | undefined,
): PublicKey | undefined {
  const [n, e] = (numbers ?? []).map((number) => contentOf(number, TAG.integer))
  if (n === undefined || e === undefined) return undefined
  const value = `${withoutZeros(toHex(n))}:${withoutZeros(toHex(e))}`
  return value.startsWith(':') || value.endsWith(':') ? undefined : { kind, value }
}

/** A point by one coordinate and the parity of the other, which is all that tells points apart. */
function compressPoint(bytes: Uint8Array): string | undefined {
  const [form] = bytes
  if (form === 2 || form === 3) return toHex(bytes)
  if (form !== 4 || bytes.length % 2 === 0) return undefined
  const parity = ((bytes[bytes.length - 1] ?? 0) & 1) + 2
  return `0${parity}${toHex(bytes.subarray(1, (bytes.length + 1) / 2))}`
}

function withoutZeros(hex: string): string {
  return hex.replace(/^(?:00)+/, '')
}
