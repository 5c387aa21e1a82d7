import { writePem } from './pem.ts'
import { readPrivateKey } from './private-key.ts'

/** What a key is made as. */
export type SigningKeyKind =
  | { readonly kind: 'EC' }
  | { readonly kind: 'RSA'; readonly bits: number }

/** A key pair that signs: ECDSA over P-256, or RSA, each with SHA-256. */
export interface SigningKey {
  readonly kind: 'EC' | 'RSA'
  /** The private key as PKCS #8 in PEM form. */
  readonly pem: string
  /** The public key alone. */
  readonly jwk: Readonly<Record<string, string>>
  readonly spki: Uint8Array
  /** As JSON Web Signatures have it: for EC two numbers side by side. */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const EXPONENT = Uint8Array.of(1, 0, 1)

/** The curve P-256, by its identifier in hexadecimal. */
const P256 = '06082a8648ce3d030107'

/** Makes a new one. */
export async function makeSigningKey(kind: SigningKeyKind): Promise<SigningKey> {
  const pair =
    kind.kind === 'EC'
      ? await crypto.subtle.generateKey(EC, true, ['sign', 'verify'])
      : await crypto.subtle.generateKey(
          { ...RSA, modulusLength: kind.bits, publicExponent: EXPONENT },
          true,
          ['sign', 'verify'],
        )
  return signingKey(kind.kind, pair.privateKey)
}

/** Reads one; undefined for a text without such a key. */
export async function readSigningKey(pem: string): Promise<SigningKey | undefined> {
  const read = readPrivateKey(pem)
  if ('error' in read) return undefined
  const { kind, parameters } = read
  if (kind !== 'RSA' && (kind !== 'EC' || parameters !== P256)) return undefined
  try {
    const bytes = Uint8Array.from(read.pkcs8)
    const algorithm = kind === 'EC' ? EC : RSA
    return await signingKey(
      kind,
      await crypto.subtle.importKey('pkcs8', bytes, algorithm, true, ['sign']),
    )
  } catch {
    return undefined
  }
}

/** Reads one of a JSON Web Key; undefined for a text that is none, or has a public key alone. */
export async function readSigningJwk(text: string): Promise<SigningKey | undefined> {
  try {
    const { kty, crv, d, ...open }: JsonWebKey = JSON.parse(text)
    const kind = kty === 'RSA' || (kty === 'EC' && crv === 'P-256') ? kty : undefined
    if (kind === undefined || d === undefined) return undefined
    // What else is written, such as `use`, restricts it to what is not asked here.
    const { e, n, x, y, p, q, dp, dq, qi } = open
    const members = { kty, crv, d, e, n, x, y, p, q, dp, dq, qi }
    const known = Object.entries(members).filter(([, value]) => value !== undefined)
    const algorithm = kind === 'EC' ? EC : RSA
    const jwk: JsonWebKey = Object.fromEntries(known)
    return await signingKey(
      kind,
      await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['sign']),
    )
  } catch {
    return undefined
  }
}

async function signingKey(kind: 'EC' | 'RSA', secret: CryptoKey): Promise<SigningKey> {
  const algorithm = kind === 'EC' ? EC : RSA
  const jwk = publicHalf(await crypto.subtle.exportKey('jwk', secret))
  const open = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify'])
  const [pkcs8, spki] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', secret),
    crypto.subtle.exportKey('spki', open),
  ])
  return {
    kind,
    pem: writePem('PRIVATE KEY', new Uint8Array(pkcs8)),
    jwk,
    spki: new Uint8Array(spki),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(algorithm, secret, bytes)),
  }
}

/** The members that make the key, in the order that its thumbprint wants them. */
function publicHalf({ crv, e, kty, n, x, y }: JsonWebKey): Record<string, string> {
  const members = Object.entries({ crv, e, kty, n, x, y })
  return Object.fromEntries(
    members.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
